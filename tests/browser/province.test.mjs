// SPDX-License-Identifier: Apache-2.0
// The page of a province, and the way from it to a county.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Province } from '../stories/province.mjs';
import { Visitor, closeBrowsers, openBrowser } from './visitor.mjs';

let province;
let browser;
before(async () => { [province, browser] = await Promise.all([Province.open(), openBrowser()]); });
after(async () => {
    await closeBrowsers(browser);
    await province?.close();
});

const ways = { 'in Chinese': { language: 'zh', width: 1280 }, 'in English on a telephone': { language: 'en', width: 390 },
    'without JavaScript at 320 px': { language: 'zh', width: 320, script: false } };

for (const [name, way] of Object.entries(ways)) {
    test(`the province, ${name}`, async () => {
        const anyone = await Visitor.come(browser, province.at('zhejiang'), way);
        for (const [address, status] of [['/', 200], ['/?period=today', 200], ['/?period=between&from=2026-11-01&to=2026-01-01', 422], ['/api', 200], ['/track', 404]]) {
            await anyone.open(address);
            assert.equal(anyone.status, status, address);
        }
        await anyone.open('/');
        assert.equal(await anyone.page.locator('#counties-table tbody tr').count(), 3);
        await Promise.all([anyone.page.waitForURL(/haining\.localhost/), anyone.press(anyone.page.locator('#counties-table a', { hasText: way.language === 'zh' ? '海宁市' : 'Haining City' }))]);
        assert.match(await anyone.page.title(), way.language === 'zh' ? /海宁市政务服务中心/ : /Haining City Service Centre/);
        anyone.isContent();
        await anyone.leave();
    });
}
