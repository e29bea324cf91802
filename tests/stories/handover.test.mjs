// SPDX-License-Identifier: Apache-2.0
// A ledger changes its key, as an outsider with the old one sees it. The ledger here is the test's own, so that it can
// also be handed over by somebody who has no right to.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './centre.mjs';
import { put } from './log.mjs';

const NAME = 'test.example/330482';
let folder;
let files = 0;
before(() => { folder = mkdtempSync(join(tmpdir(), 'pinghu-handover-')); });
after(() => rmSync(folder, { recursive: true, force: true }));
const newFile = () => join(folder, `seen-${files++}`);

// ---- a ledger ----

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const level = (hashes) => Array.from({ length: hashes.length >> 8 }, (_, i) => rootOf(hashes.slice(i * 256, i * 256 + 256)));
function rootOf(leaves) {
    if (leaves.length < 2) return leaves[0] ?? sha();
    let cut = 1;
    while (cut * 2 < leaves.length) cut *= 2;
    return sha(Buffer.from([1]), rootOf(leaves.slice(0, cut)), rootOf(leaves.slice(cut)));
}

function newKey() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const bytes = Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url')]);
    const id = sha(Buffer.from(`${NAME}\n`), bytes).subarray(0, 4);
    const line = (text) => `— ${NAME} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`;
    return { id: id.toString('hex'), line, text: `${NAME}+${id.toString('hex')}+${bytes.toString('base64')}` };
}

class Log {
    constructor(keys, entries = []) {
        this.keys = keys;
        this.entries = [...entries];
    }

    add(kind, subject, sequence = 1) {
        this.entries.push(Buffer.from(JSON.stringify({ at: '2014-09-03T01:30:00.000Z', commitment: 'ab'.repeat(32), county: 330482,
            division: 0, item: '', kind, organ: 0, sequence, subject })));
        return this;
    }

    addCases(count) {
        for (let i = 0; i < count; i++) this.add('case.begun', `case/${this.entries.length}`);
        return this;
    }

    note() {
        const text = `${NAME}\n${this.entries.length}\n${rootOf(this.leaves()).toString('base64')}\n`;
        return `${text}\n${this.keys.map((key) => key.line(text)).join('')}`;
    }

    leaves() { return this.entries.map((entry) => sha(Buffer.from([0]), entry)); }

    answer(path) {
        if (path.endsWith('/checkpoint')) return this.note();
        const [, kind, index, width] = path.match(/\/tile\/(\w+)\/(\d{3})(?:\.p\/(\d+))?$/);
        const cut = (all) => all.slice(Number(index) * 256, Number(index) * 256 + Number(width ?? 256));
        if (kind === 'entries') return Buffer.concat(cut(this.entries).flatMap((one) => [Buffer.from([one.length >> 8, one.length & 255]), one]));
        return Buffer.concat(cut(kind === '0' ? this.leaves() : level(this.leaves())));
    }
}

async function verify(log, key, seen) {
    const server = createServer((question, answer) => answer.end(log.answer(question.url)));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const words = ['verify', '--url', `http://127.0.0.1:${server.address().port}/ledger/330482`, '--key', key.text, '--seen', seen];
    const found = await new Promise((done) => {
        execFile(program, words, { encoding: 'utf8', env: { ...process.env, LANG: 'C' } }, (error, said, told) => done({ status: error?.code ?? 0, said, told }));
    });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    return found;
}

const assertSound = ({ status, told }) => assert.deepEqual([status, told], [0, '']);
const assertUnsigned = ({ status, told }, key) => {
    assert.equal(status, 1);
    assert.match(told, /is not signed by the key given/);
    assert.ok(told.includes(`but by: ${NAME}+${key.id}.`), told);
};

// ---- what is seen ----

test('a ledger of any size is checked as it grows', async () => {
    const log = new Log([newKey()]);
    const seen = newFile();
    for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 700]) {
        assertSound(await verify(log.addCases(size - log.entries.length), log.keys[0], seen));
        assert.equal(readFileSync(seen, 'utf8').split('\n')[1], String(size));
    }
});

test('who looked while both keys signed goes on with the old one and is told the new', async () => {
    const [old, next] = [newKey(), newKey()];
    const seen = newFile();
    const log = new Log([old]).addCases(300);
    assertSound(await verify(log, old, seen));
    log.add('key.rotated', `key/${next.text}`).addCases(3);
    log.keys = [next, old];
    assertSound(await verify(log, old, seen));
    log.addCases(300).keys = [next];
    const handed = await verify(log, old, seen);
    assertSound(handed);
    assert.ok(handed.said.endsWith(`From now on use: ${next.text}\n`), handed.said);
    assertUnsigned(await verify(log, old, seen), next);
    assertSound(await verify(log.addCases(1), next, seen));
});

test('who did not look in between is told who signs, and to fetch the new key', async () => {
    const [old, next] = [newKey(), newKey()];
    const seen = newFile();
    const log = new Log([old]).addCases(300);
    assertSound(await verify(log, old, seen));
    log.add('key.rotated', `key/${next.text}`).keys = [next];
    assertUnsigned(await verify(log, old, seen), next);
    assertUnsigned(await verify(log, old, newFile()), next);
    assertSound(await verify(log, next, seen));
});

test('nobody takes a ledger over by himself', async () => {
    const [old, next, thief] = [newKey(), newKey(), newKey()];
    const seen = newFile();
    const log = new Log([old]).addCases(20).add('key.rotated', `key/${next.text}`);
    assertSound(await verify(log, old, seen));
    const kept = readFileSync(seen, 'utf8');
    const taken = new Log([thief], log.entries).add('key.rotated', `key/${thief.text}`).addCases(5);
    assertUnsigned(await verify(taken, old, seen), thief);
    const instead = new Log([thief]).addCases(20).add('key.rotated', `key/${thief.text}`).addCases(5);
    assertUnsigned(await verify(instead, old, seen), thief);
    const rewritten = new Log([next]).add('key.rotated', `key/${next.text}`).addCases(40);
    assertUnsigned(await verify(rewritten, old, seen), next);
    const announced = new Log([next], put(log.entries, 20, log.entries[0])).addCases(9);
    assertUnsigned(await verify(announced, old, seen), next);
    assert.equal(readFileSync(seen, 'utf8'), kept);
});

test('what was seen under another key neither accuses nor is forgotten', async () => {
    const [mine, other] = [newKey(), newKey()];
    const seen = newFile();
    assertSound(await verify(new Log([other]).addCases(9), other, seen));
    const { status, told } = await verify(new Log([mine]).add('a', 'b').addCases(12), mine, seen);
    assert.equal(status, 1);
    assert.match(told, /does not go on from the checkpoint kept in \S+, but that one is not signed by the key given/);
    assertSound(await verify(new Log([other]).addCases(10), other, seen));
});
