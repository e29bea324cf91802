// SPDX-License-Identifier: Apache-2.0
// The application form on paper: a blank one from the guide, and one for one's own situation, to be filled in by hand; and the form of a case as far as it
// is filled in, which begins with what is known of the applicant.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { paperOf } from './papers.mjs';

const water = '/items/SLJ-01';
const says = {
    zh: { blank: '空白申请表', here: '您这种情况的空白申请表', title: '取水许可申请书', column: '申请类型', option: '只变更取水权人名称或者姓名', other: '申请人', notes: '填写说明', known: '已按登记的信息先填好', print: '打印申请表', draft: '草稿，尚未提交', masked: '查看完整信息' },
    en: { blank: 'Blank application form', here: 'Blank form for your situation', title: 'Application for a water abstraction permit', column: 'What you apply for', option: "Only a change of the holder's name", other: 'Applicant', notes: 'How to fill it in', known: 'Filled in from what is known already', print: 'Print the application form', draft: 'Draft, not submitted yet', masked: 'personal data in full' },
};

const person = { party_kind: 'person', name: '钱水生', telephone: '13600000000' };

let centre;
let place;
before(async () => {
    centre = await Centre.open();
    place = (await (await new Program(centre.address).signIn('cun')).get('/desk/apply/SLJ-01')).body.place.code;
});
after(() => centre.close());

const linkOf = (visitor, text) => visitor.page('a').toArray().map((one) => visitor.page(one)).find((one) => one.text().startsWith(text))?.attr('href');
const plain = (text) => text.replace(/\s+/g, ' ');

