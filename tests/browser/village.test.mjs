// SPDX-License-Identifier: Apache-2.0
// From a village desk to a licence in hand, clicked through in Chromium: in Chinese on a desk's screen, in
// English on a telephone, and on a telephone without JavaScript. Every page on the way is held against rules.mjs.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre } from '../stories/centre.mjs';
import { scan } from '../stories/people.mjs';
import { Visitor, closeBrowsers, openBrowser, pdf, png } from './visitor.mjs';

const words = {
    zh: { opinion: '情况属实', missing: '缺一份材料', granted: '同意', draft: '草稿', correction: '待补正', delivered: '已送达' },
    en: { opinion: 'All is as stated', missing: 'One paper is missing', granted: 'Agreed', draft: 'draft', correction: 'papers awaited', delivered: 'delivered' },
};
const ways = {
    'in Chinese at a desk': { language: 'zh', width: 1280 },
    'in English on a telephone': { language: 'en', width: 390 },
    'on a telephone without JavaScript': { language: 'zh', width: 390, script: false },
};
const photo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let centre;
let browser;
let item;
before(async () => {
    [centre, browser] = await Promise.all([Centre.open(), openBrowser()]);
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(async () => {
    await closeBrowsers(browser);
    await centre?.close();
});

const includes = async (visitor, said) => assert.ok((await visitor.text()).toLowerCase().includes(said), `“${said}” in:\n${await visitor.text()}`);
const optionsOf = (visitor) => visitor.page.locator('select[name=material] option').evaluateAll((all) => [...new Set(all.map((one) => one.value))]);
const textOfPdf = (bytes) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' });

async function openDocument(visitor, which) {
    const links = await visitor.page.locator('a[href^="/documents/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    const { type, body } = await visitor.bytes(links.at(which));
    assert.equal(type, 'application/pdf');
    return textOfPdf(body);
}

async function findInInbox(visitor, number) {
    await visitor.open('/desk');
    while (!await visitor.page.locator(`a[href*="${number}"]`).count()) await visitor.follow('.more a');
    return visitor.follow(`a[href*="${number}"]`);
}

for (const [told, way] of Object.entries(ways))
    test(`a villager's licence, ${told}`, async (t) => {
        const said = words[way.language];
        const people = {};
        for (const account of ['cun', 'zhen', 'shen', 'pizhun']) people[account] = await Visitor.staff(browser, centre.address, way, account);
        const { cun: clerk, zhen: town, shen: reviewer, pizhun: approver } = people;
        const openCase = (visitor) => visitor.open(`/desk/cases/${number}`);
        const step = (name, tell) => t.test(name, async () => {
            await tell();
            for (const one of Object.values(people)) one.isContent();
        });
        let number;
        let materials;

        await step('the clerk finds the item and takes the application in', async () => {
            await clerk.follow('main a[href="/desk/apply"]');
            await clerk.send('/desk/apply', { q: item });
            await clerk.follow(`a[href$="/desk/apply/${item}"]`);
            await clerk.send(`/desk/apply/${item}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
            number = clerk.path.match(/^\/desk\/cases\/(\d{18})$/)[1];
            await includes(clerk, said.draft);
        });

        await step('scans two papers in one go, and hands all but one over', async () => {
            materials = await optionsOf(clerk);
            await clerk.send('/attach', { material: materials[0], papers: [pdf('申请 1.pdf', scan(number)), png('photo.png', Buffer.concat([photo, Buffer.from(number)]))] });
            assert.equal(clerk.status, 200);
            assert.equal(await clerk.page.locator('.papers li').count(), 2);
            assert.equal(await clerk.page.locator('.papers img').count(), 1, 'the photo is shown small');
            await clerk.send('/submit', { materials: materials.slice(1, -1) });
            assert.equal(clerk.status, 200, await clerk.text());
        });

        await step('the town finds it in its inbox, pre-reviews it and passes it up', async () => {
            await findInInbox(town, number);
            await town.send('/pass', { opinion: said.opinion });
            assert.equal(await town.offers('/pass'), 0, 'it is no longer the town\'s');
        });

        await step('the department asks once for a missing paper, and gets it', async () => {
            await findInInbox(reviewer, number);
            await reviewer.send('/correct', { materials: materials.at(-1), reason: said.missing });
            await includes(reviewer, said.correction);
            await openCase(clerk);
            await includes(clerk, said.missing.toLowerCase());
            await clerk.send('/supply');
            assert.equal(clerk.status, 409, 'nothing was brought yet');
            await clerk.send('/attach', { material: materials.at(-1), papers: [pdf('last.pdf', scan(`${number} last`))] });
            await clerk.send('/supply');
            assert.equal(clerk.status, 200, await clerk.text());
        });

        await step('accepts, sends it to an expert review while the clock stands still', async () => {
            await openCase(reviewer);
            assert.equal(await reviewer.offers('/correct'), 0, 'papers are asked for once only');
            await reviewer.send('/accept');
            await reviewer.send('/suspend', { special: 'expert_review', days: '10' });
            assert.ok(await reviewer.page.locator('.light.grey').count(), 'the light is grey');
            await reviewer.send('/resume', { opinion: said.opinion });
            for (let steps = 0; steps < 5 && await reviewer.offers('/pass'); steps++) await reviewer.send('/pass', { opinion: said.opinion });
            assert.equal(reviewer.status, 200, await reviewer.text());
        });

        await step('decides, and the town prints and hands over the licence', async () => {
            await findInInbox(approver, number);
            await approver.send('/grant', { opinion: said.granted });
            await findInInbox(town, number);
            await town.send('/issue');
            assert.ok((await openDocument(town, -1)).includes('张三示例'), 'the licence names its holder');
            for (const one of [town, clerk]) {
                await openCase(one);
                if (await one.offers('/deliver')) await one.send('/deliver');
            }
            await openCase(clerk);
            await includes(clerk, said.delivered);
        });

        await step('the villager follows the case and rates the service', async () => {
            await clerk.send('/new-slip');
            const [code] = (await clerk.text()).match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/);
            const villager = people.villager = await Visitor.come(browser, centre.address, way, 'villager');
            await villager.open('/');
            await villager.follow('main a[href="/track"]');
            await villager.send('/track', { number, code });
            assert.equal(villager.path, `/track/${number}`);
            await villager.send('/own-code', { id_number: '330499198001010013' });
            await villager.follow('main a.button');
            await villager.send('/rate', { level: '5' });
            assert.equal(villager.status, 200, await villager.text());
            assert.equal(await villager.offers('/rate'), 0, 'it is rated once');
            await villager.send('/leave');
        });

        await step('the supervisor pages through all cases', async () => {
            const supervisor = people.supervisor = await Visitor.staff(browser, centre.address, way, 'jian');
            const first = await supervisor.page.locator('table.list tbody a').count();
            await supervisor.follow('.more a');
            assert.ok(first > 10 && await supervisor.page.locator('table.list tbody a').count() > 0);
            await supervisor.follow('table.list tbody a');
        });
        for (const one of Object.values(people)) await one.leave();
    });
