// SPDX-License-Identifier: Apache-2.0
// A water abstraction applied for from home: its situation drops two necessary papers and asks for one field more; the answers go with the case to
// the desk, and nothing that does not fit is taken.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const item = 'SLJ-01';
const says = {
    zh: { former: '原证上的名称或者姓名', open: '还要填写', wrong: '要填日期', unfinished: '申请表还没有填完', notNeeded: '按您填的情形不用交', form: '取水许可申请书',
          none: '您不需要办理这个事项', end: '这次不用提交', masked: '查看完整信息', corrected: '更正申请表', granted: '准予' },
    en: { former: 'Name on the permit held', open: 'Still to be filled in', wrong: 'needs a day', unfinished: 'The application form is not finished', notNeeded: 'not needed in this situation',
          form: 'Application for a water abstraction permit', none: 'You need not apply for this service', end: 'nothing needs to be submitted', masked: 'see the personal data in full', corrected: 'Form corrected', granted: 'Granted' },
};
const person = { party_kind: 'person', name: '钱水生', telephone: '13600000000' };
const own = (id) => ({ 'answers.applicant_name': '钱水生', 'answers.applicant_id': id, 'answers.nature': 'person', 'answers.address': '新仓镇三叉河村12号',
                       'answers.telephone': '13600000000', 'answers.permit_number': '取水（浙平）字〔2010〕第12号', 'answers.former_name': '钱水生养鱼场' });

let centre;
let place;
before(async () => {
    centre = await Centre.open();
    place = (await (await new Program(centre.address).signIn('cun')).get(`/desk/apply/${item}`)).body.place.code;
});
after(() => centre.close());

// From the guide to the draft, with what was answered beside the guide.
async function drafted(language, situation, id_number) {
    const home = await new Browser(centre.address, language).open(`/items/${item}/situation?${new URLSearchParams(situation)}`);
    await home.open(home.page('a.button[href^="/apply/"]').first().attr('href'));
    await home.send(`/apply/${item}`, { ...person, id_number, place });
    await home.send(`/apply/${item}`); // after a look at what was typed
    assert.equal(home.status, 200, home.text);
    const number = home.path.match(/\/track\/(\d+)/)[1];
    return { home: await home.open(`/track/${number}`), number };
}

for (const [language, id] of [['zh', '330499197001010019'], ['en', '330499197001010027']]) {
    const say = says[language];

    test(`a change of name asks for the former name and two papers less, ${language}`, async () => {
        const { home, number } = await drafted(language, { 'answers.kind': 'change_name' }, id);
        assert.equal(home.page('td').filter((_, one) => home.page(one).text() === say.notNeeded).length, 3, home.text);

        await home.open(home.page('a[href$="/answers"]').attr('href'));
        assert.equal(home.page('[name="answers.kind"][checked]').attr('value'), 'change_name', 'what was answered beside the guide is there');
        assert.ok(home.text.includes(say.former) && !home.page('[name="answers.daily"]').length, home.text);
        const form = home.page('form[action$="/answers"]').first();
        await home.ask(`/track/${number}/answers`, { method: 'POST', headers: { Accept: 'application/json' }, body: home.bodyOf(form, { _save: 'yes', 'answers.address': '新仓镇' }, []) });
        await home.open(`/track/${number}/answers`);
        assert.equal(home.page('[name="answers.address"]').attr('value'), '新仓镇', 'what the page saved while it was filled in is there');
        await home.send('/answers', { ...own(id), 'answers.applied_on': 'soon' });
        assert.equal(home.status, 422);
        assert.ok(home.text.includes(say.wrong), home.text);
        assert.equal(home.page('[name="answers.former_name"]').attr('value'), '钱水生养鱼场', 'what was typed stands there');
        assert.ok(home.page('#problem a[href="#answers.applied_on-answers"], .trouble a[href*="applied_on"]').length, home.html);
        await home.open(`/track/${number}`);
        assert.ok(!home.text.includes('钱水生养鱼场'), 'nothing was kept of it');

        await home.open(`/track/${number}/answers`);
        await home.send('/answers', own(id));
        assert.equal(home.status, 200, home.text);
        assert.ok(home.path.endsWith('/answers') && home.text.includes(say.open), home.text);
        await home.open(`/track/${number}`);
        await home.send('/submit');
        assert.equal(home.status, 409, home.text);
        assert.ok(home.text.includes(say.unfinished), home.text);

        await home.open(`/track/${number}/answers`);
        await home.send('/answers', { 'answers.applied_on': '2014-09-01', 'answers.declared': 'true' });
        assert.equal(home.path, `/track/${number}`, home.text);
        assert.ok(home.text.includes('钱水生养鱼场'), home.text);
        await home.send('/attach', { material: '取水许可申请书' }, [['papers', 'form.pdf', scan(`water ${language}`), 'application/pdf']]);
        assert.equal(home.status, 200, home.text);
        await home.send('/submit');
        assert.equal(home.status, 200, home.text);
        assert.equal(home.page('a[href$="/answers"]').length, 0, 'what is handed in is not filled in any more');
        await home.open(`/track/${number}/answers`);
        assert.equal(home.status, 403);

        const desk = await new Browser(centre.address, language).signIn('cun');
        await desk.open(`/desk/cases/${number}`);
        assert.ok(desk.text.includes(say.masked) && !desk.text.includes('钱水生养鱼场'), 'the desk sees it as it sees the applicant');
        const acts = async (all) => {
            for (const [account, action, what] of all) {
                const { status, body } = await (await new Program(centre.address).signIn(account)).act(number, action, what);
                assert.equal(status, 201, JSON.stringify(body));
            }
        };
        await acts([['zhen', 'pass', { opinion: '材料齐全' }], ['shen', 'accept', {}]]);

        const officer = await new Browser(centre.address, language).signIn('shen');
        await officer.open(`/desk/cases/${number}/correct-answers`);
        assert.ok(!officer.text.includes('钱水生养鱼场'), 'why somebody looks is said first');
        await officer.send('/reveal', { reason: '核对申请表' });
        await officer.open(`/desk/cases/${number}/correct-answers`);
        assert.equal(officer.page('[name="answers.former_name"]').attr('value'), '钱水生养鱼场');
        await officer.send('/correct-answers', { 'answers.former_name': '', reason: '核对原证' });
        assert.equal(officer.status, 422, officer.text);
        await officer.send('/correct-answers', { 'answers.former_name': '钱水生鱼塘', reason: '核对原证' });
        assert.equal(officer.path, `/desk/cases/${number}`, officer.text);
        await home.open(`/track/${number}`);
        assert.ok(home.text.includes('钱水生鱼塘') && !home.text.includes('钱水生养鱼场') && home.text.includes(say.corrected), home.text);

        await acts([['shen', 'pass', { opinion: '只变更名称' }], ['pizhun', 'grant', { opinion: '准予' }]]);
        await home.open(`/track/${number}`);
        assert.ok(home.text.includes(say.granted), home.text);
    });

    test(`nobody applies for what needs no permit, ${language}`, async () => {
        const { home, number } = await drafted(language, { 'answers.kind': 'new', 'answers.use': 'farm', 'answers.project': 'no' }, id);
        await home.open(`/track/${number}/answers`);
        await home.send('/answers', { 'answers.use': 'household' });
        assert.ok(home.text.includes(say.none), home.text);
        await home.open(`/track/${number}`);
        await home.send('/submit');
        assert.equal(home.status, 409);
        assert.ok(home.text.includes(say.end), home.text);
    });
}

