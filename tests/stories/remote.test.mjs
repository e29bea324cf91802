// SPDX-License-Identifier: Apache-2.0
// An outsider checks a centre with pinghu verify --url and keeps the checkpoint; between him and the centre stands
// whatever may go wrong: somebody who alters what passes, a server that misbehaves, a centre that tells two stories.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Centre, copyOf, newFolder, program } from './centre.mjs';
import { Program } from './people.mjs';
import { put } from './log.mjs';

let centre;
let folder;
let key;
let files = 0;
const keyOf = (database) => execFileSync(program, ['key', 'show', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pinghu-remote-'));
    centre = await Centre.open();
    key = keyOf(centre.database);
});
after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await centre.close();
});

const newFile = () => join(folder, `seen-${files++}`);

function verify(address, { seen = newFile(), by = key, words = [], env = {} } = {}) {
    const all = ['verify', '--url', `${address}/ledger/330482`, '--key', by, ...(seen ? ['--seen', seen] : []), ...words];
    return new Promise((done) => {
        execFile(program, all, { encoding: 'utf8', env: { ...process.env, LANG: 'C', ...env } },
            (error, said, told) => done({ status: error ? error.code : 0, said, told }));
    });
}

const sizeOf = async (where) => Number((await (await fetch(`${where.address}/ledger/330482/checkpoint`)).text()).split('\n')[1]);

