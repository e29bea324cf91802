// SPDX-License-Identifier: Apache-2.0
// The application form on paper: a blank one from the guide, and one for one's own situation, to be filled in by hand.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser } from './people.mjs';
import { paperOf } from './papers.mjs';

const water = '/items/SLJ-01';
const says = {
    zh: { blank: '空白申请表', here: '您这种情况的空白申请表', title: '取水许可申请书', other: '申请人', notes: '填写说明' },
    en: { blank: 'Blank application form', here: 'Blank form for your situation', title: 'Application for a water abstraction permit', other: 'Applicant', notes: 'How to fill it in' },
};

let centre;
before(async () => { centre = await Centre.open(); });
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
}
