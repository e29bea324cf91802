// SPDX-License-Identifier: Apache-2.0
// A case takes its time: experts review it, the head extends its limit. Later its licence is changed, renewed, revoked or withdrawn, each by a
// paper of its own, and whoever verifies the licence is told what holds.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const item = 'SLJ-03';
const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
const people = {};
before(async () => {
    centre = await Centre.open();
    for (const account of ['shou', 'shen', 'pizhun', 'ju']) people[account] = await new Program(centre.address).signIn(account);
});
after(() => centre.close());

async function inReview() {
    const number = await people.shou.handIn(item, applicant);
    const { status, body } = await people.shen.act(number, 'accept');
    assert.equal(status, 201, JSON.stringify(body));
    return number;
}

async function issued() {
    const number = await inReview();
    for (const [account, action, fields] of [['shen', 'pass', { opinion: '符合条件' }], ['pizhun', 'grant', { opinion: '同意' }], ['shou', 'issue', {}], ['shou', 'deliver', {}]]) {
        const { status, body } = await people[account].act(number, action, fields);
        assert.equal(status, 201, `${action}: ${JSON.stringify(body)}`);
    }
    return asked(centre.database, `SELECT number FROM licence WHERE case_number = ${number}`).trim();
}

// The text of the newest paper of that kind, without blanks.
async function textOf(path, reader, kind, language = 'zh') {
    const { body } = await reader.get(path);
    const made = body.documents.filter((one) => one.document_kind === kind).at(-1) ?? assert.fail(`no ${kind}: ${JSON.stringify(body.documents)}`);
    const browser = await new Browser(centre.address, language).signIn('ju');
    return (await paperOf(browser, language === 'en' ? `/translations/${made.code}/en` : `/documents/${made.code}`)).text.replace(/\s+/g, language === 'en' ? ' ' : '');
}

async function act(account, number, action, fields = {}) {
    const path = `/desk/licences/${number}`;
    const { seen } = (await people[account].get(path)).body;
    return people[account].post(`${path}/${action}`, { seen, ...fields });
}

const wrong = async (answer, status, reason) => assert.deepEqual([(await answer).status, (await answer).body.reason ?? (await answer).body.errors?.[0]?.reason], [status, reason]);
const lastDay = async (number) => (await people.shen.get(`/desk/cases/${number}`)).body.clocks.statutory.due_at;

test('the head extends the limit once, by no more than the law lets, and the applicant is told', async () => {
    const number = await inReview();
    const before = await lastDay(number);
    const extended = { reason: '现场条件复杂，需补充论证', days: 10 };
    await wrong(people.shen.act(number, 'extend', extended), 403, 'cases.not_yours');
    await wrong(people.ju.act(number, 'extend', { ...extended, days: 11 }), 422, 'cases.extension_too_long');
    await wrong(people.ju.act(number, 'extend', { days: 10 }), 422, 'cases.needed');
    assert.equal((await people.ju.act(number, 'extend', extended)).status, 201);
    await wrong(people.ju.act(number, 'extend', extended), 409, 'cases.extended_already');
    const text = await textOf(`/desk/cases/${number}`, people.shen, 'extension');
    assert.ok(text.includes('10个工作日') && text.includes('现场条件复杂'), text);
    assert.match(await textOf(`/desk/cases/${number}`, people.shen, 'extension', 'en'), /10 working days/);
    const after = await lastDay(number);
    assert.ok(after - before >= 12 * 86_400_000, `${new Date(before)} and then ${new Date(after)}`);
});

test('experts review it within the days that were told, which do not count', async () => {
    const number = await inReview();
    await wrong(people.shen.act(number, 'suspend', { special: 'auction', days: 5 }), 422, 'cases.special_unknown');
    await wrong(people.shen.act(number, 'suspend', { special: 'expert_review', days: 11 }), 422, 'cases.special_too_long');
    assert.equal((await people.shen.act(number, 'suspend', { special: 'expert_review', days: 5 })).status, 201);
    const text = await textOf(`/desk/cases/${number}`, people.shen, 'special');
    assert.ok(text.includes('专家评审') && text.includes('第四十五条'), text);
    await wrong(people.shen.act(number, 'pass', { opinion: '同意' }), 409, 'cases.not_now');
    assert.equal((await people.shen.act(number, 'resume', { opinion: '评审通过' })).body.state, 'review');
});

test('a licence is changed and renewed by decisions, with which it is printed anew', async () => {
    const number = await issued();
    await wrong(act('shou', number, 'change', { reason: '持证人申请', content: '取水口移位' }), 403, 'licences.not_yours');
    assert.equal((await act('pizhun', number, 'change', { reason: '持证人申请变更取水口', content: '取水口移位' })).status, 201);
    const changed = await textOf(`/desk/licences/${number}`, people.pizhun, 'change');
    assert.ok(changed.includes('第四十九条') && changed.includes('取水口移位') && changed.includes('准予变更'), changed);
    assert.ok((await textOf(`/desk/licences/${number}`, people.pizhun, 'licence')).includes('取水口移位'));
    await wrong(act('pizhun', number, 'renew', { opinion: '同意' }), 409, 'licences.renewal_not_asked');
    assert.equal((await act('shou', number, 'ask-renewal')).status, 201);
    assert.equal((await act('pizhun', number, 'renew', { opinion: '仍符合条件' })).status, 201);
    const renewed = await textOf(`/desk/licences/${number}`, people.pizhun, 'renewal');
    assert.ok(renewed.includes('第五十条') && renewed.includes('准予延续'), renewed);
    assert.match(await textOf(`/desk/licences/${number}`, people.pizhun, 'renewal', 'en'), /Renewed term: \d+ [A-Z]/);
});

for (const [action, kind, said, state] of [['revoke', 'revocation', '第六十九条', '已撤销'], ['recall', 'withdrawal', '依法给予补偿', '已撤回']])
    test(`whoever verifies a licence is told that it was ended: ${action}`, async () => {
        const number = await issued();
        const because = { reason: '情况有变', basis: '《行政许可法》第八条第二款' };
        await wrong(act('pizhun', number, action, because), 403, 'licences.not_yours');
        await wrong(act('ju', number, action, { reason: '情况有变' }), 422, 'licences.needed');
        assert.equal((await act('ju', number, action, because)).status, 201);
        const text = await textOf(`/desk/licences/${number}`, people.ju, kind);
        assert.ok(text.includes(said) && text.includes('行政复议'), text);
        const anyone = await new Browser(centre.address, 'zh').open(`/licences/${number}`);
        assert.ok(anyone.text.includes(state), anyone.text);
    });
