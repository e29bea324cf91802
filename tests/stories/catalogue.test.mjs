// SPDX-License-Identifier: Apache-2.0
// The cataloguer records what normative documents order; the public sees each change and what it makes of the figures.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Centre, asked } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const today = () => new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10); // in the county
const document = { document: '关于下放审批事项的通知', document_number: `平政发〔${today().slice(0, 4)}〕45号` };

let centre, anyone, keeper;
before(async () => {
    centre = await Centre.open();
    anyone = new Program(centre.address);
    keeper = await new Browser(centre.address, 'en').signIn('xiang');
});
after(() => centre.close());

const total = async (path) => (await anyone.get(path)).body.total;

test('a change without its document is refused, and nothing is lost of what was typed', async () => {
    await keeper.open('/desk/items/FGJ-02');
    assert.match(keeper.text, /only if you chose “Merged”/);
    await keeper.send('/change', { kind: 'delegated', level: 'town', day: today(), document: '', document_number: '' });
    assert.equal(keeper.status, 422);
    assert.match(keeper.text, /Please enter the name of the normative document/);
    assert.equal(keeper.form('/change').find('select[name=kind] option[selected]').attr('value'), 'delegated');
    assert.equal(await total('/items/changes?kind=delegated'), 0);
});

test('a delegation with its document: the public list shows it, the towns take the item in, the figures follow', async () => {
    assert.equal(await total('/items/register?delegated=town'), 0);
    await keeper.open('/desk/items/FGJ-02');
    await keeper.send('/change', { kind: 'delegated', level: 'town', day: today(), ...document });
    assert.equal(keeper.status, 422);
    assert.match(keeper.text, /Without one nobody may decide/);
    await keeper.send('/change', { kind: 'delegated', level: 'town', power_source: 'entrusted', day: today(), ...document });
    assert.equal(keeper.status, 200, keeper.text);
    assert.match(keeper.text, /关于下放审批事项的通知/);
    const { body } = await anyone.get('/items/changes?kind=delegated');
    assert.equal(body.total, 1);
    assert.equal(body.changes[0].item, 'FGJ-02');
    const reader = await new Browser(centre.address, 'en').open('/items/changes?kind=delegated');
    assert.match(reader.text, /Delegated Towns and subdistricts 《关于下放审批事项的通知》平政发/);
    assert.equal(await total('/items/register?delegated=town'), 1);
    assert.equal(await total('/items/departments?delegated=town'), 1);
    assert.match((await reader.open('/items/FGJ-02')).text, /Xincang Town/);
    assert.match(reader.text, /Entrusted, in the name of the authority that entrusts it 《关于下放审批事项的通知》/);
});

test('a cancelled item is gone for the public, not from the records', async () => {
    const all = await total('/items/register');
    await keeper.open('/desk/items/FGJ-03');
    await keeper.send('/change', { kind: 'cancelled', day: today(), ...document });
    assert.equal(keeper.status, 200, keeper.text);
    assert.match(keeper.text, /no longer accepted/);
    assert.equal((await anyone.get('/items/FGJ-03')).status, 404);
    assert.equal(await total('/items/register'), all - 1);
    assert.equal(await total('/items/changes?item=FGJ-03'), 2); // taken in with the table, cancelled
});

test('the table that is exported comes back the same, as a workbook too; what is no workbook says what to do', async () => {
    const take = async (name, bytes) => {
        await keeper.open('/desk/items');
        await keeper.send('/desk/items/import', {}, [['table', name, bytes, 'application/octet-stream']]);
    };
    const drafts = () => asked(centre.database, 'SELECT COUNT(*) FROM item').trim();
    const before = drafts();
    for (const format of ['csv', 'xlsx']) {
        const bytes = Buffer.from(await (await keeper.ask(`/desk/items/table?format=${format}`)).arrayBuffer());
        await take(`items.${format}`, bytes);
        assert.equal(keeper.status, 200, keeper.text);
        assert.equal(drafts(), before, format);
        if (format === 'xlsx') {
            await take('items.xlsx', bytes.subarray(0, bytes.length / 2));
            assert.equal(keeper.status, 422);
            assert.match(keeper.text, /No table can be read from this file/);
        }
    }
});

