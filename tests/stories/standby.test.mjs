// SPDX-License-Identifier: Apache-2.0
// A database on two servers, the second of which has all that the first has acknowledged. The first is lost under load, and the
// second takes its place: nothing acknowledged is missing, nothing is there twice, and the centre goes on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Applying, Servers, tool } from './servers.mjs';

const [BEFORE, AFTER] = [60, 30];

let pair;
let applying;
before(async () => {
    pair = await Servers.open(['--pair']);
    applying = await Applying.open(pair);
});
after(async () => {
    await applying?.centre.close();
    await pair.close();
});

const order = (sql) => execFileSync('psql', ['-qAtX', '-h', dirname(pair.data), '-U', 'postgres', '-d', 'postgres', '-c', sql], { encoding: 'utf8' }).trim();

// Until the first server says yes to a question.
async function until(sql) {
    while (order(`SELECT ${sql}`) !== 't') await new Promise(setImmediate);
}

test('what the standby may not have is not acknowledged', { timeout: 120000 }, async () => {
    const standby = Number(readFileSync(join(dirname(pair.data), 'standby', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readFileSync(`/proc/${standby}/task/${standby}/children`, 'utf8').trim().split(' ').map(Number);
    const waits = "EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep')";
    for (const pid of children) process.kill(pid, 'SIGSTOP');
    const reasons = [];
    const waiting = applying.apply(undefined, reasons);
    while (!reasons.length) { // what the server does by itself, sealing documents, may wait first
        await until(waits);
        order("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
    await until(waits); // asked again under the same key, which waits again
    for (const pid of children) process.kill(pid, 'SIGCONT');
    assert.deepEqual([...new Set(await waiting)], ['db.unknown']);
    assert.equal(applying.cases(), applying.begun + 1, 'it was begun once');
});

test('the first server is lost under load, and the second takes its place', { timeout: 300000 }, async (t) => {
    const refusals = await applying.under(async (acknowledged) => {
        await acknowledged(BEFORE);
        await promisify(execFile)(tool, ['--fail-over', pair.data]);
        await acknowledged(AFTER);
    });
    await applying.isWhole();
    t.diagnostic(`${applying.done.size} acknowledged, ${refusals.length} told to ask again, the longest wait ${Math.round(applying.longest)} ms`);
});
