// SPDX-License-Identifier: Apache-2.0
// From a village desk to a licence in hand, told by people who fill in forms in a browser without
// JavaScript; once in Chinese, once in English.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, scan } from './people.mjs';
import { picture } from './scans.mjs';

const words = {
    zh: { passed: '情况属实', missing: '缺一份材料', granted: '同意', draft: '草稿', correction: '补正', special: '专家评审', delivered: '已送达', licence: '证照' },
    en: { passed: 'All is as stated', missing: 'One paper is missing', granted: 'Agreed', draft: 'draft', correction: 'papers awaited', special: 'xpert review', delivered: 'elivered', licence: 'Licence' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

async function person(account, language) {
    return new Browser(centre.address, language).signIn(account);
}

const materialsOf = (browser) => [...new Set(browser.page('select[name=material] option').toArray().map((one) => browser.page(one).attr('value')))];

for (const language of ['zh', 'en']) {
    test(`a villager's licence, ${language}`, async (t) => {
        const said = words[language];
        const clerk = await person('cun', language);
        const town = await person('zhen', language);
        const reviewer = await person('shen', language);
        const approver = await person('pizhun', language);
        let number;
        let materials;

        await t.test('the clerk finds the item and takes the application in', async () => {
            await clerk.open('/desk/apply');
            await clerk.send('/desk/apply', { q: item });
            const link = clerk.page(`a[href$="/desk/apply/${item}"]`);
            await clerk.open(link.attr('href'));
            await clerk.send(`/desk/apply/${item}`, {
                party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000',
            });
            assert.match(clerk.path, /^\/desk\/cases\/\d{18}$/);
            number = clerk.path.split('/').pop();
            assert.ok(clerk.text.includes(said.draft), clerk.text);
        });

        await t.test('scans two papers in one go, and hands all but one over', async () => {
            materials = materialsOf(clerk);
            assert.ok(materials.length >= 3, 'the item asks for three papers or more');
            const files = [['papers', '申请 1.pdf', scan(`${number} one`), 'application/pdf'],
                ['papers', 'photo.png', picture(300, number), 'image/png']];
            await clerk.send('/attach', { material: materials[0] }, files);
            assert.equal(clerk.status, 200, clerk.text);
            assert.ok(clerk.html.includes('申请 1.pdf'));
            await clerk.send('/submit', { materials: materials.slice(1, -1) });
            assert.equal(clerk.status, 200, clerk.text);
        });

        await t.test('the town finds it in its inbox, pre-reviews it and passes it up', async () => {
            await town.open('/desk');
            while (!town.page(`a[href*="${number}"]`).length) await town.open(town.page('.more a').attr('href') ?? assert.fail(`not in the inbox:\n${town.text}`));
            await town.open(`/desk/cases/${number}`);
            await town.send('/pass', { opinion: said.passed });
            assert.equal(town.status, 200, town.text);
            assert.equal(town.page('form[action$="/pass"]').length, 0, 'it is no longer the town\'s');
        });

        await t.test('the department asks once for a missing paper, and gets it', async () => {
            await reviewer.open(`/desk/cases/${number}`);
            assert.ok(reviewer.text.includes(said.passed));
            assert.ok(!reviewer.text.includes('330499198001010013'), 'the identity number is masked');
            await reviewer.send('/correct', { materials: materials.at(-1), reason: said.missing });
            assert.ok(reviewer.text.includes(said.correction), reviewer.text);
            await clerk.open(`/desk/cases/${number}`);
            assert.ok(clerk.text.includes(said.missing));
            await clerk.send('/supply');
            assert.equal(clerk.status, 409, 'nothing was brought yet');
            await clerk.send('/attach', { material: materials.at(-1) }, [['papers', 'last.pdf', scan(`${number} last`), 'application/pdf']]);
            await clerk.send('/supply');
            assert.equal(clerk.status, 200, clerk.text);
        });

        await t.test('accepts, sends it to an expert review while the clock stands still', async () => {
            await reviewer.open(`/desk/cases/${number}`);
            assert.equal(reviewer.page('form[action$="/correct"]').length, 0, 'papers are asked for once only');
            await reviewer.send('/accept');
            assert.equal(reviewer.status, 200, reviewer.text);
            await reviewer.send('/suspend', { special: 'expert_review', days: 10 });
            assert.ok(reviewer.text.includes(said.special), reviewer.text);
            assert.ok(reviewer.page('.light.grey').length > 0, 'the light is grey');
            await reviewer.send('/resume', { opinion: said.passed });
            for (let steps = 0; reviewer.page('form[action$="/pass"]').length; steps++) {
                assert.ok(steps < 5 && reviewer.status === 200, reviewer.text);
                await reviewer.send('/pass', { opinion: said.passed });
            }
        });

        await t.test('decides, and the town prints and hands over the licence', async () => {
            await approver.open(`/desk/cases/${number}`);
            await approver.send('/grant', { opinion: said.granted });
            assert.equal(approver.status, 200, approver.text);
            await town.open(`/desk/cases/${number}`);
            await town.send('/issue');
            const person = [town, clerk];
            for (const one of person) {
                await one.open(`/desk/cases/${number}`);
                if (one.page('form[action$="/deliver"]').length) await one.send('/deliver');
            }
            assert.ok(clerk.text.includes(said.delivered), clerk.text);
        });

        await t.test('the licence has a code that leads to the page which verifies it', async () => {
            const [, link] = documentLinks(clerk).findLast(([kind]) => kind === said.licence);
            const { text, verify: code } = await paperOf(clerk, link);
            assert.ok(text.includes('张三示例'), text);
            assert.match(code, /^http:\/\/127\.0\.0\.1:\d+\/verify\/\w{16}$/);
            const anyone = await new Browser(centre.address, language).open(new URL(code).pathname);
            assert.equal(anyone.status, 200, anyone.text);
            assert.ok(anyone.text.includes('张**例') || anyone.text.includes('张*'), anyone.text);
            assert.ok(!anyone.text.includes('张三示例'), 'the name is masked for who only has the code');
        });

        await t.test('the villager follows the case and rates the service', async () => {
            await clerk.send('/new-slip');
            assert.equal(clerk.path, `/desk/cases/${number}/slip`, clerk.text);
            const [code] = clerk.text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/) ?? assert.fail(clerk.text);
            for (const words of ['查询码', 'Tracking code']) assert.ok(clerk.text.includes(words), 'the slip is in both languages');
            const villager = await new Browser(centre.address, language).open('/track');
            await villager.send('/track', { number, code });
            assert.equal(villager.path, `/track/${number}`);
            assert.equal(villager.page('form[action$="/withdraw"]').length, 0, 'what is done cannot be withdrawn');
            assert.equal(villager.page('form[action$="/rate"]').length, 0, 'by a code that the clerk has seen nobody rates');
            await villager.send('/own-code', { id_number: '330499198001010013' });
            assert.equal(villager.path, `/track/${number}/slip`, villager.text);
            await villager.open(`/track/${number}`);
            await villager.send('/rate', { level: 5 });
            assert.equal(villager.status, 200, villager.text);
            assert.equal(villager.page('form[action$="/rate"]').length, 0, 'it is rated once');
        });
    });
}
