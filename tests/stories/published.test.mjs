// SPDX-License-Identifier: Apache-2.0
// Public statements never go back: over a restored backup, a change of key, a centre killed at work.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Centre, asked, backUp, program, restore } from './centre.mjs';
import { Program } from './people.mjs';
import { isSigned, keyOf, noteOf } from './log.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const key = (centre, word) => execFileSync(program, ['key', word, '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const told = async (centre, path) => (await fetch(new URL(`/ledger/330482/${path}`, centre.address))).text();
const checkpoint = async (centre) => noteOf(await told(centre, 'checkpoint'));
const kept = (centre) => noteOf(readFileSync(`${centre.beside}.checkpoint`, 'utf8'));
const counted = (centre) => Number(asked(centre.database, 'SELECT count(*) FROM event'));

async function checkpointOf(centre, least) {
    for (;;) {
        const note = await checkpoint(centre);
        if (note.size >= least) return note;
    }
}

async function act(centre) {
    const clerk = await new Program(centre.address).signIn('cun');
    assert.match(await clerk.handIn(centre.accounts.match(/try: (\S+)/)[1], applicant), /^\d{18}$/);
}

function said(centre, words, LANG = 'C') {
    const ended = spawnSync(program, [...words, '--database', centre.database], { encoding: 'utf8', env: { ...process.env, LANG } });
    return { status: ended.status, text: ended.stderr + ended.stdout };
}
const served = (centre, LANG) => said(centre, ['serve', '--listen', '127.0.0.1:0'], LANG);

const lastEntries = async (centre, size) => {
    const index = Math.floor((size - 1) / 256);
    const width = size - index * 256;
    return told(centre, `tile/entries/${String(index).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`);
};

test('new events are public within a second, and an idle centre signs nothing', async () => {
    const centre = await Centre.open();
    const first = await checkpoint(centre);
    const start = Date.now();
    await act(centre);
    const second = await checkpointOf(centre, first.size + 1);
    const waited = Date.now() - start;
    assert.ok(waited < 10000, `${waited} ms, also on a busy machine`);
    assert.deepEqual(kept(centre), second, 'what is told is on the disk');
    const file = () => { const { ino, mtimeMs } = statSync(`${centre.beside}.checkpoint`); return `${ino} ${mtimeMs}`; };
    const before = file();
    for (const until = Date.now() + 2500; Date.now() < until;) { // three looks
        const seen = await checkpoint(centre);
        if (counted(centre) === second.size) assert.deepEqual(seen, second); // else a timer has rung: it is idle no more
    }
    if (counted(centre) === second.size) assert.equal(file(), before);
    await centre.close();
});

test('a restored backup is refused with the way out, which everybody sees', async () => {
    const centre = await Centre.open();
    await centre.end('SIGTERM');
    const backup = backUp(centre.database);
    const old = keyOf(key(centre, 'show'));
    await centre.start();
    const { size } = await checkpoint(centre);
    await act(centre);
    const lost = await checkpointOf(centre, size + 1);
    await centre.end('SIGTERM');
    restore(centre.database, backup);

    const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
    const [english, chinese] = [served(centre, 'C'), served(centre, 'zh_CN.UTF-8')];
    assert.equal(english.status, 1);
    assert.match(english.text, new RegExp(`${day}, ${lost.size} events had been made public, but this database has only ${counted(centre)}`));
    for (const way of [/-wal/, /pinghu key renew-after-loss/]) {
        assert.match(english.text, way);
        assert.match(chinese.text, way);
    }
    assert.match(chinese.text, new RegExp(`已经公开了 ${lost.size} 条`));
    assert.equal(said(centre, ['key', 'rotate']).status, 1, 'nothing else writes to it either');
    const looked = said(centre, ['verify']);
    assert.equal(looked.status, 1);
    assert.match(looked.text, /had been made public, but this database has only/, 'verify names it and goes on');

    const renewed = keyOf(key(centre, 'renew-after-loss'));
    assert.equal(renewed.name, `${old.name}/2`);
    assert.equal(said(centre, ['key', 'renew-after-loss']).status, 1, 'there is nothing more to renew');
    await centre.start();
    const note = await checkpoint(centre);
    assert.equal(note.origin, renewed.name);
    assert.equal(said(centre, ['verify']).status, 0, 'what is there is sound again');
    assert.ok(isSigned(note, renewed) && !isSigned(note, old));
    const kept_note = noteOf(await told(centre, 'lost/1'));
    assert.deepEqual(kept_note, lost);
    assert.ok(isSigned(kept_note, old));
    assert.equal((await fetch(new URL('/ledger/330482/lost/2', centre.address))).status, 404);
    const entries = await lastEntries(centre, note.size);
    assert.match(entries, new RegExp(`"kind":"ledger.renewed"[^}]*"subject":"lost/${old.name}/${lost.size}"`));
    await act(centre);
    await checkpointOf(centre, note.size + 1);
    await centre.close();
});

