// SPDX-License-Identifier: Apache-2.0
// The situation of an item: people answer question by question and see only their papers; its cataloguer changes the form, has all
// situations tried and publishes it for a later day, while today's guide stays.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const water = '/items/SLJ-01';
const says = {
    zh: { title: '我需要带哪些材料', study: '水资源论证报告书（表）', form: '取水许可申请书', none: '您不需要办理这个事项', again: '重新看', sound: '每一种都走得通' },
    en: { title: 'Which documents do I need?', study: 'Water resources study (or form)', form: 'Application for a water abstraction permit', none: 'You need not apply for this service', again: 'Show again', sound: 'each leads to an end' },
};

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

// Chooses one more answer in the form as it stands, as a browser sends it.
async function answer(visitor, name, code) {
    const form = visitor.page('form.question').first();
    const given = visitor.fieldsOf(form).filter(([key]) => key.startsWith('answers.') && key !== `answers.${name}`);
    assert.ok(form.find(`[name="answers.${name}"][value="${code}"]`).length, `${name} offers ${code}`);
    return visitor.open(`${form.attr('action')}?${new URLSearchParams([...given, [`answers.${name}`, code]])}`);
}

for (const language of ['zh', 'en']) {
    const say = says[language];

    test(`an answer leads to the next question, and the last to one's own papers, ${language}`, async () => {
        const visitor = await new Browser(centre.address, language).open(water);
        await visitor.open(visitor.page('a[href$="/situation"]').first().attr('href'));
        assert.equal(visitor.heading, say.title);
        assert.equal(visitor.page('[name="answers.use"]').length, 0, 'what is asked later is not shown');
        await answer(visitor, 'kind', 'new');
        await answer(visitor, 'use', 'farm');
        assert.ok(!visitor.text.includes(say.study));
        await answer(visitor, 'project', 'no');
        const papers = visitor.page('section[role="status"] li').text();
        assert.ok(papers.includes(say.form) && !papers.includes(say.study), papers);
        await answer(visitor, 'project', 'large');
        assert.ok(visitor.page('section[role="status"] li').text().includes(say.study));
        await answer(visitor, 'use', 'household');
        assert.ok(visitor.text.includes(say.none) && !visitor.text.includes(say.study));
    });

    test(`answers that nothing asks for lead to the question again, ${language}`, async () => {
        const visitor = new Browser(centre.address, language);
        for (const wrong of ['answers.kind=other', 'answers.kind=', 'answers.else=1', 'answers.use=farm', 'answers.kind=new&answers.kind=renew&answers.use=nowhere']) {
            await visitor.open(`${water}/situation?${wrong}`);
            assert.equal(visitor.status, 200, wrong);
            assert.equal(visitor.page('section[role="status"]').length, 0, wrong);
        }
        await visitor.open(`${water}/situation?else=1`);
        assert.equal(visitor.status, 422);
        await visitor.open('/items/GAJ-04/situation');
        assert.equal(visitor.status, 404);
    });

    test(`the cataloguer sees every situation tried, ${language}`, async () => {
        const keeper = await new Browser(centre.address, language).signIn('xiang');
        await keeper.open('/desk/items/SLJ-01/form');
        assert.ok(keeper.text.includes(say.sound));
        await keeper.open('/desk/items/SLJ-01/form?answers.kind=new&answers.use=farm&answers.project=no&answers.telephone=x');
        assert.ok(keeper.page('[name="answers.reason"]').length && !keeper.page('[name="answers.permit_number"]').length);
    });
}

test('a row of a table is added and taken away by buttons, and nothing that was typed is lost', async () => {
    const keeper = await new Browser(centre.address, 'zh').signIn('xiang');
    const typed = { 'answers.kind': 'new', 'answers.use': 'industry', 'answers.project': 'no', 'answers.source': 'deep', 'answers.telephone': '不是电话', 'answers.wells.1.depth': '30' };
    await keeper.open(`/desk/items/SLJ-01/form?${new URLSearchParams(typed)}`);
    const press = (value) => {
        const button = keeper.page(`button[name="_row"][value="${value}"]`);
        const form = button.closest('form');
        const given = keeper.fieldsOf(form).filter(([name]) => name.startsWith('answers.'));
        return keeper.open(`${button.attr('formaction').split('#')[0]}?${new URLSearchParams([...given, ['_row', value]])}`);
    };
    await press('+answers.wells.2.number');
    assert.equal(keeper.page('[name="answers.wells.1.depth"]').attr('value'), '30');
    assert.equal(keeper.page('[name="answers.wells.2.depth"]').attr('value'), '');
    assert.equal(keeper.page('[name="answers.telephone"]').attr('value'), '不是电话');
    await press('-answers.wells.2');
    assert.equal(keeper.page('[name="answers.wells.2.depth"]').length, 0);
    assert.equal(keeper.page('[name="answers.wells.1.depth"]').attr('value'), '30');
});

test('a program is told the answers and the papers', async () => {
    const { status, body } = await new Program(centre.address).get(`${water}/situation?answers.kind=renew`);
    assert.equal(status, 200);
    assert.deepEqual(body.answers, { kind: 'renew' });
    assert.deepEqual(body.materials.filter((one) => one.is_asked).map((one) => one.name), ['取水许可申请书']);
});

test('a form with faults is refused with each of them, and nothing of what was typed is lost', async () => {
    const keeper = await new Browser(centre.address, 'zh').signIn('xiang');
    await keeper.open('/desk/items/SLJ-01/form');
    const before = keeper.page('[name="definition"]').text();
    const broken = JSON.parse(before);
    broken.situation[0].when = 'kind = "new"';
    broken.papers.push({ name: '没有的材料', when: 'kind = "new"' });
    await keeper.send('/desk/items/SLJ-01/form', { definition: JSON.stringify(broken) });
    assert.equal(keeper.status, 422);
    assert.ok(keeper.text.includes('用到了它自己'), keeper.text.slice(0, 600));
    assert.ok(keeper.page('[name="definition"]').text().includes('没有的材料'));
    assert.ok(!/\{\{|“”/.test(keeper.text));
});

test('a form is published for a later day, and today\'s guide stays', async () => {
    const keeper = await new Browser(centre.address, 'zh').signIn('xiang');
    await keeper.open('/desk/items/SLJ-01/form');
    const changed = JSON.parse(keeper.page('[name="definition"]').text());
    changed.situation[0].options = changed.situation[0].options.filter((one) => one.code !== 'change_name');
    const rest = JSON.stringify(changed).replaceAll('kind in (\\"renew\\", \\"change_name\\")', 'kind = \\"renew\\"');
    await keeper.send('/desk/items/SLJ-01/form', { definition: rest });
    assert.equal(keeper.status, 200, keeper.text.slice(0, 600));
    assert.match(keeper.text, /没有一种情形|每一种都走得通/);
    const day = new Date(Date.now() + 8 * 3600e3 + 7 * 86400e3).toISOString().slice(0, 10);
    await keeper.open('/desk/items/SLJ-01');
    assert.ok(keeper.text.includes('申请表'));
    await keeper.send('/desk/items/SLJ-01/publish', { since: day });
    assert.equal(keeper.status, 200, keeper.text.slice(0, 600));
    const visitor = await new Browser(centre.address, 'zh').open(`${water}/situation`);
    assert.ok(visitor.page('[value="change_name"]').length, 'today it is asked as before');
});
