// SPDX-License-Identifier: Apache-2.0
// An application that is another organ's is transferred to it with its whole file; and one whose shop is sold goes on for the new owner.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, makeOwnCode, newCode, scan } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const owner = { party_kind: 'person', name: '李四接替', id_number: '33049919790202002X', telephone: '13900000000' };
const words = {
    zh: { letter: '移送函', there: '不得要求重复提交', needed: '请选择有权办理的另一机关', again: '不得再向申请人索要', taken: '变更申请人通知书', receipt: '收件回执', kept: '收存', ended: '变更申请人，此前的查询码作废' },
    en: { letter: 'Letter of transfer', there: 'must not be asked for again', needed: 'the item of the other authority', again: 'must not be asked of the applicant again', taken: 'Notice of a new applicant', receipt: 'Receipt', kept: 'custody', ended: 'former tracking code has ended' },
};

let centre;
let item;
let earlier; // transfers that the city has played
let other; // an item of another organ, for persons
before(async () => {
    centre = await Centre.open();
    earlier = transfers();
    item = centre.accounts.match(/try: (\S+)/)[1];
    other = item === 'MZJ-05' ? 'JTJ-01' : 'MZJ-05';
});
after(() => centre.close());

const transfers = () => Number(asked(centre.database, "SELECT COUNT(*) FROM event WHERE kind = 'case.transferred'"));
const at = (account, language) => new Browser(centre.address, language).signIn(account);
const paper = async (browser, language, title) => {
    const [, link] = documentLinks(browser).find(([text]) => text.includes(title)) ?? assert.fail(`no ${title}:\n${browser.text}`);
    const address = language === 'en' ? `${link.replace('/documents/', '/translations/').replace('.pdf', '')}/en` : link;
    return (await paperOf(browser, address)).text.replace(/\s+/g, language === 'en' ? ' ' : '');
};

// Taken in complete at the village, and passed on by the town.
async function handedIn() {
    const clerk = await new Program(centre.address).signIn('cun');
    const number = await clerk.handIn(item, applicant);
    await (await new Program(centre.address).signIn('zhen')).act(number, 'pass', { opinion: '已核对' });
    return { number, clerk };
}

for (const language of ['zh', 'en']) {
    const said = words[language];

    test(`transferred to the organ that has the power, ${language}`, async () => {
        const { number } = await handedIn();
        const reviewer = await at('shen', language);
        const { body: to } = await new Program(centre.address).get(`/items/${other}`);
        await reviewer.open(`/desk/cases/${number}`);
        await reviewer.follow(language === 'zh' ? '移送有权机关' : 'Transfer to the authority');
        await reviewer.send('/transfer', { to_item: item, basis: '《示例条例》第八条', reason: '属于他局职权' });
        assert.equal(reviewer.status, 422);
        assert.ok(reviewer.text.includes(said.needed), reviewer.text);
        await reviewer.send('/transfer', { to_item: other, basis: '《示例条例》第八条', reason: '属于他局职权' });
        assert.equal(reviewer.status, 200, reviewer.text);
        assert.equal(reviewer.path, '/desk');
        await reviewer.open(`/desk/cases/${number}`);
        assert.equal(reviewer.status, 403);
        const theirs = `shen${String(to.organ).padStart(2, '0')}`;
        const there = await at(theirs, language);
        await there.open(`/desk/cases/${number}`);
        assert.equal(there.status, 200, there.text);
        const letter = await paper(there, language, said.letter);
        assert.ok(letter.includes(said.there), letter);
        assert.ok(letter.replace(/\s/g, '').includes('《示例条例》第八条'), letter);
        const { body } = await (await new Program(centre.address).signIn(theirs)).get(`/desk/cases/${number}`);
        assert.equal(body.state, 'received');
        assert.equal(body.item.code, other);
        const held = body.materials.filter((one) => one.required && !one.lacking).map((one) => one.name);
        if (held.length) {
            const refused = await (await new Program(centre.address).signIn(theirs)).act(number, 'correct', { materials: body.materials.filter((one) => one.required).map((one) => one.name), reason: '再交一次' });
            assert.equal(refused.status, 422, JSON.stringify(refused.body));
            assert.equal(refused.body.reason, 'cases.is_there_already');
        }
        const code = await newCode(centre, number);
        const holder = await new Browser(centre.address, language).open('/track');
        await holder.send('/track', { number, code });
        assert.ok(holder.text.includes(said.letter), holder.text);
    });

    test(`another applicant takes it over, ${language}`, async () => {
        const { number, clerk } = await handedIn();
        const { body: { number: custody } } = await clerk.post(`/desk/custody/of/${number}`, { originals: '房屋所有权证', pieces: 1 });
        const code = await newCode(centre, number);
        const former = await new Browser(centre.address, language).open('/track');
        await former.send('/track', { number, code });
        assert.equal(former.path, `/track/${number}`);
        const reviewer = await at('shen', language);
        await reviewer.open(`/desk/cases/${number}`);
        await reviewer.follow(language === 'zh' ? '变更申请人' : 'Change the applicant');
        await reviewer.send('/change-applicant', { ...owner, reason: '店面转让' });
        assert.equal(reviewer.status, 422, 'without proof');
        await reviewer.send('/change-applicant', { ...owner, reason: '店面转让' }, [['papers', 'contract.pdf', scan(`${number} contract`), 'application/pdf']]);
        assert.equal(reviewer.status, 200, reviewer.text);
        assert.ok(reviewer.text.includes(said.ended), reviewer.text);
        assert.ok((await paper(reviewer, language, said.taken)).includes('李四接替'));
        await former.open(`/track/${number}`);
        assert.notEqual(former.path, `/track/${number}`, 'the former applicant is out');
        await former.open('/track');
        await former.send('/track', { number, code });
        assert.notEqual(former.path, `/track/${number}`, 'and stays out');
        const next = await new Browser(centre.address, language).open('/track');
        await next.send('/track', { number, code: await newCode(centre, number) });
        assert.equal(next.path, `/track/${number}`, next.text);
        await makeOwnCode(centre, next, number);
        const titles = documentLinks(next).map(([text]) => text);
        assert.ok(titles.includes(said.taken) && !titles.includes(said.receipt), titles.join());
        await next.open(`/custody/${custody}`);
        assert.ok(next.text.includes('房屋所有权证') && next.text.includes(said.kept) && !next.text.includes('张'), next.text);
        assert.deepEqual(documentLinks(next), [], 'the receipt names the former applicant');
        const { body: { documents: [receipt] } } = await clerk.get(`/desk/cases/${number}`);
        assert.equal((await next.ask(`/documents/${receipt.code}`)).status, 403, 'and so does that of the case');
        assert.ok(documentLinks(await (await at('cun', language)).open(`/desk/custody/${custody}`)).length, 'the desk has it');
    });
}

test('both are sound', () => assert.equal(transfers() - earlier, 2));
