// SPDX-License-Identifier: Apache-2.0
// Hearings (Licensing Law arts. 36, 46-48): the applicant is told of his right and asks on his own page; the organ names a third party, calls and
// holds the hearing, and decides on its minutes; and what strangers, reviewers in the chair and people who come too late are told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asked, Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, newCode, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const words = {
    zh: { right: '享有要求听证的权利', costs: '不承担组织听证的费用', party: '利害关系人告知书', minutes: '听证笔录', decided: '根据听证笔录', beside: '与本件有关的程序' },
    en: { right: 'you have the right to a hearing', costs: 'bear its costs', party: 'Notice to a third party', minutes: 'Minutes of a hearing', decided: 'By the minutes of the hearing', beside: 'Beside this case' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = (account, language) => new Browser(centre.address, language).signIn(account);
const flat = (text, language) => text.replace(/\s+/g, language === 'zh' ? '' : ' ');
const accountOf = (organ, role) => asked(centre.database, `SELECT s.account FROM post p JOIN staff s ON s.county = p.county AND s.id = p.staff
    WHERE p.organ = ${organ} AND p.division = 330482000000 AND p.roles & ${role} = ${role} ORDER BY s.account LIMIT 1`).trim();
const weekdays = (from, count) => {
    const day = new Date(from);
    for (let left = count; left > 0;) {
        day.setUTCDate(day.getUTCDate() + 1);
        left -= day.getUTCDay() % 6 ? 1 : 0;
    }
    return day.toISOString().slice(0, 10);
};

// Taken in at the village, passed by the town, accepted and reviewed by shen: pizhun is to decide.
async function toDecide() {
    const clerk = await new Program(centre.address).signIn('cun');
    const number = await clerk.handIn(item, applicant);
    await (await new Program(centre.address).signIn('zhen')).act(number, 'pass', { opinion: '已核对' });
    const reviewer = await new Program(centre.address).signIn('shen');
    assert.equal((await reviewer.act(number, 'accept')).status, 201);
    assert.equal((await reviewer.act(number, 'pass', { opinion: '符合条件' })).status, 201);
    return number;
}

async function paper(browser, language, kind) {
    const [, link] = documentLinks(browser).filter(([text]) => text.includes(kind)).at(-1) ?? assert.fail(`no ${kind}:\n${browser.text}`);
    return flat((await paperOf(browser, language === 'en' ? `${link.replace('/documents/', '/translations/').replace('.pdf', '')}/en` : link)).text, language);
}

for (const language of ['zh', 'en'])
    test(`the applicant is told of his right and asks on his own page; the organ calls the hearing, ${language}`, async () => {
        const said = words[language], number = await toDecide();
        const reviewer = await at('shen', language);
        await reviewer.open(`/desk/cases/${number}`);
        assert.ok(reviewer.text.includes(said.beside), reviewer.text);
        await reviewer.open(reviewer.page('a[href*="/hearings/of/"]').attr('href'));
        await reviewer.send(`/of/${number}`, { ground: 'interest', matter: '相邻单位的通行' });
        assert.equal(reviewer.status, 200, reviewer.text);
        const hearing = reviewer.path.split('/').pop();
        await reviewer.send('/name-party', { name: '李邻居', address: '示例路2号' });
        assert.ok(reviewer.text.includes('李邻居') && reviewer.text.includes('示例路2号'), reviewer.text);
        assert.ok((await paper(reviewer, language, said.party)).includes('李邻居'));
        const approver = await new Program(centre.address).signIn('pizhun');
        const early = await approver.act(number, 'grant', { opinion: '同意' });
        assert.deepEqual([early.status, early.body.reason], [409, 'cases.not_now'], 'no decision before the hearing');

        const holder = await new Browser(centre.address, language).open('/track');
        await holder.send('/track', { number, code: await newCode(centre, number) });
        await holder.open(holder.page(`a[href="/hearings/${hearing}"]`).attr('href') ?? assert.fail(holder.text));
        assert.equal(holder.status, 200, holder.text);
        assert.ok(!holder.text.includes('示例路2号') && !holder.text.includes('李邻居'), 'the third party is not shown in clear');
        await holder.send('/ask');
        assert.equal(holder.status, 200, holder.text);
        assert.equal(asked(centre.database, `SELECT state FROM hearing WHERE number = ${hearing}`).trim(), 'asked');

        await reviewer.open(`/desk/hearings/${hearing}`);
        const chairs = reviewer.page('select[name=chair] option').toArray().map((one) => reviewer.page(one).attr('value')).filter(Boolean);
        const [shen] = asked(centre.database, "SELECT id FROM staff WHERE account = 'shen'").trim().split('\n');
        assert.ok(chairs.length && !chairs.includes(shen), 'who reviewed is not offered as chair');
        await reviewer.send('/call', { day: weekdays(new Date(), 3), time: '9:30', place: '三楼听证室', chair: chairs[0] });
        assert.equal(reviewer.status, 422, 'seven working days before');
        await reviewer.send('/call', { day: weekdays(new Date(), 16), time: '25:00', place: '三楼听证室', chair: chairs[0] });
        assert.equal(reviewer.status, 422, reviewer.text);
        for (const days of [14, 15, 16, 17, 18, 19]) { // some of them may be holidays
            await reviewer.send('/call', { day: weekdays(new Date(), days), time: '9:30', place: '三楼听证室', chair: chairs[0] });
            if (reviewer.status === 200) break;
        }
        assert.equal(reviewer.status, 200, reviewer.text);
        const anyone = await new Browser(centre.address, language).open('/hearings');
        assert.ok(anyone.text.includes('三楼听证室') && anyone.text.includes('09:30'), anyone.text);
        assert.ok(!anyone.text.includes(applicant.name) && !anyone.text.includes('李邻居'), 'the announcement names nobody');
        await holder.open(`/hearings/${hearing}`);
        await holder.send('/object', { reason: '与邻居是亲戚' });
        assert.equal(holder.status, 200, holder.text);
        assert.equal(asked(centre.database, `SELECT objected FROM hearing WHERE number = ${hearing}`).trim(), '1');
    });

// One of the demo city's, whose day has come.
test('a hearing is held, and the decision rests on its minutes', async () => {
    const [hearing, number, organ] = asked(centre.database, "SELECT number, case_number, organ FROM hearing WHERE state = 'called' ORDER BY day, number LIMIT 1").trim().split('|');
    const recorder = await at(accountOf(organ, 2), 'zh');
    await recorder.open(`/desk/hearings/${hearing}`);
    await recorder.send('/hold', { minutes: '申请人陈述，邻居质证。', signed_by: '申请人、邻居、主持人' });
    assert.equal(recorder.status, 200, recorder.text);
    assert.ok((await paper(recorder, 'zh', words.zh.minutes)).includes('申请人陈述'));
    const decider = new Program(centre.address);
    for (let steps = 0; steps < 4; steps++) {
        const { body } = await (await new Program(centre.address).signIn('jian')).get(`/desk/cases/${number}`);
        if (body.step === 'decide') break;
        await (await new Program(centre.address).signIn(accountOf(organ, 2))).act(number, 'pass', { opinion: '符合条件' });
    }
    await decider.signIn(accountOf(organ, 4));
    const granted = await decider.act(number, 'grant', { opinion: '同意' });
    assert.equal(granted.status, 201, JSON.stringify(granted.body));
    const { code } = granted.body.documents.find((one) => one.document_kind === 'decision');
    const watcher = await at('jian', 'zh');
    for (const each of ['zh', 'en']) {
        const { text } = await paperOf(watcher, each === 'en' ? `/translations/${code}/en` : `/documents/${code}`);
        assert.ok(flat(text, each).includes(words[each].decided), text);
        assert.ok(text.replace(/\s/g, '').includes(hearing), 'by its number');
    }
});

test('strangers, other organs, other cases and empty forms change nothing', async () => {
    const number = await toDecide(), other = await toDecide();
    const reviewer = await new Program(centre.address).signIn('shen');
    const begin = (program, of, fields) => program.post(`/desk/hearings/of/${of}`, { ground: 'interest', matter: '相邻单位的通行', ...fields });
    const reasons = async (answer) => [(await answer).status, (await answer).body.reason];
    const elsewhere = await new Program(centre.address).signIn(accountOf(asked(centre.database,
        `SELECT MIN(organ) FROM post WHERE roles & 2 = 2 AND division = 330482000000 AND organ <> (SELECT organ FROM case_now WHERE number = ${number})`).trim(), 2));
    assert.equal((await begin(elsewhere, number)).status, 403);
    assert.equal((await begin(new Program(centre.address), number)).status, 401);
    assert.deepEqual(await reasons(begin(reviewer, '330482000101999999')), [404, 'cases.no_case']);
    assert.deepEqual(await reasons(begin(reviewer, '330400140903000001')), [404, 'cases.no_case'], 'another county');
    assert.equal((await begin(reviewer, number, { matter: '' })).status, 422);
    assert.equal((await begin(reviewer, number, { ground: 'law' })).status, 422, 'which law');
    assert.equal((await begin(reviewer, number, { matter: 'x'.repeat(1001) })).status, 422);
    const begun = await begin(reviewer, number);
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    assert.deepEqual(await reasons(begin(reviewer, number)), [409, 'hearings.one_already']);
    const path = `/desk/hearings/${begun.body.number}`, { seen } = begun.body;
    assert.equal((await elsewhere.get(path)).status, 404, 'another organ does not see it');
    assert.equal((await elsewhere.post(`${path}/name-party`, { seen, name: '王某', address: '某路' })).status, 403);
    for (const name of ['王\u202e某某', '王\u200b某某', 'x', '王'.repeat(61)])
        assert.equal((await reviewer.post(`${path}/name-party`, { seen, name, address: '某路1号' })).status, 422, JSON.stringify(name));
    assert.equal((await reviewer.post(`${path}/ask`, { seen })).status, 403, 'the applicant asks, or it is recorded');
    assert.equal((await reviewer.post(`${path}/erase-hearing`, { seen, reason: 'x' })).status, 403);
    assert.equal((await reviewer.post(`${path}/dance`, { seen })).status, 404);
    assert.deepEqual(await reasons(reviewer.post(`${path}/record-ask`, { seen, asker: 'third_party' })), [409, 'hearings.no_party']);
    const holder = await new Program(centre.address);
    assert.equal((await holder.post('/track', { number: other, code: await newCode(centre, other) })).status, 201);
    assert.equal((await holder.get(`/hearings/${begun.body.number}`)).status, 404, 'the holder of another case');
    assert.equal((await holder.post(`/hearings/${begun.body.number}/ask`, { seen })).status, 403);
    assert.equal((await reviewer.post(`${path}/record-ask`, { seen, asker: 'applicant' })).status, 201);
    assert.equal((await reviewer.post(`${path}/record-ask`, { seen, asker: 'applicant' })).status, 409, 'the page is out of date');
    const now = (await reviewer.get(path)).body;
    const shen = Number(asked(centre.database, "SELECT id FROM staff WHERE account = 'shen'").trim());
    const called = Number(asked(centre.database, "SELECT MAX(day) FROM hearing WHERE state = 'called'").trim()); // of the stories above
    const call = { seen: now.seen, day: new Date(called * 86_400_000).toISOString().slice(0, 10), time: '09:30', place: '三楼听证室' };
    assert.deepEqual(await reasons(reviewer.post(`${path}/call`, { ...call, chair: shen })), [422, 'hearings.chair_reviewed']);
    assert.deepEqual(await reasons(reviewer.post(`${path}/call`, { ...call, chair: 999999 })), [422, 'hearings.chair_unknown']);
    assert.deepEqual(await reasons(reviewer.post(`${path}/hold`, { seen: now.seen, minutes: 'x', signed_by: '某某' })), [409, 'hearings.not_now']);
    assert.equal((await reviewer.get(path)).body.seen, now.seen, 'nothing of this has changed it');
});

test('a third party asks by the code of his notice, and nobody by any other', async () => {
    const reviewer = await new Program(centre.address).signIn('shen');
    const begun = await reviewer.post(`/desk/hearings/of/${await toDecide()}`, { ground: 'interest', matter: '相邻单位的通行' });
    const path = `/desk/hearings/${begun.body.number}`;
    const named = await reviewer.post(`${path}/name-party`, { seen: begun.body.seen, name: '李邻居', address: '示例路1号' });
    assert.equal(named.status, 201, JSON.stringify(named.body));
    const codeOf = (kind) => asked(centre.database, `SELECT code FROM document WHERE subject = 'hearing/${begun.body.number}' AND document_kind = '${kind}'`).trim();
    const neighbour = await new Browser(centre.address, 'zh').open('/hearings');
    await neighbour.follow('利害关系人要求听证');
    for (const notice of ['', '0000', codeOf('hearing_right'), `${codeOf('third_party_notice').slice(0, 15)}\u202e`]) {
        await neighbour.send('/hearings/third-party', { notice });
        assert.equal(neighbour.status, 422, notice);
    }
    assert.equal((await reviewer.get(path)).body.state, 'told');
    await neighbour.send('/hearings/third-party', { notice: codeOf('third_party_notice').replace(/(.{4})(?=.)/g, '$1-').toLowerCase() });
    assert.equal(neighbour.status < 300, true, neighbour.text);
    assert.ok(neighbour.text.includes('已收到您的听证要求'), neighbour.text);
    const { state, asked_by: by } = (await reviewer.get(path)).body;
    assert.deepEqual([state, by], ['asked', 'third_party']);
    await neighbour.open('/hearings/third-party');
    await neighbour.send('/hearings/third-party', { notice: codeOf('third_party_notice') });
    assert.equal(neighbour.status, 409, 'asked already');
});