test('a backup that went on on its own is refused too', async () => {
    const centre = await Centre.open();
    const { size } = await checkpoint(centre);
    await centre.end('SIGTERM');
    const [backup, note] = [backUp(centre.database), `${centre.beside}.checkpoint`];
    copyFileSync(note, `${note}.backup`);
    await centre.start();
    await act(centre);
    await checkpointOf(centre, size + 1);
    await centre.end('SIGTERM');
    copyFileSync(note, `${note}.first`);
    restore(centre.database, backup);
    copyFileSync(`${note}.backup`, note);
    await centre.start(); // as if the published checkpoint had been restored with it
    for (let i = 0; i < 3; i++) await act(centre);
    await centre.end('SIGTERM');
    copyFileSync(`${note}.first`, note); // the copy kept elsewhere tells
    const refused = served(centre);
    assert.equal(refused.status, 1);
    assert.match(refused.text, /are not those made public/);
    rmSync(centre.folder, { recursive: true, force: true });
});

test('one key takes over from the other, seen from outside', async () => {
    const centre = await Centre.open();
    assert.equal(said(centre, ['key', 'rotate']).status, 1, 'not while the centre is open');
    await centre.end('SIGTERM');
    const old = keyOf(key(centre, 'show'));
    const text = key(centre, 'rotate').trim();
    const fresh = keyOf(text);
    assert.equal(fresh.name, old.name);
    assert.equal(said(centre, ['key', 'rotate']).status, 1, 'one at a time');
    await centre.start();
    const both = await checkpoint(centre);
    assert.ok(isSigned(both, old) && isSigned(both, fresh));
    assert.match(await lastEntries(centre, both.size), new RegExp(`"kind":"key.rotated"[^}]*"subject":"key/${text.replaceAll('+', '\\+')}"`));
    await centre.end('SIGTERM');
    assert.equal(keyOf(key(centre, 'retire')).id, fresh.id);
    assert.equal(statSync(`${centre.beside}.key`).mode & 0o777, 0o600);
    await centre.start();
    const page = await fetch(new URL(`/ledger/330482/event/${both.size + 1}`, centre.address), { headers: { Accept: 'text/html', 'Accept-Language': 'en' } });
    assert.match(await page.text(), /Old signing key retired/);
    await act(centre);
    const after = await checkpointOf(centre, both.size + 2);
    assert.ok(!isSigned(after, old) && isSigned(after, fresh));
    assert.match(await lastEntries(centre, after.size), /"kind":"key.retired"/);
    await centre.close();
});

test('killed at work, the centre never told more than it has', async () => {
    const ROUNDS = 15;
    const centre = await Centre.open();
    let most = 0;
    for (let round = 0; round < ROUNDS; round++) {
        let open = true;
        const watch = async () => { while (open) most = Math.max(most, (await checkpoint(centre).catch(() => ({ size: 0 }))).size || 0); };
        const work = async () => { while (open) await act(centre).catch((error) => { if (error.name === 'AssertionError') throw error; }); };
        const toil = [watch(), work(), work()];
        const start = (await checkpoint(centre)).size;
        await checkpointOf(centre, start + 1 + round % 5);
        open = false;
        await centre.end('SIGKILL');
        await Promise.all(toil);
        assert.ok(kept(centre).size >= most, 'what was told is on the disk');
        assert.ok(counted(centre) >= kept(centre).size, `${counted(centre)} events, ${kept(centre).size} public`);
        assert.ok(!existsSync(`${centre.beside}.key.new`));
        await centre.start();
        assert.ok((await checkpoint(centre)).size >= most);
    }
    await centre.close();
});
