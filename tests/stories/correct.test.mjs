// SPDX-License-Identifier: Apache-2.0
// Mistakes put right: a draft edited from home, a wrong name at the desk, the wrong paper; each page in both languages.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, newCode, scan } from './people.mjs';

const person = { party_kind: 'person', name: '张示列', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
let clerk;
let place;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    clerk = await new Program(centre.address).signIn('cun');
    place = (await clerk.get(`/desk/apply/${item}`)).body.place.code;
});
after(() => centre.close());

const words = {
    zh: { edit: '修改申请信息', correct: '更正申请人信息', done: '更正申请人信息', removed: '移除材料', stays: '由收件窗口更换', nothing: '没有改动任何内容', other: '变更申请人' },
    en: { edit: 'Edit the application', correct: 'Correct the applicant', done: 'details corrected', removed: 'Document removed', stays: 'replaced at the desk', nothing: 'Nothing was changed', other: 'Change the applicant' },
};
const papersOn = (browser) => browser.page('ul.papers li').length;

for (const language of ['zh', 'en']) {
    const said = words[language];

    test(`a draft from home is edited on a page, and its papers replaced, ${language}`, async () => {
        const home = await new Browser(centre.address, language).open(`/apply/${item}`);
        await home.send(`/apply/${item}`, { ...person, place });
        await home.send(`/apply/${item}`, {}); // what was typed is looked at once more
        assert.equal(home.status, 200, home.text);
        const number = home.path.match(/\d{18}/)[0];
        await home.open(`/track/${number}`);
        await home.follow(said.edit);
        assert.equal(home.heading, said.edit);
        const form = home.form('/edit');
        assert.deepEqual(Object.fromEntries(home.fieldsOf(form).filter(([name]) => ['name', 'id_number', 'telephone', 'party_kind', 'place'].includes(name))), { ...person, place });
        await home.send('/edit', { name: '张示例\u202e' });
        assert.equal(home.status, 422, 'what nobody sees stays out');
        assert.equal(home.page('input[name=telephone]').attr('value'), person.telephone, 'what was typed stands there again');
        await home.send('/edit', { name: '张示例', co_applicants: '李同伴 330499199007070038', telephone: '13911112222' });
        assert.equal(home.status, 200, home.text);
        assert.equal(home.path, `/track/${number}`);
        for (const text of ['张示例', '13911112222', '李同伴']) assert.ok(home.text.includes(text), `${text}: ${home.text}`);

        const material = home.page('select[name=material] option').first().attr('value');
        await home.send('/attach', { material }, [['papers', 'wrong.pdf', scan(`${number} wrong`), 'application/pdf']]);
        await home.send('/replace-paper', {}, [['papers', 'right.pdf', scan(`${number} right`), 'application/pdf']]);
        assert.equal(home.status, 200, home.text);
        assert.equal(papersOn(home), 1);
        assert.ok(home.text.includes('right.pdf') && !home.text.includes('wrong.pdf'), home.text);
        await home.send('/remove-paper');
        assert.equal(papersOn(home), 0);
        assert.equal(asked(centre.database, `SELECT COUNT(*) FROM paper WHERE subject = 'case/${number}'`).trim(), '0');

        const stranger = await new Browser(centre.address, language).open(`/track/${number}/edit`);
        assert.ok(stranger.status === 401 || stranger.path.startsWith('/track'), `${stranger.status}`);
        assert.ok(!stranger.text.includes('张示例'));
        await home.send('/attach', { material }, [['papers', 'right.pdf', scan(`${number} right`), 'application/pdf']]);
        await home.send('/submit');
        assert.equal(home.page('a').filter((_, a) => home.page(a).attr('href') === `/track/${number}/edit`).length, 0, 'what is handed in is not edited');
        assert.equal(home.page('form[action$="/remove-paper"]').length, 0);
        await home.open(`/track/${number}/edit`);
        assert.equal(home.status, 403, home.text);
    });

    test(`the desk corrects a wrong name: the history tells it, papers issued before stay, ${language}`, async () => {
        const number = await clerk.handIn(item, person);
        const desk = await new Browser(centre.address, language).signIn('cun');
        await desk.open(`/desk/cases/${number}`);
        await desk.follow(said.correct);
        assert.ok(!desk.text.includes(person.name), 'masked until it is said what for');
        await desk.send('/reveal', { reason: '核对身份证' });
        assert.equal(desk.path, `/desk/cases/${number}/correct-applicant`, 'he stays where he was');
        assert.equal(desk.page('input[name=name]').attr('value'), person.name);
        await desk.send('/correct-applicant', { reason: '登记有误' });
        assert.equal(desk.status, 422);
        assert.ok(desk.text.includes(said.nothing), desk.text);
        await desk.send('/correct-applicant', { name: '李四', id_number: '330499199007070038', reason: '登记有误' });
        assert.equal(desk.status, 422);
        assert.ok(desk.text.includes(said.other), desk.text);
        await desk.open(`/desk/cases/${number}/correct-applicant`);
        await desk.send('/correct-applicant', { name: '张示例', telephone: '13911112222', reason: '登记有误' });
        assert.equal(desk.status, 200, desk.text);
        assert.ok(desk.text.includes(said.done) && desk.text.includes('张*列 → 张*例') && desk.text.includes('登记有误'), desk.text);
        const links = documentLinks(desk);
        assert.ok((await paperOf(desk, links[0][1])).text.includes('张示列'), 'the receipt stays as it was');
        const { body } = await clerk.get(`/desk/cases/${number}`);
        const line = body.history.find(({ event }) => event === 'applicant_corrected');
        assert.ok(!JSON.stringify(line).includes('13911112222'), 'masked for programs too');
        const found = await clerk.post('/desk/find', { name: '张示例', telephone: '13911112222', reason: 'asks' });
        assert.ok(found.body.cases.some((one) => one.number === number), 'found by what is right');
        const holder = await new Browser(centre.address, language).open('/track');
        await holder.send('/track', { number, code: await newCode(centre, number) });
        assert.ok(holder.text.includes(said.done), holder.text);
        for (const account of ['zhen', 'shou13', 'jian', 'pizhun']) {
            const other = await new Program(centre.address).signIn(account);
            assert.equal((await other.post(`/desk/cases/${number}/correct-applicant`, { seen: body.seen, ...person, reason: 'x' })).status, 403, account);
        }
    });

    test(`the desk takes a wrong paper out before the acceptance, and who applied may not, ${language}`, async () => {
        const home = new Program(centre.address, language);
        const { body: { number } } = await home.post(`/apply/${item}`, { ...person, place: Number(place) });
        const browser = new Browser(centre.address, language);
        browser.cookies = home.cookies;
        await browser.open(`/track/${number}`);
        const material = browser.page('select[name=material] option').first().attr('value');
        await browser.send('/attach', { material }, [['papers', 'other.pdf', scan(`${number} other`), 'application/pdf']]);
        await browser.send('/submit');
        const { body } = await home.get(`/track/${number}`);
        const refused = await home.post(`/track/${number}/remove-paper`, { seen: body.seen, paper: 1 });
        assert.deepEqual([refused.status, refused.body.reason], [409, 'cases.paper_stays']);
        assert.ok(refused.body.detail.includes(said.stays), refused.body.detail);
        for (const paper of [2, 0, -1, 'x', 1e9]) assert.ok((await home.post(`/track/${number}/remove-paper`, { seen: body.seen, paper })).status >= 400, `${paper}`);
        const now = asked(centre.database, `SELECT account FROM case_now c JOIN post p ON p.county = c.county AND p.organ = c.desk_organ AND p.division = c.desk_division
            AND p.roles & c.desk_role <> 0 JOIN staff s ON s.county = p.county AND s.id = p.staff WHERE number = ${number} ORDER BY account LIMIT 1`).trim();
        const desk = await new Browser(centre.address, language).signIn(now);
        await desk.open(`/desk/cases/${number}`);
        assert.equal(papersOn(desk), 1, desk.text);
        await desk.send('/remove-paper');
        assert.equal(desk.status, 200, desk.text);
        assert.equal(papersOn(desk), 0);
        assert.ok(desk.text.includes(said.removed), desk.text);
        assert.equal((await browser.open(`/track/${number}/papers/1`)).status, 404, 'it is shown to nobody');
        assert.equal(asked(centre.database, `SELECT COUNT(*) FROM paper WHERE subject = 'case/${number}' AND removed_at > 0`).trim(), '1');
    });

    test(`Back, and another name: the form leads to the draft that exists, ${language}`, async () => {
        const home = await new Browser(centre.address, language).open(`/apply/${item}`);
        const form = home.form(`/apply/${item}`), fields = home.bodyOf(form, { ...person, place, _confirmed: 'true' }, []);
        const send = (body) => home.ask(`/apply/${item}`, { method: 'POST', headers: { Accept: 'text/html' }, body }).then((answer) => home.show(answer, `/apply/${item}`));
        await send(fields);
        const number = home.path.match(/\d{18}/)[0];
        fields.set('name', '张改名');
        await send(fields);
        assert.equal(home.status, 422);
        const grouped = number.replace(/(\d{6})(\d{6})(\d{6})/, '$1 $2 $3');
        assert.ok(home.text.includes(grouped), home.text);
        assert.doesNotMatch(home.text, /幂等|键|[Kk]ey/);
        await home.open(home.page('.trouble a.button, #problem a.button').first().attr('href'));
        assert.equal(home.status, 200);
        assert.ok(home.path.includes(number), home.path);
    });
}

