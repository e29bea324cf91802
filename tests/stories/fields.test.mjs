// SPDX-License-Identifier: Apache-2.0
// A correction of two fields from home: the desk names them and says what is wrong, they alone open again, and what was computed from them is computed
// anew. Then the officers fill in what they find, beside what the applicant wrote, and the decision says what was granted.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const item = 'SLJ-01';
const says = {
    zh: { fault: '怎么改', remark: '日最大取水量比水泵大十倍', again: '需要更正', closed: '不能改动', noField: '申请表：', wrote: '申请人填写：18,000 立方米。', bounds: '不在允许的范围内',
          granted: '核定年取水量', amount: '15,000 立方米', when: '只有选择' },
    en: { fault: 'what to change', remark: 'Ten times what the pump can do', again: 'To be corrected', closed: 'not asked for again', noField: 'Form:', wrote: 'The applicant wrote: 18,000 m³.',
          bounds: 'out of bounds', granted: 'Amount granted in a year', amount: '15,000 m³', when: 'only when' },
};
const farm = (id) => ({
    'answers.kind': 'new', 'answers.use': 'farm', 'answers.project': 'no', 'answers.applicant_name': '钱水生', 'answers.applicant_id': id, 'answers.nature': 'person',
    'answers.address': '新仓镇三叉河村12号', 'answers.telephone': '13600000000', 'answers.reason': '灌溉水稻三十亩', 'answers.place': '三叉河村东机埠', 'answers.source': 'river',
    'answers.water_body': '上海塘', 'answers.method': 'pump', 'answers.daily': '1200', 'answers.days': '150', 'answers.quarter1': '0', 'answers.quarter2': '8000', 'answers.quarter3': '10000',
    'answers.quarter4': '0', 'answers.irrigated': '30', 'answers.begins': '2014-05-01', 'answers.until': '2019-04-30', 'answers.meter': 'meter', 'answers.saving': '防渗渠道',
    'answers.applied_on': '2014-09-01', 'answers.declared': 'true',
});

let centre;
let place;
before(async () => {
    centre = await Centre.open();
    place = (await (await new Program(centre.address).signIn('cun')).get(`/desk/apply/${item}`)).body.place.code;
});
after(() => centre.close());

// Handed in from home with the whole form, and passed on by the town; the applicant's own browser and the number.
async function handedIn(language, id) {
    const person = { party_kind: 'person', name: '钱水生', telephone: '13600000000', id_number: id, place };
    const home = await new Browser(centre.address, language).open(`/apply/${item}`);
    await home.send(`/apply/${item}`, person);
    await home.send(`/apply/${item}`); // after a look at what was typed
    const number = home.path.match(/\/track\/(\d+)/)[1];
    // Answer by answer more is asked, as the page offers it.
    for (let page = 0; page < 6; page++) {
        await home.open(`/track/${number}/answers`);
        const offered = home.page('form[action$="/answers"] [name]').toArray().map((one) => home.page(one).attr('name'));
        await home.send('/answers', Object.fromEntries(Object.entries(farm(id)).filter(([name]) => offered.includes(name))));
        assert.equal(home.status, 200, home.text);
        if (!home.path.endsWith('/answers')) break;
    }
    await home.open(`/track/${number}`);
    const wanted = home.page('select[name="material"] option').toArray().map((one) => home.page(one).attr('value')).filter(Boolean);
    for (const material of wanted) {
        await home.send('/attach', { material }, [['papers', 'paper.pdf', scan(`${material} ${number}`), 'application/pdf']]);
        assert.equal(home.status, 200, home.text);
    }
    await home.send('/submit');
    assert.equal(home.status, 200, home.text);
    const town = await (await new Program(centre.address).signIn('zhen')).act(number, 'pass', { opinion: '材料齐全' });
    assert.equal(town.status, 201, JSON.stringify(town.body));
    return { home, number };
}

const offeredBy = (browser, action) => browser.form(action).find('[name^="answers."]').toArray().map((one) => browser.page(one).attr('name'));