test('a version is published from a later day on: until then the old one holds, and people see what comes', async () => {
    const [header, ...rows] = readFileSync(new URL('../../data/items.csv', import.meta.url), 'utf8').trim().split('\n');
    const row = rows.find((line) => line.startsWith('FGJ-01,'));
    const tomorrow = new Date(Date.now() + 32 * 3600 * 1000).toISOString().slice(0, 10);
    await keeper.open('/desk/items');
    const name = (await anyone.get('/items/FGJ-01')).body.name;
    await keeper.send('/desk/items/import', {}, [['table', 'items.csv', Buffer.from(`${header}\n${row.replace(name, `${name}（新）`)}\n`), 'text/csv']]);
    assert.equal(keeper.status, 200, keeper.text);
    await keeper.open('/desk/items?list=items_waiting');
    assert.match(keeper.text, /FGJ-01/);
    await keeper.open('/desk/items/FGJ-01');
    await keeper.send('/publish', { since: '2014-01-01' });
    assert.equal(keeper.status, 422);
    assert.match(keeper.text, /cannot come into force on a day that has passed/);
    await keeper.send('/publish', { since: tomorrow });
    assert.equal(keeper.status, 200, keeper.text);
    const now = (await anyone.get('/items/FGJ-01')).body, then = (await anyone.get(`/items/FGJ-01?on=${tomorrow}`)).body;
    assert.equal(now.name, name);
    assert.deepEqual(now.coming, { version: now.version + 1, from_day: tomorrow });
    assert.equal(then.name, `${name}（新）`);
    const reader = await new Browser(centre.address, 'en').open('/items/FGJ-01');
    assert.match(reader.text, new RegExp(`From .+ on, version ${now.version + 1} holds`));
    await reader.follow('See that version');
    assert.match(reader.text, /This is the guide that holds on/);
});

test('a day mistyped for an announced version is mended, and the page says which one never held', async () => {
    const next = new Date(Date.now() + 20 * 24 * 3600 * 1000).toISOString().slice(0, 10), year = new Date().getFullYear();
    const { name, version, specials } = (await anyone.get('/items/FGJ-04')).body;
    await keeper.open('/desk/items');
    const [header, ...rows] = readFileSync(new URL('../../data/items.csv', import.meta.url), 'utf8').trim().split('\n');
    const table = Buffer.from(`${header}\n${rows.find((line) => line.startsWith('FGJ-04,')).replace(name, `${name}（新）`)}\n`);
    await keeper.send('/desk/items/import', { publish: 'true', since: `${year + 70}-12-31` }, [['table', 'items.csv', table, 'text/csv']]);
    assert.equal(keeper.status, 422);
    assert.match(keeper.text, /at most a year ahead/);
    await keeper.open('/desk/items');
    await keeper.send('/desk/items/import', {}, [['table', 'items.csv', table, 'text/csv']]);
    await keeper.open('/desk/items/FGJ-04');
    await keeper.send('/publish', { since: new Date(Date.now() + 300 * 24 * 3600 * 1000).toISOString().slice(0, 10) });
    assert.equal(keeper.status, 200, keeper.text);
    await keeper.send('/publish', { since: next });
    assert.equal(keeper.status, 200, keeper.text);
    assert.match(keeper.text, new RegExp(`Version ${version + 1} · replaced before it came into force`));
    assert.match(keeper.text, new RegExp(`Version ${version} · in force`));
    assert.match(keeper.text, new RegExp(`Version ${version + 2}, “.+”, is announced`));
    assert.equal((await anyone.get(`/items/FGJ-04?on=${next}`)).body.version, version + 2);
    assert.equal((await anyone.get('/items/changes?item=FGJ-04')).body.changes.length, 2); // listed, and revised once
    await keeper.send('/change', { kind: 'left', day: today(), ...document });
    assert.equal(keeper.status, 200, keeper.text);
    assert.equal((await anyone.get('/items/FGJ-04')).body.name, name);
    assert.equal((await anyone.get(`/items/FGJ-04?on=${next}`)).body.name, `${name}（新）`);
    assert.ok(specials.length > 0);
    assert.match((await new Browser(centre.address, 'en').open('/items/FGJ-04')).text, /Administrative Licensing Law, article 45/);
});

