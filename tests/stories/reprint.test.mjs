// SPDX-License-Identifier: Apache-2.0
// A paper that was lost is printed again: the receipt and the licence with a mark round them, the slip with a code of its own.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const person = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
let centre;
let item;
let number;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    number = await (await new Program(centre.address).signIn('cun')).handIn(item, person);
});
after(() => centre.close());

const log = async () => (await (await new Program(centre.address).signIn('cha')).get('/desk/security?kind=document')).body.rows;
const words = { zh: { again: '重新打印', mark: '重印件：' }, en: { again: 'Print again', mark: '重印件：' } };

for (const [language, said] of Object.entries(words)) {
    test(`a receipt is printed again with a mark round it, and the original stays as it is, ${language}`, async () => {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open(`/desk/cases/${number}`);
        const [, original] = documentLinks(clerk)[0];
        const before = (await paperOf(clerk, original)).text, entries = (await log()).length;
        const link = clerk.page('#documents').parent().find('a').filter((_, a) => clerk.page(a).text() === said.again).first().attr('href');
        const print = await paperOf(clerk, link);
        assert.ok(print.text.includes(said.mark) && print.text.includes('重新打印'), print.text);
        assert.ok(print.text.replace(/\s/g, '').includes(number), 'and all that the paper has');
        assert.ok(print.verify, 'its code leads to its page');
        assert.ok(![before, (await paperOf(clerk, original)).text].some((text) => text.includes(said.mark)), 'what everybody else opens has no mark');
        assert.ok((await log()).length > entries, 'each print is in the security log');
        for (const account of ['shou13', 'pizhun', 'guan']) {
            const other = await new Browser(centre.address, language).signIn(account);
            await other.open(link);
            assert.equal(other.status, 403, `${account}: a receipt is its applicant's and his desk's`);
        }
        const visitor = await new Browser(centre.address, language).open(link);
        assert.notEqual(visitor.headers.get('content-type'), 'application/pdf');
    });

    test(`each slip printed again has a code of its own, which ends the one before it, ${language}`, async () => {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        const codes = [];
        for (let i = 0; i < 2; i++) {
            await clerk.open(`/desk/cases/${number}`);
            const before = (await log()).filter((one) => one.purpose === 'slip').length;
            await clerk.send('/new-slip');
            assert.equal(clerk.status, 200, clerk.text);
            codes.push(clerk.page('.slip dd.number').last().text());
            assert.equal((await log()).filter((one) => one.purpose === 'slip').length, before + 1);
        }
        assert.notEqual(codes[0], codes[1]);
        const holder = await new Browser(centre.address, language).open('/track');
        await holder.send('/track', { number, code: codes[0] });
        assert.notEqual(holder.path, `/track/${number}`);
        await holder.open('/track');
        await holder.send('/track', { number, code: codes[1] });
        assert.equal(holder.path, `/track/${number}`, holder.text);
    });
}

test('a licence is printed again from its page', async () => {
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', 'grant', { opinion: '同意' }],
        ['zhen', 'issue', {}]]) {
        const who = await new Program(centre.address).signIn(account);
        while ((await who.get(`/desk/cases/${number}`)).body.actions.some((offered) => offered.action === action)) await who.act(number, action, fields);
    }
    const issuer = await new Browser(centre.address, 'zh').signIn('zhen');
    await issuer.open(`/desk/cases/${number}`);
    const prints = issuer.page('#documents').parent().find('li').toArray().filter((li) => issuer.page(li).text().includes('许可') || issuer.page(li).text().includes('证'))
        .map((li) => issuer.page(li).find('a[href^="/desk/documents/"]').attr('href'));
    assert.ok(prints.length, issuer.text);
    const { text } = await paperOf(issuer, prints.at(-1));
    assert.ok(text.includes('重印件：') && !text.includes('复制件') && !text.includes(person.id_number), text);
});