// Begins a case and waits until it is public.
async function begin(where) {
    const before = await sizeOf(where);
    const item = where.accounts.match(/try: (\S+)/)[1];
    const clerk = await new Program(where.address).signIn('cun');
    await clerk.handIn(item, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    const until = Date.now() + 15000;
    while (await sizeOf(where) === before) assert.ok(Date.now() < until, 'a new checkpoint within seconds');
}

// Hands on what the centre answers, but what `alter` (path, bytes, status) makes of it; `serve` (path, answer) may
// answer by itself and then says so.
async function between({ alter = () => undefined, serve = () => false, to = centre.address }, work) {
    const server = createServer(async (question, answer) => {
        if (await serve(question.url, answer)) return;
        const got = await fetch(new URL(question.url, to));
        const bytes = Buffer.from(await got.arrayBuffer());
        answer.writeHead(got.status);
        answer.end(alter(question.url, bytes, got.status) ?? bytes);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    try {
        return await work(`http://127.0.0.1:${server.address().port}`);
    } finally {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
    }
}

const altered = (alter) => between({ alter }, (address) => verify(address));
const served = (serve) => between({ serve }, (address) => verify(address));

// The entries of a tile, and a tile of them.
function entriesOf(tile) {
    const entries = [];
    for (let at = 0; at < tile.length; at += 2 + tile.readUInt16BE(at)) entries.push(tile.subarray(at + 2, at + 2 + tile.readUInt16BE(at)));
    return entries;
}
const tileOf = (entries) => Buffer.concat(entries.flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry]));
const firstEntries = (change) => (path, bytes) => (path.endsWith('/tile/entries/000') ? tileOf(change(entriesOf(bytes))) : undefined);

test('a centre is checked, goes on, and is checked again', async () => {
    const seen = newFile();
    const first = await verify(centre.address, { seen });
    assert.deepEqual([first.status, first.told], [0, '']);
    const [, size] = first.said.match(/^The ledger “\S+” is sound: (\d+) entries make the tree that was signed\.\n$/);
    assert.equal(readFileSync(seen, 'utf8').split('\n')[1], size);
    await begin(centre);
    const again = await verify(centre.address, { seen, words: ['--progress'] });
    assert.match(again.said, new RegExp(`is sound: \\d+ entries make .*, and the ${size} seen last time are its beginning\\.`));
    assert.match(again.told, /(\d+) \/ \1 \(100 %\)/);
    const third = await verify(centre.address, { seen });
    assert.equal(third.status, 0, 'nothing new is no fault');
});

test('the checkpoint lies with what programs remember; the key may stand in a file, the county be left out', async () => {
    const file = newFile();
    writeFileSync(file, `${key}\n`);
    const state = join(folder, 'state');
    const { status, told } = await verify(centre.address, { seen: null, by: file, env: { XDG_STATE_HOME: state } });
    assert.equal(status, 0, told);
    assert.deepEqual(readdirSync(join(state, 'pinghu')), [`${key.split('+')[0]}.checkpoint`]);
    const bare = execFileSync(program, ['verify', `--url=${centre.address}/`, '--key', key, '--seen', file + '.seen'], { encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8' } });
    assert.match(bare, /完好/);
});

test('wrong words have status 2, a wrong key or address status 1', async () => {
    const words = (...all) => new Promise((done) => { execFile(program, ['verify', ...all], (error, said, told) => done({ status: error?.code, told })); });
    assert.equal((await words('--url', centre.address)).status, 2);
    assert.equal((await words('--url', centre.address, '--key', key, 'more')).status, 2);
    assert.equal((await words('--url')).status, 2);
    const none = await words('--url', 'ftp://x/ledger/1', '--key', key);
    assert.equal(none.status, 1);
    assert.match(none.told, /no address of a ledger/);
    assert.match((await words('--url', centre.address, '--key', 'a+b+c')).told, /no public key/);
    const other = join(folder, 'other.db');
    execFileSync(program, ['key', 'create', '--database', other], { stdio: 'ignore' });
    const wrong = await verify(centre.address, { by: keyOf(other) });
    assert.equal(wrong.status, 1);
    const [name, id] = key.split('+');
    assert.ok(wrong.told.includes(`but by: ${name}+${id}.`), wrong.told);
});

// ---- somebody alters what passes ----

test('one byte of an entry altered: the entry and the root are named', async () => {
    const { status, said, told } = await altered(firstEntries((entries) => {
        const text = entries[41].toString();
        entries[41] = Buffer.from(text.replace(/"commitment":"./, (found) => found.slice(0, -1) + (found.at(-1) === '0' ? '1' : '0')));
        return entries;
    }));
    assert.equal(status, 1);
    assert.equal(said, '');
    assert.match(told, /tile\/0\/000 does not fit entry 42/);
    assert.match(told, /tile\/1\/000\S* is not what the entries make: the first difference is at node 0/);
    assert.match(told, /do not make the root that was signed/);
});

test('an entry dropped, doubled, or no leaf at all', async () => {
    const dropped = await altered(firstEntries((entries) => entries.filter((_, i) => i !== 7)));
    assert.equal(dropped.status, 1);
    assert.match(dropped.told, /tile\/entries\/000 holds 255 entries that can be read, not 256/);
    const doubled = await altered(firstEntries((entries) => put(entries, 9, entries[8])));
    assert.match(doubled.told, /Entry 10 is number \d+ of its subject, where number \d+ should come/);
    assert.match(doubled.told, /do not make the root/);
    const blank = await altered(firstEntries((entries) => put(entries, 9, Buffer.from(entries[9].toString().replace(',', ', ')))));
    assert.match(blank.told, /Entry 10 is no public leaf in canonical JSON/);
    const moved = await altered(firstEntries((entries) => put(entries, 4, Buffer.from(entries[4].toString().replace('"county":330482', '"county":330483')))));
    assert.match(moved.told, /Entry 5 is of county 330483, not of 330482/);
});

test('a tile of hashes altered, cut or missing is named, though the entries are right', async () => {
    const hash = await altered((path, bytes) => { if (path.includes('/tile/0/001')) bytes[32 * 3] ^= 1; return bytes; });
    assert.equal(hash.status, 1);
    assert.match(hash.told, /tile\/0\/001 does not fit entry 260/);
    assert.match(hash.told, /make the root that was signed, but the ledger is not served as it should be: 1 faults/);
    const cut = await altered((path, bytes) => (path.includes('/tile/1/') ? bytes.subarray(1) : bytes));
    assert.match(cut.told, /tile\/1\/000\S* has a wrong length/);
    const missing = await served((path, answer) => path.includes('/tile/0/001') && answer.writeHead(404).end());
    assert.match(missing.told, /tile\/0\/001 answered with status 404/);
});

test('a tile cut short, garbage, a wrong length', async () => {
    for (const change of [(bytes) => bytes.subarray(0, -1), () => Buffer.alloc(1000, 0xff), () => Buffer.alloc(0), (bytes) => Buffer.concat([bytes, bytes])]) {
        const { status, told } = await altered((path, bytes) => (path.endsWith('/tile/entries/001') ? change(bytes) : undefined));
        assert.equal(status, 1);
        assert.match(told, /tile\/entries\/001 holds \d+ entries that can be read, not 256/);
    }
});

test('a checkpoint that is none, or not signed', async () => {
    for (const text of ['', '\n\n', 'garbage', '330482.pinghu\n-1\nx\n\n— x y\n', 'a\0b']) {
        const { status, told } = await altered((path) => (path.endsWith('/checkpoint') ? Buffer.from(text) : undefined));
        assert.equal(status, 1);
        assert.match(told, /is no checkpoint of the ledger/);
    }
    const raised = await altered((path, bytes) => (path.endsWith('/checkpoint') ? Buffer.from(bytes.toString().replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`)) : undefined));
    assert.match(raised.told, /is not signed by the key given/);
});

// ---- the centre tells two stories ----

const evidence = (told) => [...told.matchAll(/(\S+seen-\d+\.\d+\.[0-9a-f]{8})/g)].map(([file]) => file.replace(/\.$/, ''));

test('an older checkpoint: the log went back, both notes are kept', async () => {
    const old = await (await fetch(`${centre.address}/ledger/330482/checkpoint`)).text();
    const seen = newFile();
    await begin(centre);
    assert.equal((await verify(centre.address, { seen })).status, 0);
    const kept = readFileSync(seen, 'utf8');
    const back = await between({ alter: (path) => (path.endsWith('/checkpoint') ? Buffer.from(old) : undefined) }, (address) => verify(address, { seen }));
    assert.equal(back.status, 1);
    assert.match(back.told, /The log went back: it has \d+ entries, and had \d+/);
    const notes = evidence(back.told);
    assert.equal(notes.length, 2);
    assert.deepEqual(notes.map((file) => readFileSync(file, 'utf8')), [kept, old]);
    assert.equal(readFileSync(seen, 'utf8'), kept, 'what was seen last stays');
});

test('another history signed with the right key is found by who saw the first, and by nobody else', async () => {
    await centre.end('SIGTERM');
    const copy = copyOf(centre.database, newFolder('fork'));
    await centre.start();
    const fork = await Centre.open({ database: copy });
    const seen = newFile();
    await begin(centre);
    assert.equal((await verify(centre.address, { seen })).status, 0);
    await begin(fork);
    const same = await verify(fork.address, { seen });
    assert.match(same.told, /shows different histories/, 'of one size');
    await begin(fork);
    const { status, told } = await verify(fork.address, { seen });
    assert.equal(status, 1);
    assert.match(told, /shows different histories: the \d+ entries that you saw before are not the beginning of the \d+/);
    assert.ok(evidence(told).length === 2 && evidence(told).every((file) => existsSync(file)));
    assert.equal((await verify(fork.address)).status, 0, 'for a newcomer it is sound');
    assert.equal((await verify(centre.address, { seen })).status, 0, 'the first history still is');
    await fork.close();
});

test('entries altered on the way accuse nobody of two histories', async () => {
    const seen = newFile();
    assert.equal((await verify(centre.address, { seen })).status, 0);
    const alter = firstEntries((entries) => put(entries, 3, entries[4]));
    const { told } = await between({ alter }, (address) => verify(address, { seen }));
    assert.match(told, /do not make the root/);
    assert.doesNotMatch(told, /different histories/);
});

test('a damaged file of what was seen is told, not overwritten', async () => {
    const seen = newFile();
    writeFileSync(seen, 'nothing');
    const { status, told } = await verify(centre.address, { seen });
    assert.equal(status, 1);
    assert.match(told, /holds no checkpoint of the ledger/);
    assert.equal(readFileSync(seen, 'utf8'), 'nothing');
});

// ---- servers that misbehave ----

test('an endless answer, a redirection, an error, nobody there', async () => {
    const endless = await served((path, answer) => {
        if (!path.endsWith('/tile/entries/002')) return false;
        const more = () => { while (answer.write(Buffer.alloc(65536, 65)) && !answer.destroyed); };
        answer.on('drain', more);
        more();
        return true;
    });
    assert.equal(endless.status, 1);
    assert.match(endless.told, /tile\/entries\/002 answered more than such an answer may hold/);
    const moved = await served((path, answer) => path.endsWith('checkpoint') && answer.writeHead(302, { location: 'http://example.org/x' }).end());
    assert.match(moved.told, /sends on to http:\/\/example\.org\/x\. Redirections are not followed/);
    const lost = await served((path, answer) => path.endsWith('/tile/entries/001') && answer.writeHead(500).end());
    assert.match(lost.told, /tile\/entries\/001 answered with status 500, so the ledger cannot be checked/);
    const none = await verify('http://127.0.0.1:1');
    assert.equal(none.status, 1);
    assert.match(none.told, /did not answer/);
});

test('a busy server is asked again, not for ever', async () => {
    const asked = new Map();
    const turn = (path) => asked.set(path, (asked.get(path) ?? 0) + 1).get(path);
    const busy = (path, answer) => answer.writeHead(503, { 'retry-after': '1' }).end();
    const once = await served((path, answer) => path.endsWith('1') && turn(path) === 1 && busy(path, answer));
    assert.equal(once.status, 0, once.told);
    assert.ok([...asked.values()].includes(2));
    asked.clear();
    const always = await served((path, answer) => turn(path) && path.endsWith('checkpoint') && busy(path, answer));
    assert.match(always.told, /answered with status 503/);
    assert.deepEqual([...asked.values()], [5]);
});

test('a server that drips is given up', async () => {
    const { status, told } = await served((path, answer) => {
        if (!path.endsWith('/tile/entries/002')) return false;
        const drip = setInterval(() => answer.write('x'), 100);
        answer.on('close', () => clearInterval(drip));
        return true;
    });
    assert.equal(status, 1);
    assert.match(told, /did not answer \(Operation too slow/);
});

test('a tile that grew full since stands in for its part', async () => {
    const parts = new Map();
    const pad = (path, bytes) => (path.includes('/entries/') ? tileOf([...entriesOf(bytes), ...Array(256).fill(Buffer.from('later'))].slice(0, 256))
        : Buffer.concat([bytes, Buffer.alloc(8192 - bytes.length)]));
    const { status, told } = await served(async (path, answer) => {
        if (path.includes('.p/')) parts.set(path.split('.p/')[0], path);
        else if (!parts.has(path)) return false;
        const got = parts.has(path) ? await fetch(new URL(parts.get(path), centre.address)) : undefined;
        answer.writeHead(got ? 200 : 404).end(got && pad(path, Buffer.from(await got.arrayBuffer())));
        return true;
    });
    assert.equal(status, 0, told);
    assert.ok(parts.size >= 3);
});