for (const [language, id] of [['zh', '330499197002020016'], ['en', '330499197002020024']]) {
    const say = says[language];

    test(`two fields are corrected, and what follows from them is found by officers, ${language}`, async () => {
        const { home, number } = await handedIn(language, id);
        const desk = await new Browser(centre.address, language).signIn('shen');
        await desk.open(`/desk/cases/${number}`);
        await desk.send('/correct', { 'ask.daily': 'true', 'ask.quarter3': 'true', reason: '水量对不上' });
        assert.equal(desk.status, 422);
        assert.ok(desk.text.includes(say.fault), desk.text);
        await desk.send('/correct', { 'ask.daily': 'true', 'remark.daily': say.remark, 'ask.quarter3': 'true', 'remark.quarter3': '8000', reason: '水量对不上' });
        assert.equal(desk.status, 200, desk.text);

        // From the applicant's own page: the two fields alone, each with its remark.
        await home.open(`/track/${number}`);
        assert.deepEqual(offeredBy(home, '/supply'), ['answers.daily', 'answers.quarter3']);
        assert.ok(home.form('/supply').text().includes(say.again) && home.form('/supply').text().includes(say.remark), home.text);
        assert.equal(home.page('[name="answers.daily"]').attr('value'), '1200');
        assert.ok(home.page('section ol.history').text().includes(say.remark), 'the history says it too');
        await home.send('/supply', { 'answers.daily': '', 'answers.quarter3': 'many' });
        assert.equal(home.status, 422);
        assert.equal(home.page('.trouble li').length, 2, home.text);
        assert.equal(home.page('[name="answers.quarter3"]').attr('value'), 'many', 'what was typed stands there');
        await home.send('/supply', { 'answers.daily': '120', 'answers.quarter3': '10000' });
        assert.equal(home.status, 200, home.text);
        await home.open(`/track/${number}`);
        assert.ok(home.page('dl.facts').text().includes(language === 'zh' ? '18,000 立方米' : '18,000 m³'), 'computed anew: 8000 + 10000, and 120 × 150');
        assert.equal(home.page('form[action$="/supply"]').length, 0);

        // Another officer reviews, with the applicant's amount beside the one to be granted.
        await desk.open(`/desk/cases/${number}`);
        await desk.send('/accept');
        assert.equal(desk.status, 200, desk.text);
        assert.ok(desk.form('/pass').text().includes(say.wrote), desk.form('/pass').text());
        assert.equal(desk.form('/pass').find('[name="answers.granted_yearly"]').attr('value'), '18000');
        await desk.send('/pass', { 'answers.granted_yearly': '0', 'answers.granted_years': '', opinion: '建议准予' });
        assert.equal(desk.status, 422);
        assert.equal(desk.page('.trouble li').length, 2, desk.text);
        assert.ok(desk.text.includes(say.bounds), desk.text);
        await desk.send('/pass', { 'answers.granted_yearly': '15000', 'answers.granted_years': '5', 'answers.site_seen': 'true', 'answers.conditions': '装表计量', opinion: '建议准予' });
        assert.equal(desk.status, 200, desk.text);
        assert.ok(desk.text.includes(say.granted) && desk.text.includes(say.amount), desk.text);

        const decider = await new Program(centre.address).signIn('pizhun');
        const granted = await decider.act(number, 'grant', { opinion: '同意' });
        assert.equal(granted.status, 201, JSON.stringify(granted.body));
        assert.equal(granted.body.findings[0].kind, 'review');
        const decision = granted.body.documents.find(({ document_kind }) => document_kind === 'decision');
        await home.open(`/documents/${decision.code}`);
        assert.equal(home.status, 200);
    });
}

test('what a program sends beside the fields that are open is refused', async () => {
    const { number } = await handedIn('zh', '330499197002020032');
    const desk = await new Program(centre.address).signIn('shen');
    const asked = await desk.act(number, 'correct', { 'ask.daily': 'true', 'remark.daily': '请核对', reason: '水量对不上' });
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const clerk = await new Program(centre.address).signIn('shen');
    const closed = await clerk.act(number, 'supply', { 'answers.daily': '120', 'answers.days': '10' });
    assert.equal(closed.status, 422);
    assert.deepEqual(closed.body.errors.map(({ field }) => field), ['answers.days']);
    const unknown = await clerk.act(number, 'supply', { 'answers.nothing': '1' });
    assert.equal(unknown.status, 422);
    const done = await clerk.act(number, 'supply', { 'answers.daily': '120' });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    const early = await desk.act(number, 'accept', { 'answers.granted_yearly': '1' });
    assert.equal(early.status, 422, 'another step asks that');
});