for (const language of ['zh', 'en']) {
    const say = says[language];

    test(`a visitor prints the blank form of an item, ${language}`, async () => {
        const visitor = await new Browser(centre.address, language).open(water);
        const paper = await paperOf(visitor, linkOf(visitor, say.blank), { dpi: 20 });
        for (const words of ['取水许可申请书', say.title, say.other, say.notes, '☐ 农业灌溉', '灌溉面积', '原取水许可证号', '申请人（签名或者盖章）', '经办人（签名）', 'SLJ-01'])
            assert.ok(plain(paper.text).includes(words), `${words} in ${paper.text}`);
        assert.ok(!paper.text.includes('☑'));
    });

    test(`the blank form of one's own situation asks for nothing else, ${language}`, async () => {
        const visitor = await new Browser(centre.address, language).open(`${water}/situation?answers.kind=new&answers.use=fish&answers.project=no`);
        const { text } = await paperOf(visitor, linkOf(visitor, say.here), { dpi: 20 });
        assert.ok(plain(text).includes('☑ 水产和规') && plain(text).includes('☐ 农业灌溉'), text);
        assert.ok(text.includes('养殖水面') && !text.includes('灌溉面积') && !text.includes('原取水许可证号'), text);
    });

    test(`an item without a form has none to print, and says so, ${language}`, async () => {
        const visitor = new Browser(centre.address, language);
        await visitor.open('/items/GAJ-04');
        assert.equal(linkOf(visitor, say.blank), undefined);
        await visitor.open('/items/GAJ-04/form');
        assert.equal(visitor.status, 404);
        await visitor.open(`${water}/form?else=1`);
        assert.equal(visitor.status, 422);
    });

    test(`the cataloguer prints the form of the newest version, ${language}`, async () => {
        const cataloguer = await new Browser(centre.address, language).signIn('xiang');
        await cataloguer.open('/desk/items/SLJ-01/form');
        const { text } = await paperOf(cataloguer, linkOf(cataloguer, say.blank), { dpi: 20 });
        assert.ok(text.includes('取水许可申请书'), text);
    });

    test(`the form begins with what is known, and is printed as far as it is filled in, ${language}`, async () => {
        const id_number = language === 'zh' ? '330499197001020014' : '330499197001020022';
        const begin = async (home) => {
            await home.open(`/apply/SLJ-01?situation=${encodeURIComponent('{"kind":["new"],"use":["farm"],"project":["no"]}')}`);
            await home.send('/apply/SLJ-01', { ...person, id_number, place });
            await home.send('/apply/SLJ-01'); // after a look at what was typed
            return home.path.match(/\/track\/(\d+)/)[1];
        };
        const home = new Browser(centre.address, language);
        const value = (name) => home.page(`[name="answers.${name}"]`).first().attr('value');
        const number = await begin(home);
        await home.open(`/track/${number}/answers`);
        assert.ok(home.text.includes(say.known), home.text);
        assert.deepEqual(['applicant_name', 'applicant_id', 'telephone'].map(value), ['钱水生', id_number, '13600000000']);
        assert.match(value('applied_on'), /^20\d\d-\d\d-\d\d$/);
        assert.equal(home.page('[name="answers.nature"][checked]').length, 0);

        await home.send('/answers', { 'answers.applicant_name': '钱水生养鱼场', 'answers.nature': 'person', 'answers.daily': '12.5', 'answers.saving': '滴灌' });
        assert.equal(home.status, 200, home.text);
        assert.ok(!home.text.includes(say.known) && value('applicant_name') === '钱水生养鱼场', 'what was changed stays changed');
        await home.open(`/track/${number}`);
        const { text } = await paperOf(home, linkOf(home, say.print), { dpi: 20 });
        for (const words of [say.draft, '取水许可申请书', '钱水生养鱼场', id_number, '☑ 农业灌溉', '12.5 立方米', '滴灌', '申请人（签名或者盖章）'])
            assert.ok(plain(text).includes(words), `${words} in ${text}`);

        const again = await begin(home);
        await home.open(`/track/${again}/answers`);
        assert.equal(home.page('[name="answers.nature"][checked]').attr('value'), 'person', 'as in the application before');
        assert.equal(value('applicant_name'), '钱水生', 'as this application says it');
        const other = new Browser(centre.address, language);
        const alone = await begin(other);
        await other.open(`/track/${alone}/answers`);
        assert.equal(other.page('[name="answers.nature"][checked]').length, 0, 'nobody else sees what was answered before');
        await other.open(`/track/${number}/form`);
        assert.ok([401, 403, 404].includes(other.status), `${other.status}`);
    });

    test(`at the desk the form is printed by who may see the applicant in clear, ${language}`, async () => {
        const id_number = language === 'zh' ? '330499197001020030' : '330499197001020049';
        const cun = await new Program(centre.address).signIn('cun');
        const { body: { number } } = await cun.post('/desk/apply/SLJ-01', { ...person, id_number, situation: '{"kind":["change_name"]}' });
        const { body: draft } = await cun.get(`/desk/cases/${number}`);
        const filled = { kind: 'change_name', applicant_name: '钱水生', applicant_id: id_number, nature: 'person', address: '新仓镇三叉河村12号', telephone: '13600000000',
                         permit_number: '取水（浙平）字〔2010〕第12号', former_name: '钱水生养鱼场', applied_on: '2014-09-01', declared: 'true' };
        const answers = Object.fromEntries(Object.entries(filled).map(([name, value]) => [`answers.${name}`, value]));
        assert.equal((await cun.post(`/desk/cases/${number}/answers`, { seen: draft.seen, ...answers })).status, 201);
        const { body: { materials } } = await cun.get(`/desk/cases/${number}`);
        assert.equal((await cun.act(number, 'submit', { materials: materials.filter((one) => !one.left_out).map(({ name }) => name) })).status, 201);

        const town = await new Browser(centre.address, language).signIn('zhen');
        await town.open(`/desk/cases/${number}`);
        assert.equal(linkOf(town, say.print), undefined);
        await town.open(`/desk/cases/${number}/form`);
        assert.equal(town.status, 403);
        assert.ok(town.text.includes(say.masked), town.text);
        assert.equal((await (await new Program(centre.address).signIn('zhen')).act(number, 'reveal', { reason: '窗口代为打印' })).status, 201);
        await town.open(`/desk/cases/${number}`);
        const { text } = await paperOf(town, linkOf(town, say.print), { dpi: 20 });
        for (const words of ['钱水生养鱼场', '☑ 只变更取水权人', '☑ 本人']) assert.ok(plain(text).includes(words), `${words} in ${text}`);
        assert.ok(!text.includes(say.draft) && !text.includes('取水事项'), text);

        for (const [account, action] of [['zhen', 'pass'], ['shen', 'accept']])
            assert.equal((await (await new Program(centre.address).signIn(account)).act(number, action, { opinion: '材料齐全' })).status, 201, action);
        const supervisor = await new Browser(centre.address, language).signIn('jian');
        const lines = async (query) => (await (await supervisor.ask(`/desk/cases?of=accepted&format=csv${query}`)).text()).split('\r\n');
        const [heads, ...rows] = await lines('&item=SLJ-01');
        assert.ok(heads.includes(say.column), heads);
        const row = rows.find((one) => one.includes(number));
        assert.ok(row?.includes(say.option) && !row.includes('钱水生'), row);
        assert.ok(!(await lines(''))[0].includes(say.column), 'files of several items have no answers');
    });
}
