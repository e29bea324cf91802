// SPDX-License-Identifier: Apache-2.0
// The rules that every page must hold, whoever looks at it, in whatever language and width. Each rule returns the
// sentences of what is wrong; inspect() tells them all.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const narrowest = 320;
const widths = [1280, 390, narrowest];
const pictures = process.env.PICTURES;
const names = { zh: /(政务服务中心|政务服务)$/, en: /(Service Centre|Public Services)$/ };
const langs = { zh: 'zh-CN', en: 'en' };
const mostTabs = 150;

// ---- rules ----

async function isNamed(page, language) {
    const [title, lang] = await page.evaluate(() => [document.title, document.documentElement.lang]);
    const faults = [];
    if (!names[language].test(title)) faults.push(`title “${title}”`);
    if (lang !== langs[language]) faults.push(`<html lang="${lang}">`);
    return faults;
}

function unlabelled() {
    return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter((field) => !field.labels.length || ![...field.labels].some((label) => label.textContent.trim()))
        .map((field) => `field “${field.name}” has no label`);
}

// The elements that stick out to the right, innermost first; empty where nothing has to be moved sideways.
function tooWide() {
    const root = document.scrollingElement;
    if (root.scrollWidth <= innerWidth) return [];
    const out = [...document.querySelectorAll('main *, header *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return [`scrolls sideways: ${root.scrollWidth} px; ${out.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')}`];
}

async function hasNoFinding(page) {
    await page.evaluate(axeSource);
    // No rule of serious impact that runs asks for style sheets and media, so axe does not fetch them.
    const { violations } = await page.evaluate(() => window.axe.run(document,
        { preload: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }));
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) =>
            `axe ${id}: ${html.slice(0, 160)} (${failureSummary.split('\n').slice(1, 3).join(' ').trim()})`));
}

// ---- the keyboard ----

// Puts the place where Tab goes on from at the top of the page.
function fromTheTop() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
}

function whereFocusIs() {
    const one = document.activeElement;
    const main = [...document.querySelectorAll('main .button:not(.second)')].find((button) => button.checkVisibility());
    return {
        skips: one.matches('.skip'), seen: getComputedStyle(one).outlineStyle !== 'none', nowhere: one === document.body,
        inMain: Boolean(one.closest('main')), arrived: one === main, html: one.outerHTML.slice(0, 100),
    };
}

const hasMainButton = () => [...document.querySelectorAll('main .button:not(.second)')].some((one) => one.checkVisibility());
const canGoOn = () => [...document.querySelectorAll('main a[href], main button, main input, main summary')].some((one) => one.checkVisibility());

async function tabTo(page, button) {
    for (let tabs = 0; tabs < mostTabs; tabs++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(whereFocusIs);
        if (tabs === 0 && !focus.inMain) return [`the skip link leads to ${focus.html}, not to the content`];
        if (!focus.seen) return [`focus cannot be seen on ${focus.html}`];
        if (focus.arrived || !button) return [];
        if (focus.nowhere) break;
    }
    return ['Tab does not reach the main button'];
}

async function obeysTheKeyboard(page) {
    await page.bringToFront();
    await page.evaluate(fromTheTop);
    await page.keyboard.press('Tab');
    const first = await page.evaluate(whereFocusIs);
    if (!first.skips) return [`Tab goes first to ${first.html}, not to the skip link`];
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.hash === '#main', { waitUntil: 'commit' }); // lest the next click takes it for its own
    return await page.evaluate(canGoOn) ? tabTo(page, await page.evaluate(hasMainButton)) : [];
}

// ---- all together ----

function unfold() {
    for (const one of document.querySelectorAll('details:not([open])')) one.open = one.dataset.unfolded = true;
}

function fold() {
    for (const one of document.querySelectorAll('details[data-unfolded]')) {
        one.open = false;
        delete one.dataset.unfolded;
    }
}

let taken = 0;
const pictureName = (visitor, width) =>
    `${visitor.language}-${width}-${String(taken).padStart(3, '0')}-${visitor.name}${visitor.path}`.replace(/[^\w.-]+/g, '_').slice(0, 90);

async function fits(visitor, widths, keep) {
    const faults = [];
    for (const width of widths) {
        await visitor.page.setViewportSize({ width, height: 900 });
        faults.push(...(await visitor.page.evaluate(tooWide)).map((fault) => `${width} px: ${fault}`));
        if (keep && width !== narrowest) await visitor.page.screenshot({ path: join(keep, `${pictureName(visitor, width)}.png`), fullPage: true });
    }
    return faults;
}

// A page that has been seen just so is not looked at again.
const seen = new Set();
async function isNew({ page, language, width, script }) {
    const html = (await page.content()).replace(/name="_(key|token)" value="[^"]*"/g, '');
    const known = [language, width, script, html].join();
    return !seen.has(known) && seen.add(known);
}

export async function inspect(visitor) {
    const { page, language, width } = visitor;
    if (!await isNew(visitor)) return [];
    taken++;
    const others = widths.filter((one) => one !== width);
    const faults = [...await isNamed(page, language), ...await page.evaluate(unlabelled), ...await fits(visitor, [...others, width], pictures)];
    await page.evaluate(unfold);
    faults.push(...await fits(visitor, [narrowest, width]), ...await hasNoFinding(await visitor.withScript()));
    await page.evaluate(fold);
    faults.push(...await obeysTheKeyboard(page));
    return [...new Set(faults)];
}
