// SPDX-License-Identifier: Apache-2.0
// A person before Chromium. Wherever he arrives, the page is held against the rules; what is wrong with it
// is kept in `faults` until somebody asks.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { password } from '../stories/centre.mjs';
import { inspect } from './rules.mjs';

export const openBrowser = () => chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
});

let reader; // a second browser for axe, lest its windows stand before those of people

export async function closeBrowsers(browser) {
    await browser?.close();
    await reader?.close();
}

export class Visitor {
    // way: { language, width, script: whether JavaScript runs }
    static async come(browser, address, way, name = 'visitor') {
        const self = Object.assign(new Visitor(), { name, script: true, faults: [], status: 200 }, way);
        self.context = await browser.newContext({
            baseURL: address, locale: way.language === 'zh' ? 'zh-CN' : 'en-GB', viewport: { width: way.width, height: 900 },
            hasTouch: way.width < 600, javaScriptEnabled: self.script,
        });
        self.page = await self.context.newPage();
        // A click waits for frames to be drawn, of which a busy machine draws few: what is slow must not count as what hangs.
        self.page.setDefaultTimeout(60000);
        self.page.on('pageerror', (error) => self.blame(`script error: ${error.message}`));
        self.page.on('console', (message) => self.hear(message));
        return self;
    }

    static async staff(browser, address, way, account) {
        const self = await Visitor.come(browser, address, way, account);
        await self.open('/sign-in');
        return self.send('/sign-in', { account, password });
    }

    get path() {
        const { pathname, search } = new URL(this.page.url());
        return pathname + search;
    }

    blame(fault) {
        this.faults.push(`${decodeURI(this.path)}, ${this.width} px, ${this.language}, ${this.name}: ${fault}`);
    }

    // A page that is refused is told on the console too; that is no error of the page.
    hear(message) {
        const isOwnStatus = message.text().startsWith('Failed to load resource') && message.location().url === this.page.url().split('#')[0];
        if (message.type() === 'error' && !isOwnStatus) this.blame(`console: ${message.text()}`);
    }

    // The same page at the same address where scripts run, for axe needs them.
    async withScript() {
        if (this.script) return this.page;
        reader ??= await openBrowser();
        this.twin ??= await (await reader.newContext({ viewport: this.page.viewportSize() })).newPage();
        await this.twin.context().addCookies(await this.context.cookies());
        const [address, body] = [this.page.url().split('#')[0], await this.page.content()];
        await this.twin.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }), { times: 1 });
        await this.twin.goto(address);
        return this.twin;
    }

    async arrive(answer) {
        this.status = answer.status();
        await this.page.bringToFront();
        for (const fault of await inspect(this)) this.blame(fault);
        return this;
    }

    // Asserts that all pages since the last time were in order.
    isContent() {
        const faults = this.faults.splice(0);
        assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
    }

    // ---- going about ----

    async open(path) {
        return this.arrive(await this.page.goto(path));
    }

    // A busy Chromium loses about one of a thousand clicks, and no key that was seen. Where scripts run, it is asked
    // whether the mouse would hit; else the place cannot be waited for in a window that is not drawn.
    async press(what) {
        if (this.script) await what.click({ trial: true });
        await what.focus();
        await this.page.keyboard.press('Enter');
    }

    async click(what) {
        await this.page.bringToFront();
        const [answer] = await Promise.all([this.page.waitForNavigation(), this.press(what)]);
        return this.arrive(answer);
    }

    async follow(selector) {
        return this.click(this.page.locator(selector).first());
    }

    async tick(box) {
        if (await box.isChecked()) return undefined;
        await box.focus();
        return this.page.keyboard.press('Space');
    }

    async fill(form, name, value) {
        const field = form.locator(`[name="${name}"]`);
        const kind = await field.first().evaluate((one) => one.type);
        if (kind === 'select-one') return field.selectOption(value);
        if (kind === 'file') return field.first().setInputFiles(value);
        if (kind !== 'checkbox' && kind !== 'radio') return field.fill(value);
        for (const one of [value].flat()) await this.tick(form.locator(`[name="${name}"][value="${one}"]`));
    }

    // Fills in the form whose action ends in `action` and presses its button, unfolding it where it is folded.
    async send(action, fields = {}) {
        const [first] = Object.keys(fields); // of two forms with one address, the one that offers it
        const all = this.page.locator(`form[action$="${action}"]`);
        const form = first ? all.filter({ has: this.page.locator(`[name="${first}"]`) }) : all;
        const folded = this.page.locator('details:not([open])').filter({ has: form });
        const summary = folded.locator('summary').first();
        if (await folded.count()) await this.press(summary);
        for (const [name, value] of Object.entries(fields)) await this.fill(form, name, value);
        return this.click(form.locator('button:not([name=_save]):not([name=_drop])').last());
    }

    offers(action) {
        return this.page.locator(`form[action$="${action}"]`).count();
    }

    async leave() {
        await this.twin?.context().close();
        await this.context.close();
    }

    text() {
        return this.page.locator('main').innerText();
    }

    async bytes(link) {
        // A connection kept from before may end just now; a browser asks again too.
        const answer = await this.context.request.get(link, { maxRetries: 2 });
        assert.equal(answer.status(), 200, link);
        return { type: answer.headers()['content-type'], body: await answer.body() };
    }
}

export const pdf = (name, buffer) => ({ name, mimeType: 'application/pdf', buffer });
export const png = (name, buffer) => ({ name, mimeType: 'image/png', buffer });
