// SPDX-License-Identifier: Apache-2.0
// A county is opened from an empty database by the pages alone, step by step, until its first case is accepted.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Centre, newDatabase, newFolder, openCounty } from '../stories/centre.mjs';
import { Visitor, closeBrowsers, openBrowser } from './visitor.mjs';

const data = join(dirname(fileURLToPath(import.meta.url)), '../../data');
const table = (name) => ({ name, mimeType: 'text/csv', buffer: readFileSync(join(data, name)) });
const way = { language: 'en', width: 1280 };
const ITEM = 'FGJ-01';
const county = '330482000000';

let centre, browser, first;
before(async () => {
    const database = newDatabase(newFolder('opening'), 'county');
    first = openCounty(database);
    [centre, browser] = await Promise.all([Centre.open({ database }), openBrowser()]);
});
after(async () => {
    await closeBrowsers(browser);
    await centre?.close();
});

// ---- signing in for the first time ----

// RFC 6238 with the secret that the page shows beside its picture.
function oneTimeCode(secret) {
    let bits = '';
    for (const letter of secret.replace(/\s/g, '')) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
    const hash = createHmac('sha1', key).update(step).digest();
    const at = hash[19] & 15;
    return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

async function signIn(account, password) {
    const person = await Visitor.come(browser, centre.address, way, account);
    await person.open('/sign-in');
    await person.send('/sign-in', { account, password });
    assert.match(person.path, /^\/sign-in\/password/, 'the first password opens nothing');
    await person.send('/sign-in/password', { new: `Yuhu-Lake-${account}x7`.replace(account, [...account].reverse().join('')), again: `Yuhu-Lake-${[...account].reverse().join('')}x7` });
    if (person.path.startsWith('/sign-in/enrol')) {
        await person.send('/sign-in/enrol', { code: oneTimeCode(await person.page.locator('main ol code').innerText()) });
        await person.follow('main a.button');
    }
    return person;
}

// ---- the way ----

const openSteps = async (person) => {
    await person.open('/desk/opening');
    return person.page.locator('main li.card-plain').evaluateAll((all) => all.filter((one) => !one.textContent.includes('✓')).map((one) => one.id.replace('step-', '')));
};

const people = [
    ['xiang', '项管', 99, county, 'cataloguer'], ['shou', '收件', 1, county, 'clerk'], ['shen', '审核', 1, county, 'reviewer'], ['pi', '批准', 1, county, 'approver'],
    ['zheng', '制证', 1, county, 'issuer', '', '2099-12-31'],
];

test('from the empty database to the first case', async (t) => {
    const come = {};
    const step = (name, tell) => t.test(name, async () => {
        await tell();
        for (const one of Object.values(come)) one.isContent();
    });

    await step('the three administrators sign in, and everything is still to be done', async () => {
        for (const account of ['system', 'security', 'audit']) come[account] = await signIn(account, first[account]);
        assert.deepEqual(await openSteps(come.system), ['divisions', 'organs', 'staff', 'seals', 'items', 'case']);
    });

    await step('a table with faults changes nothing; the right one does the step', async () => {
        const spoilt = { ...table('divisions.csv'), buffer: Buffer.from(table('divisions.csv').buffer.toString().replace(',town,', ',hamlet,')) };
        await come.system.send('/opening/divisions', { divisions: spoilt });
        assert.equal(come.system.status, 422);
        assert.match(await come.system.text(), /hamlet/);
        assert.ok((await openSteps(come.system)).includes('divisions'));
        await come.system.send('/opening/divisions', { divisions: table('divisions.csv') });
        await come.system.send('/opening/organs', { organs: table('organs.csv') });
        for (const kind of ['divisions', 'organs']) {
            const example = Buffer.from(await come.system.page.locator(`#step-${kind} pre`).textContent());
            await come.system.send(`/opening/${kind}`, { [kind]: { name: 'example.csv', mimeType: 'text/csv', buffer: example } });
            assert.equal(come.system.status, 200, `what the page shows of ${kind} fits`);
        }
        assert.deepEqual(await openSteps(come.system), ['staff', 'seals', 'items', 'case']);
        assert.equal(await come.system.offers('/desk/people'), 0);
    });

    const passwords = {};
    await step('the staff are entered from a table, each with a slip', async () => {
        const rows = people.map((row) => `${[...row, '', ''].slice(0, 7).join(',')}\n`).join('');
        await come.security.open('/desk/opening');
        await come.security.follow('#step-staff a');
        await come.security.send('/people/import', { table: { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`account,name,organ,division,role,from,to\n${rows}`) } });
        assert.equal(come.security.path, '/desk/people/first-passwords');
        for (const slip of await come.security.page.locator('.slip').all()) {
            const [account, password] = await slip.locator('dd').allInnerTexts();
            passwords[account] = password;
        }
        assert.deepEqual(Object.keys(passwords).sort(), people.map(([account]) => account).sort());
        assert.deepEqual(await openSteps(come.security), ['seals', 'items', 'case']);
    });

    await step('the security administrator makes all seals at once', async () => {
        await come.security.open('/desk/opening');
        await come.security.follow('#step-seals a');
        await come.security.send('/seals/all', {});
        assert.equal(come.security.status, 200);
        assert.deepEqual(await openSteps(come.security), ['items', 'case']);
    });

    await step('every page of the desk of people is in order, also where it refuses', async () => {
        for (const path of ['/desk/people?q=shou', '/desk/duties', '/desk/rights']) await come.security.open(path);
        await come.security.open('/desk/people?q=sh');
        await come.security.follow('tbody a');
        await come.security.send('/appoint', { organ: '1', division: county, role: 'clerk', from: '2001-01-01', to: '2001-01-02' });
        assert.equal(come.security.status, 422);
        await come.security.send('/leave', { from: '2001-01-01', until: '2001-01-02', deputy: 'nobody' });
        assert.equal(come.security.status, 422);
        await come.security.send('/rename', { name: '新名' });
        assert.match(await come.security.text(), /新名/);
    });

    await step('the keeper of the services publishes them', async () => {
        come.xiang = await signIn('xiang', passwords.xiang);
        await come.xiang.open('/desk/opening');
        await come.xiang.follow('#step-items a');
        const example = Buffer.from(await come.xiang.page.locator('pre').textContent());
        await come.xiang.send('/items/import', { table: { name: 'example.csv', mimeType: 'text/csv', buffer: example } });
        assert.equal(come.xiang.status, 200, 'what the page shows of items fits');
        await come.xiang.send('/items/import', { table: table('items.csv'), publish: ['true'] });
        assert.deepEqual(await openSteps(come.xiang), ['case']);
    });

    await step('a clerk takes the first case in, and a reviewer accepts it', async () => {
        come.shou = await signIn('shou', passwords.shou);
        await come.shou.open('/desk/me');
        await come.shou.follow('main a[href="/desk/opening"]');
        await come.shou.follow('#step-case a');
        assert.equal(come.shou.path, '/desk/apply');
        await come.shou.open(`/desk/apply/${ITEM}`);
        await come.shou.send(`/desk/apply/${ITEM}`, { party_kind: 'enterprise', name: '平湖示例厂', id_number: '92330482MAXXXX090B', telephone: '13800000000' });
        const { path } = come.shou;
        assert.match(path, /^\/desk\/cases\/\d{18}$/, await come.shou.text());
        const materials = await come.shou.page.locator('form[action$="/submit"] [name=materials]').evaluateAll((all) => all.map((one) => one.value));
        await come.shou.send('/submit', { materials });
        assert.equal(come.shou.status, 200, await come.shou.text());
        come.shen = await signIn('shen', passwords.shen);
        await come.shen.open(path);
        await come.shen.send('/accept', {});
        assert.equal(come.shen.status, 200, await come.shen.text());
    });

    await step('the way is at its end', async () => {
        assert.deepEqual(await openSteps(come.audit), []);
        assert.match(await come.audit.text(), /All steps are done/);
        assert.doesNotMatch(await come.audit.page.locator('footer').innerText(), /demo/);
        assert.match(await come.audit.page.title(), /Pinghu Service Centre/);
        await come.security.open('/desk/factors');
        for (const box of await come.security.page.locator('main [name=roles]').all()) await box.uncheck();
        await come.security.send('/desk/factors', {});
        assert.match(await come.security.text(), /No role must use a second factor/);
        assert.doesNotMatch(await come.security.text(), /demo/);
    });
});
