// SPDX-License-Identifier: Apache-2.0
// Originals stay with the village's desk against a receipt; the case is not closed before they are handed back.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, makeOwnCode, newCode } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const words = {
    zh: { begin: '收存原件', here: '还有原件没有返还', back: '已返还', receipt: '原件收存凭证', slip: '原件返还单' },
    en: { begin: 'Take originals into custody', here: 'Originals have not been handed back', back: 'Handed back', receipt: 'Receipt for originals', slip: 'Return slip for originals' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = async (account, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account)).open(path);

async function granted() {
    const number = await (await new Program(centre.address).signIn('cun')).handIn(item, applicant);
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', 'grant', { opinion: '同意' }],
        ['zhen', 'issue', {}], ['cun', 'deliver', {}]]) {
        const { status, body } = await (await new Program(centre.address).signIn(account)).act(number, action, fields);
        assert.ok(status < 300, `${action}: ${JSON.stringify(body)}`);
    }
    return number;
}

for (const language of ['zh', 'en'])
    test(`originals are kept against a receipt and handed back before the case is closed (${language})`, async () => {
        const said = words[language];
        const number = await granted();
        const clerk = await at('cun', `/desk/cases/${number}`, language);
        await clerk.follow(said.begin);
        assert.equal(clerk.heading, said.begin);
        await clerk.send(`/desk/custody/of/${number}`, { originals: '房屋所有权证\n租赁合同', pieces: '两件' });
        assert.equal(clerk.status, 422, clerk.text);
        await clerk.send(`/desk/custody/of/${number}`, { originals: '房屋所有权证\n租赁合同', pieces: 2 });
        assert.equal(clerk.status, 200, clerk.text);
        const custody = clerk.path.split('/').pop();
        const [, link] = documentLinks(clerk).find(([text]) => text === said.receipt) ?? assert.fail(clerk.text);
        const receipt = (await paperOf(clerk, link)).text.replace(/\s/g, '');
        for (const one of ['原件收存凭证', '房屋所有权证', '租赁合同', '张三示例', '便民服务点', '交件人签名']) assert.ok(receipt.includes(one), `${one}: ${receipt}`);

        await clerk.open(`/desk/cases/${number}`);
        await clerk.send('/close', {});
        assert.equal(clerk.status, 409);
        assert.ok(clerk.text.includes(said.here), clerk.text);
        await clerk.open('/desk/custody');
        assert.ok(clerk.html.includes(custody), 'the desk lists what it keeps');

        await clerk.open(`/desk/custody/${custody}`);
        await clerk.send('/hand-back', { receiver: '李四示例' });
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.text.includes(said.back), clerk.text);
        const [, back] = documentLinks(clerk).find(([text]) => text === said.slip) ?? assert.fail(clerk.text);
        const slip = (await paperOf(clerk, back)).text.replace(/\s/g, '');
        for (const one of ['原件返还单', '李四示例', '领取人签名']) assert.ok(slip.includes(one), `${one}: ${slip}`);
        await clerk.open(`/desk/cases/${number}`);
        await clerk.send('/close', {});
        assert.equal(clerk.status, 200, clerk.text);
    });

test('nobody else keeps, sees or hands back what a desk has', async () => {
    const number = await granted();
    const clerk = await new Program(centre.address).signIn('cun');
    const { status, body: { number: custody } } = await clerk.post(`/desk/custody/of/${number}`, { originals: '护照', pieces: 1 });
    assert.equal(status, 201);
    const other = await new Program(centre.address, 'zh').signIn('zhen102');
    assert.equal((await other.post(`/desk/custody/of/${number}`, { originals: '护照', pieces: 1 })).status, 403);
    assert.equal((await other.get(`/desk/custody/${custody}`)).status, 404);
    assert.equal((await other.post(`/desk/custody/${custody}/hand-back`, { seen: 1, receiver: '王示例' })).status, 403);
    for (const fields of [{ originals: 'x'.repeat(1001), pieces: 1 }, { originals: '房\u202e产证', pieces: 1 }, { originals: '护照', pieces: 0 }, { originals: '护照', pieces: 1, depositor: '\u202e张三' }, { originals: '护照' }])
        assert.equal((await clerk.post(`/desk/custody/of/${number}`, fields)).status, 422, JSON.stringify(fields).slice(0, 80));
    assert.equal((await clerk.post(`/desk/custody/${custody}/hand-back`, { seen: 1, receiver: '' })).status, 422);
    const twice = await clerk.post(`/desk/custody/${custody}/hand-back`, { seen: 1, receiver: '王示例' });
    assert.equal(twice.status, 201, JSON.stringify(twice.body));
    assert.equal((await clerk.post(`/desk/custody/${custody}/hand-back`, { seen: 2, receiver: '王示例' })).status, 409);
    const code = await newCode(centre, number);
    const holder = await new Browser(centre.address, 'zh').open('/track');
    await holder.send('/track', { number, code });
    await holder.follow('原件收存');
    assert.equal(holder.status, 200, holder.text);
    assert.ok(!holder.text.includes('护照'), 'a code that staff have seen shows no papers');
    await holder.open(`/track/${number}`);
    await makeOwnCode(centre, holder, number);
    await holder.follow('原件收存');
    assert.ok(holder.text.includes('护照') && !holder.text.includes('王示例'), holder.text);
});
