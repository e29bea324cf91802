// SPDX-License-Identifier: Apache-2.0
// The demands of the law on acts (docs/law.md): an application that nobody answers, one that is corrected badly, one that is incomplete,
// and one whose reviewer would decide it; in both languages.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const words = {
    zh: { silent: '视为受理', complete: '材料齐全', lapsed: '视为撤回', lacking: '还缺', by: '逾期没有补齐的，视为撤回申请', unfit: '仍不齐全或者不符合法定形式', organ: '请向其申请', seen: '已看到纸质材料', four: '一审一核' },
    en: { silent: 'accepted by law', complete: 'is complete', lapsed: 'withdrawal by law', lacking: 'Still missing', by: 'Otherwise the application counts as withdrawn', unfit: 'still not complete or not in the legal form', organ: 'organ in charge is', seen: 'Seen on paper', four: 'somebody else decides it' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = (account, language) => new Browser(centre.address, language).signIn(account);
const numberOf = (event) => asked(centre.database, `SELECT MIN(subject) FROM event WHERE kind = '${event}'`).trim().split('/')[1];
const materialsOf = (browser) => [...new Set(browser.page('select[name=material] option').toArray().map((one) => browser.page(one).attr('value')))];
const necessary = async (number, name = 'name') => (await (await new Program(centre.address).signIn('shen')).get(`/desk/cases/${number}`)).body.materials.filter((one) => one.required).map((one) => one[name]);

// The last paper on the page, in the page's language.
async function lastPaper(browser, language) {
    const [, link] = documentLinks(browser).at(-1) ?? assert.fail(`no paper:\n${browser.text}`);
    return (await paperOf(browser, language === 'en' ? `${link.replace('/documents/', '/translations/').replace('.pdf', '')}/en` : link)).text.replace(/\s+/g, language === 'en' ? ' ' : '');
}

// A small centre, where one person has both posts.
async function makeApprover(account) {
    const [number, organ] = asked(centre.database, `SELECT m.number, d.organ FROM member m JOIN duty d ON d.county = m.county AND d.account = m.account WHERE m.account = '${account}'`).trim().split('\n')[0].split('|');
    const keeper = await new Program(centre.address).signIn('quan');
    const { seen } = (await keeper.get(`/desk/people/${number}`)).body;
    const { status, body } = await keeper.post(`/desk/people/${number}/appoint`, { seen, organ: Number(organ), division: '330482000000', role: 'approver', from: new Date().toISOString().slice(0, 10) });
    assert.equal(status, 201, JSON.stringify(body));
}

// Taken in at the village with these papers on paper, and passed on by the town.
async function handedIn(language, papers) {
    const clerk = await at('cun', language);
    await clerk.open(`/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, applicant);
    const number = clerk.path.split('/').pop();
    await clerk.send('/submit', { materials: papers(materialsOf(clerk)) });
    assert.equal(clerk.status, 200, clerk.text);
    const town = await at('zhen', language);
    await town.open(`/desk/cases/${number}`);
    await town.send('/pass', { opinion: '已核对' });
    return { number, clerk };
}

for (const language of ['zh', 'en']) {
    const said = words[language];

    test(`an application that is silent is accepted by law from the day of receipt, ${language}`, async () => {
        const number = numberOf('case.deemed_accepted');
        const watcher = await at('jian', language);
        await watcher.open(`/desk/cases/${number}`);
        const { body } = await (await new Program(centre.address).signIn('jian')).get(`/desk/cases/${number}`);
        const deemed = body.documents.find((one) => one.document_kind === 'deemed') ?? assert.fail(JSON.stringify(body.documents));
        const { text } = await paperOf(watcher, language === 'en' ? `/translations/${deemed.code}/en` : `/documents/${deemed.code}`);
        assert.match(text.replace(/\s+/g, ' '), language === 'zh' ? /视为受理告知书/ : /acceptance by law/i);
        assert.ok(!text.replace(/\s+/g, language === 'zh' ? '' : ' ').includes(said.complete), text);
        const [accepted, received] = asked(centre.database, `SELECT accepted_on, marks FROM case_now WHERE number = ${number}`).trim().split('|');
        assert.equal(new Date(Number(accepted) * 86_400_000).toISOString().slice(0, 10), received.split(',')[1], 'accepted on the day of receipt');
    });

    test(`who never corrected has withdrawn, and is told of it, ${language}`, async () => {
        const number = numberOf('case.deemed_withdrawn');
        const watcher = await at('jian', language);
        await watcher.open(`/desk/cases/${number}`);
        const { body } = await (await new Program(centre.address).signIn('jian')).get(`/desk/cases/${number}`);
        assert.equal(body.state, 'withdrawn');
        const lapse = body.documents.find((one) => one.document_kind === 'lapse') ?? assert.fail(JSON.stringify(body.documents));
        const { text } = await paperOf(watcher, language === 'en' ? `/translations/${lapse.code}/en` : `/documents/${lapse.code}`);
        assert.ok(text.includes(said.lapsed) || text.toLowerCase().includes(said.lapsed), text);
    });

    test(`an incomplete application says what is missing and is not accepted; then corrected badly it is declined with reasons, ${language}`, async () => {
        const { number, clerk } = await handedIn(language, () => []);
        await clerk.open(`/desk/cases/${number}`);
        assert.ok(clerk.text.includes(said.lacking), clerk.text);
        const needed = await necessary(number);
        const reviewer = await at('shen', language);
        await reviewer.open(`/desk/cases/${number}`);
        await reviewer.send('/accept');
        assert.equal(reviewer.status, 409, reviewer.text);
        const problem = reviewer.page('#problem').text(), called = await necessary(number, language === 'en' ? 'name_en' : 'name');
        assert.ok(called.every((name) => problem.includes(name)), `all that is missing is told in the reader's language: ${problem}`);
        const ticked = reviewer.page('#action-correct input[name="materials"][checked]').map((_, one) => one.attribs.value).get();
        assert.deepEqual(ticked, needed, 'what is missing stands ticked');
        await reviewer.send('/decline', { reason: '材料不全' });
        assert.equal(reviewer.status, 422, 'first it is asked for');
        await reviewer.send('/correct', { materials: needed, reason: '材料不全' });
        assert.equal(reviewer.status, 200, reviewer.text);
        assert.ok((await lastPaper(reviewer, language)).includes(said.by));
        await clerk.open(`/desk/cases/${number}`);
        const by = asked(centre.database, `SELECT correct_by FROM case_now WHERE number = ${number}`).trim();
        const day = new Date(Number(by) * 86_400_000);
        assert.ok(clerk.page('.notice').first().text().includes(language === 'zh' ? `${day.getUTCMonth() + 1}月${day.getUTCDate()}日` : `${day.getUTCDate()} `), 'the last day stands at the top');
        await clerk.send('/supply', { materials: needed });
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.text.includes(said.seen), clerk.text);
        await reviewer.open(`/desk/cases/${number}`);
        await reviewer.send('/decline', { reason: '身份证已过期' });
        assert.equal(reviewer.status, 200, reviewer.text);
        const paper = await lastPaper(reviewer, language);
        assert.ok(paper.includes(said.unfit), paper);
        assert.ok(!paper.includes(said.organ), 'no other organ is in charge');
    });

    test(`who reviewed does not decide, and is told who may, ${language}`, async () => {
        const { number } = await handedIn(language, (all) => all);
        if (language === 'zh') await makeApprover('shen');
        const reviewer = await at('shen', language);
        await reviewer.open(`/desk/cases/${number}`);
        await reviewer.send('/accept');
        for (const step of [1, 2, 3]) if (!reviewer.text.includes(said.four)) await reviewer.send('/pass', { opinion: `符合 ${step}` });
        assert.ok(reviewer.text.includes(said.four), reviewer.text);
        for (const action of ['grant', 'refuse']) assert.equal(reviewer.page(`form[action$="/${action}"]`).length, 0, 'nothing to decide is offered');
        const program = await new Program(centre.address, language).signIn('shen');
        const refused = await program.act(number, 'grant', { opinion: '同意' });
        assert.deepEqual([refused.status, refused.body.reason], [403, 'cases.reviewed_yourself']);
        const approver = await at('pizhun', language);
        await approver.open(`/desk/cases/${number}`);
        assert.ok(refused.body.detail.includes(asked(centre.database, "SELECT name FROM staff WHERE account = 'pizhun'").trim()), refused.body.detail);
        await approver.send('/grant', { opinion: '同意' });
        assert.equal(approver.status, 200, approver.text);
    });
}

test('from home nobody can tick that a paper was handed in', async () => {
    const visitor = new Program(centre.address, 'zh');
    const clerk = await new Program(centre.address).signIn('cun');
    const desk = (await clerk.post(`/desk/apply/${item}`, applicant)).body.number;
    const { place, materials } = (await clerk.get(`/desk/cases/${desk}`)).body;
    const { number } = (await visitor.post(`/apply/${item}`, { ...applicant, place: place.code })).body;
    const { seen } = (await visitor.get(`/track/${number}`)).body;
    const refused = await visitor.post(`/track/${number}/submit`, { seen, materials: materials.map((one) => one.name) });
    assert.deepEqual([refused.status, refused.body.errors?.[0]?.reason ?? refused.body.reason], [422, 'cases.staff_alone_tick']);
    assert.equal((await visitor.get(`/track/${number}`)).body.state, 'draft', 'nothing is changed');
});