test('who brings the form on paper fills in nothing', async () => {
    const clerk = await new Program(centre.address).signIn('cun');
    const { body } = await clerk.post(`/desk/apply/${item}`, { ...person, id_number: '330499197001010035' });
    const { body: found } = await clerk.get(`/desk/cases/${body.number}`);
    assert.equal(found.has_form, true);
    assert.equal((await clerk.act(body.number, 'submit', { materials: found.materials.map(({ name }) => name) })).status, 201);
});

test('a program fills the form in, and a form that is none is refused', async () => {
    const home = new Program(centre.address);
    const { body } = await home.post(`/apply/${item}`, { ...person, id_number: '330499197001010043', place: Number(place) });
    const { body: draft } = await home.get(`/track/${body.number}`);
    const sent = await home.post(`/track/${body.number}/answers`, { seen: draft.seen, 'answers.kind': 'change_name', 'answers.nowhere': '1' });
    assert.equal(sent.status, 422);
    assert.deepEqual(sent.body.errors.map(({ field }) => field), ['answers.nowhere']);
    assert.equal((await home.post(`/track/${body.number}/answers`, { seen: draft.seen, 'answers.kind': 'change_name' })).status, 201);
    assert.equal((await home.post(`/track/${body.number}/answers`, { seen: draft.seen, 'answers.kind': 'renew' })).status, 409, 'the draft has changed meanwhile');
    const { body: changed } = await home.get(`/track/${body.number}`);
    assert.equal((await home.post(`/track/${body.number}/answers`, { seen: changed.seen, answers: { kind: { renew: 'x' } } })).status, 400);
    assert.equal((await home.post(`/track/${body.number}/answers`, { seen: changed.seen, answers: { kind: 'renew', permit_number: '取水证12号' } })).status, 201);
    const { body: kept } = await home.get(`/track/${body.number}`);
    assert.deepEqual([kept.answers.kind, kept.answers.permit_number], ['renew', '取水证12号']);
    assert.ok(kept.answers_open.names.includes('原证有效期截止日期'), JSON.stringify(kept.answers_open));
    const other = await home.post('/apply/GAJ-04', { ...person, id_number: '330499197001010051', place: Number(place) });
    if (other.status === 201) assert.equal((await home.get(`/track/${other.body.number}/answers`)).status, 404);
});