test('the same application twice is told with the way to the first, at the desk and from home, and may go on', async () => {
    const twice = { party_kind: 'person', name: '陈两份', id_number: '330499198505050043', telephone: '13800000000' };
    const [first, second] = [await clerk.post(`/desk/apply/${item}`, twice), await clerk.post(`/desk/apply/${item}`, twice)].map(({ body }) => body);
    const { body } = await clerk.get(`/desk/cases/${second.number}`);
    assert.deepEqual([body.same.number, body.same.path, body.same.is_draft], [first.number, `/desk/cases/${first.number}`, true]);
    for (const [language, sentence] of [['zh', '同一申请人就同一事项已有一份草稿'], ['en', 'There is a draft of the same applicant']]) {
        const desk = await new Browser(centre.address, language).signIn('cun');
        await desk.open(`/desk/cases/${second.number}`);
        assert.ok(desk.text.includes(sentence), desk.text);
        assert.equal(desk.page('.notice a').first().attr('href'), `/desk/cases/${first.number}`);
    }
    assert.equal((await clerk.act(second.number, 'submit', { materials: body.materials.map(({ name }) => name) })).status, 201, 'it goes on');
    assert.equal((await clerk.get(`/desk/cases/${second.number}`)).body.same, undefined, 'what is handed in is told of nowhere else');

    const stranger = new Program(centre.address);
    const theirs = await stranger.post(`/apply/${item}`, { ...twice, place: Number(place) });
    assert.equal((await stranger.get(`/track/${theirs.body.number}`)).body.same, undefined, 'who only knows a number learns of no other application');
    const again = await stranger.post(`/apply/${item}`, { ...twice, place: Number(place) });
    assert.equal((await stranger.get(`/track/${again.body.number}`)).body.same.path, `/track/${theirs.body.number}`);
    const home = new Browser(centre.address, 'zh');
    home.cookies = stranger.cookies;
    await home.open(`/track/${again.body.number}`);
    assert.ok(home.text.includes('如属重复'), home.text);
    await home.open(`/track/${again.body.number}/begun`);
    assert.ok(home.text.includes('同一事项的草稿'), home.text);
    const other = await clerk.post('/desk/apply/' + item, { ...twice, id_number: '330499197902020022' });
    assert.equal(other.body.same, undefined);
});

