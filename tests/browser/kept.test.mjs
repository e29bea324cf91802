// SPDX-License-Identifier: Apache-2.0
// Nothing that somebody has typed is lost, seen in Chromium: the page asks before it posts, what is typed at length is saved by itself, and
// without JavaScript a button saves it.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, password } from '../stories/centre.mjs';
import { Browser, Program, scan } from '../stories/people.mjs';
import { Visitor, closeBrowsers, openBrowser, pdf } from './visitor.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const ways = {
    'in Chinese at a desk': { language: 'zh', width: 1280 },
    'in English on a telephone': { language: 'en', width: 390 },
};

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

const handedIn = async () => (await new Program(centre.address).signIn('cun')).handIn(item, villager);
async function endSessionsOf(account) {
    const elsewhere = await new Browser(centre.address, 'en').signIn(account);
    await elsewhere.send('/sign-out');
}
const opinion = (visitor) => visitor.page.locator('form[action$="/pass"] [name=opinion]');
async function type(visitor, text) {
    await opinion(visitor).pressSequentially(text);
    await visitor.page.locator('form[action$="/pass"] [data-kept]:not(:empty)').waitFor();
}

// Signs in at the window that the dialog opens, and comes back.
async function signInAgain(visitor, account) {
    const [way] = await Promise.all([visitor.context.waitForEvent('page'), visitor.page.locator('#ended a').click()]);
    await way.waitForLoadState();
    await way.fill('[name=account]', account);
    await way.fill('[name=password]', password);
    await Promise.all([way.waitForNavigation(), way.keyboard.press('Enter')]);
    await way.close();
    await visitor.page.bringToFront();
}

for (const [told, way] of Object.entries(ways)) {
    test(`what is typed at length is there again after a crash, ${told}`, async () => {
        const path = `/desk/cases/${await handedIn()}`;
        const before = await Visitor.staff(browser, centre.address, way, 'zhen');
        await before.open(path);
        await type(before, 'The yard is paved; ');
        await before.context.close(); // without a word to the page
        const after = await Visitor.staff(browser, centre.address, way, 'zhen');
        await after.open(path);
        assert.equal(await opinion(after).inputValue(), 'The yard is paved; ');
        await after.send('/pass', { opinion: 'The yard is paved; the well is closed.' });
        assert.equal(after.status, 200);
        await after.open(path);
        assert.equal(await after.page.locator('[name=_drop]').count(), 0, 'it is gone when it was sent');
        assert.deepEqual(await after.page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
        after.isContent();
        await after.leave();
    });

    test(`the page asks before it posts when the session has ended, ${told}`, async () => {
        const path = `/desk/cases/${await handedIn()}`;
        const town = await Visitor.staff(browser, centre.address, way, 'zhen');
        await town.open(path);
        await endSessionsOf('zhen');
        await type(town, 'Seen on the spot.');
        town.faults.length = 0; // the console tells of the save that came too late
        const { page } = town;
        await page.locator('form[action$="/pass"] button.button').first().click();
        await page.locator('#ended[open]').waitFor();
        assert.equal(new URL(page.url()).pathname, path, 'nothing was posted');
        await signInAgain(town, 'shen');
        await page.locator('#ended [value=go]').click();
        await page.locator('#ended [role=status]:not(:empty)').waitFor();
        assert.match(await page.locator('#ended').innerText(), way.language === 'en' ? /Another account/ : /另一个账户/);
        await signInAgain(town, 'zhen').catch(() => undefined); // may be on its way already: coming back is noticed
        if (await page.locator('#ended[open]').count()) await page.locator('#ended [value=go]').click().catch(() => undefined);
        await page.waitForFunction(() => document.body.innerText.includes('Seen on the spot.') && !document.querySelector('form[action$="/pass"]'));
        await town.leave();
    });
}

test('files that were chosen go along when the session has ended', async () => {
    const clerk = await Visitor.staff(browser, centre.address, ways['in English on a telephone'], 'cun');
    await clerk.open(`/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, villager);
    const number = clerk.path.split('/').pop();
    await endSessionsOf('cun');
    const form = clerk.page.locator('form[action$="/attach"]');
    await clerk.page.evaluate(() => { heard = 0; document.querySelectorAll('details').forEach((one) => { one.open = true; }); });
    await form.locator('[name=papers]').first().setInputFiles(pdf('contract.pdf', scan('asked')));
    await form.locator('button.button').first().click();
    await clerk.page.locator('#ended[open]').waitFor();
    await signInAgain(clerk, 'cun');
    await clerk.page.locator('#ended [value=go]').click({ timeout: 5000 }).catch(() => undefined);
    await clerk.page.waitForFunction(() => document.querySelectorAll('a[href*="/papers/"]').length > 0);
    const { body } = await (await new Program(centre.address).signIn('cun')).get(`/desk/cases/${number}`);
    assert.equal(body.materials[0].papers.length, 1);
    await clerk.leave();
});

test('without JavaScript a button saves, and the password is asked for on the spot', async () => {
    const path = `/desk/cases/${await handedIn()}`;
    const town = await Visitor.staff(browser, centre.address, { language: 'en', width: 390, script: false }, 'zhen');
    await town.open(path);
    await opinion(town).fill('Half of it');
    await town.click(town.page.locator('form[action$="/pass"] [name=_save]'));
    assert.equal(await opinion(town).inputValue(), 'Half of it');
    await endSessionsOf('zhen');
    await town.send('/pass', { opinion: 'All of it' });
    assert.equal(town.status, 401);
    await town.send('/sign-in', { account: 'zhen', password });
    assert.equal(town.path, path);
    await town.send('/pass');
    assert.match(await town.text(), /All of it/);
    town.isContent();
    await town.leave();
});
