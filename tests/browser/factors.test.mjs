// SPDX-License-Identifier: Apache-2.0
// The second factor in Chromium: enrolling a telephone, coming in by it, what is seen of it. Every page is held against rules.mjs.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from '../stories/centre.mjs';
import { codeNow } from '../stories/telephone.mjs';
import { Visitor, closeBrowsers, openBrowser } from './visitor.mjs';

const ways = {
    'in Chinese at a desk': ['shou', { language: 'zh', width: 1280 }],
    'in English on a telephone': ['zhen', { language: 'en', width: 390 }],
    'on a small telephone without JavaScript': ['cun', { language: 'zh', width: 320, script: false }],
};
let centre, browser;

before(async () => {
    [centre, browser] = await Promise.all([Centre.open(), openBrowser()]);
    const guard = await Visitor.staff(browser, centre.address, { language: 'zh', width: 1280 }, 'quan');
    await guard.open('/desk/factors');
    await guard.tick(guard.page.locator('[name=roles][value=clerk]'));
    await guard.send('/desk/factors', {});
    for (const path of ['/desk/me', '/desk/code', '/sign-in/code']) await guard.open(path);
    guard.isContent();
    await guard.leave();
});
after(async () => {
    await closeBrowsers(browser);
    await centre?.close();
});

for (const [name, [account, way]] of Object.entries(ways))
    test(`a clerk enrols a telephone ${name}`, async () => {
        const clerk = await Visitor.staff(browser, centre.address, way, account);
        assert.match(clerk.path, /^\/sign-in\/enrol/);
        await clerk.send('/sign-in/enrol', { code: 'x' });
        assert.equal(clerk.status, 422);
        const secret = await clerk.page.locator('main code').first().textContent();
        await clerk.send('/sign-in/enrol', { code: codeNow(secret) });
        const codes = await clerk.page.locator('ol.codes code').allTextContents();
        assert.equal(codes.length, 10);
        await clerk.follow('main a.button');
        assert.equal(clerk.path, '/desk');
        for (const path of ['/desk/me', '/desk/code', '/desk/recovery', '/sign-in/both']) await clerk.open(path);
        clerk.isContent();
        await clerk.leave();
        const again = await Visitor.staff(browser, centre.address, way, account);
        await again.send('/sign-in/code', { code: 'x' });
        assert.equal(again.status, 422);
        await again.send('/sign-in/code', { code: codes[0] });
        assert.equal(again.path, '/desk');
        again.isContent();
        await again.leave();
    });