test('an enterprise, its agent and who applies with it are corrected by the same form; a passport stays one', async () => {
    const firm = { party_kind: 'enterprise', name: '平湖示例水产有限公司', id_number: '91350100M000100Y43', telephone: '0573-85550199', contact: '李连系', representative: '王代表',
        by_agent: true, agent_name: '钱代里', agent_id: '330499198505050043', agent_scope: '提交材料' };
    const number = await clerk.handIn(item, firm);
    const desk = await new Browser(centre.address, 'en').signIn('cun');
    await desk.open(`/desk/cases/${number}/correct-applicant`);
    await desk.send('/reveal', { reason: '核对证件' });
    assert.equal(desk.page('input[name=agent_name]').attr('value'), firm.agent_name);
    assert.equal(desk.page('textarea[name=agent_scope]').text().trim(), firm.agent_scope);
    await desk.send('/correct-applicant', { contact: '李联系', agent_name: '钱代理', co_applicants: '李同伴 330499199007070038', reason: '登记有误' });
    assert.equal(desk.status, 200, desk.text);
    const { body } = await clerk.get(`/desk/cases/${number}`);
    const { corrected } = body.history.find(({ event }) => event === 'applicant_corrected');
    assert.deepEqual(corrected.map((one) => one.corrected_field), ['contact', 'others']);
    assert.ok(body.applicant.has_others && body.applicant.agent, JSON.stringify(body.applicant));
    assert.ok(!JSON.stringify(corrected).includes('330499'), 'of others no number stands in the history');

    const home = new Program(centre.address);
    const { body: draft } = await home.post(`/apply/${item}`, { ...person, id_kind: 'passport', id_number: 'USA 123456789', place: Number(place) });
    const browser = new Browser(centre.address, 'zh');
    browser.cookies = home.cookies;
    await browser.open(`/track/${draft.number}/edit`);
    assert.equal(browser.page('select[name=id_kind] option[selected]').attr('value'), 'passport');
    await browser.send('/edit', { telephone: '13922223333' });
    assert.equal(browser.status, 200, browser.text);
    assert.equal((await home.get(`/track/${draft.number}`)).body.applicant.telephone, '13922223333');
});
