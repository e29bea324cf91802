// SPDX-License-Identifier: Apache-2.0
// One server has the database, by whatever name a second calls it; who only reads may do so beside it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Centre, program } from './centre.mjs';

const run = (...words) => spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8' }, timeout: 60000 });
const serve = (database) => run('serve', '--database', database, '--listen', '127.0.0.1:0');

function refused({ status, stderr, stdout }, sentence) {
    assert.equal(status, 1, stderr);
    assert.match(stderr, sentence);
    assert.equal(stdout, '');
}

test('a second server on the same file is refused under every name of it', async () => {
    const centre = await Centre.open();
    const folder = dirname(centre.database);
    const inUse = /Another program is using the database file \S+city\.db\. Stop that program first/;
    refused(serve(centre.database), inUse);
    const link = join(folder, 'link.db');
    symlinkSync(centre.database, link);
    refused(serve(link), inUse);
    mkdirSync(join(folder, 'deep'));
    refused(serve(`${folder}/deep/../${basename(centre.database)}`), inUse);
    const second = join(folder, 'second.db');
    linkSync(centre.database, second);
    refused(serve(second), /has several names \(hard links\)/);
    unlinkSync(second);
    await centre.close();
});

test('verify reads beside a running server and changes nothing', async () => {
    const centre = await Centre.open();
    const found = run('verify', '--database', centre.database);
    assert.equal(found.status, 0, found.stderr);
    await centre.end('SIGKILL');
    const log = readFileSync(`${centre.database}-wal`);
    assert.equal(run('verify', '--database', centre.database).status, 0);
    assert.deepEqual(readFileSync(`${centre.database}-wal`), log, 'the log of a killed server stays as it was');
    await centre.start();
    await centre.close();
});

test('a new demo city has its log, so that it can be served while somebody reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pinghu-story-')), database = join(folder, 'city.db');
    assert.equal(run('demo', '--database', database, '--cases', '1').status, 0);
    assert.deepEqual([...readFileSync(database).subarray(18, 20)], [2, 2], 'the versions of the file format that say WAL');
    rmSync(folder, { recursive: true });
});

test('what is no database of this program is refused', () => {
    refused(run('verify', '--database', '/nowhere/pinghu.db'), /There is no database file/);
    refused(run('verify', '--database', program), /damaged or not a database/);
    const empty = join(mkdtempSync(join(tmpdir(), 'pinghu-story-')), 'empty.db');
    writeFileSync(empty, '');
    refused(run('verify', '--database', empty), /The tables of \S+ are not those of this program/);
    rmSync(dirname(empty), { recursive: true });
});