test('a page that a list does not have says so, and leads back', async () => {
    for (const path of ['/items', '/items/register', '/items/changes']) {
        const reader = await new Browser(centre.address, 'en').open(`${path}?page=900`);
        assert.match(reader.text, /This list has \d+ pages; there is no page 900/);
        await reader.follow('See the first page');
        assert.doesNotMatch(reader.text, /no page 900/);
    }
});

test('the keeper finds an item by its pinyin, and takes the list along as a file', async () => {
    const { body } = await new Program(centre.address).get('/items/FGJ-02');
    await keeper.open('/desk/items');
    await keeper.send('/desk/items', { q: 'qiyetouzi' });
    assert.equal(keeper.status, 200, keeper.text);
    const rows = keeper.page('table.list tbody tr');
    assert.equal(rows.find('a[href*="/desk/items/FGJ-02"]').length, 1, keeper.text);
    const csv = await (await keeper.ask('/desk/items?q=qiyetouzi&format=csv')).text();
    assert.ok(csv.includes(body.name), csv.slice(0, 300));
    assert.equal(csv.trim().split('\r\n').length, rows.length + 1, 'the file has what was searched');
});

test('every total is the number of rows of all its pages', async () => {
    for (const path of ['/items/register', '/items/changes?kind=listed']) {
        let rows = 0, next = path;
        for (let first; next; next = first.next) {
            first = (await anyone.get(next)).body;
            rows += (first.items ?? first.changes).length;
        }
        assert.equal(rows, await total(path), path);
    }
    const { body } = await anyone.get('/items/departments');
    assert.equal(body.departments.length, body.total);
    assert.equal((await anyone.get('/items/places?level=town')).body.places.length, await total('/items/places?level=town'));
});

test('the table that the keeper takes out goes in again unchanged; one element changed is a version that says so', async () => {
    const waiting = async () => (await (await keeper.ask('/desk/items?list=items_waiting', { headers: { Accept: 'application/json' } })).json()).total;
    const before = await waiting();
    const csv = await (await keeper.ask('/desk/items/table?format=csv')).text();
    await keeper.open('/desk/items');
    await keeper.send('/desk/items/import', {}, [['table', 'items.csv', Buffer.from(csv), 'text/csv']]);
    assert.equal(keeper.status, 200, keeper.text);
    assert.equal(await waiting(), before);
    const row = csv.split('\r\n').find((line) => line.startsWith('"SLJ-01"'));
    const entrusted = `${csv.split('\r\n')[0]}\r\n${row.replace('"statutory"', '"entrusted"')}\r\n`;
    await keeper.open('/desk/items');
    await keeper.send('/desk/items/import', { publish: 'true' }, [['table', 'items.csv', Buffer.from(entrusted), 'text/csv']]);
    assert.equal(keeper.status, 200, keeper.text);
    await keeper.open('/desk/items/SLJ-01');
    assert.match(keeper.text, /Source of power\s*Its own by law\s*Entrusted/);
    const reader = await new Browser(centre.address, 'en').open('/items/SLJ-01');
    assert.match(reader.text, /Source of power\s*Entrusted/);
    assert.equal((await anyone.get('/items/SLJ-01')).body.power_source, 'entrusted');
    assert.equal((await new Program(centre.address).get('/desk/items/table')).status, 401);
});
