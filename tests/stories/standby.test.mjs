// SPDX-License-Identifier: Apache-2.0
// A database on two servers, the second of which has all that the first has acknowledged. The first is lost under load, and the
// second takes its place: nothing acknowledged is missing, nothing is there twice, and the centre goes on. The servers are
// the story's own.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const [BEFORE, AFTER, CLIENTS] = [60, 30, 6];
const tool = join(dirname(fileURLToPath(import.meta.url)), '../../tools/cluster.py');

let pair; // runs until its input ends
let data;
let story; // centre.mjs, which asks the environment where the server is
let Program;
let centre;
let clerk;
let path;
let begun; // how many cases there were
const done = new Map(); // key to the number that was acknowledged
before(async () => {
    pair = spawn(tool, ['--pair', 'sh', '-c', 'echo "$PINGHU_DATABASE_SERVER $PINGHU_DATABASE_CLUSTER"; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [said] = await once(pair.stdout, 'data');
    [process.env.PINGHU_DATABASE_SERVER, data] = String(said).trim().split(' ');
    delete process.env.PINGHU_CITY;
    story = await import('./centre.mjs');
    ({ Program } = await import('./people.mjs'));
    centre = await story.Centre.open();
    path = `/desk/apply/${centre.accounts.match(/try: (\S+)/)[1]}`;
    clerk = await new Program(centre.address).signIn('cun');
    begun = cases();
});
after(async () => {
    await centre?.close();
    pair.stdin.end();
    await once(pair, 'exit');
});

const verified = () => execFileSync(story.program, ['verify', '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const cases = () => Number(verified().match(/; (\d+) cases/)[1]);
const applicant = (name) => ({ party_kind: 'person', name, id_number: '330499198001010013', telephone: '13800000000' });

// Applies under one key until it is acknowledged; by which reasons that was refused.
async function apply(key = randomUUID()) {
    const reasons = [];
    for (;;) {
        const { status, body, again } = await clerk.post(path, applicant(`示例${key.slice(0, 4)}`), key);
        if (status === 201) return done.set(key, body.number), reasons;
        assert.equal(status, 503, JSON.stringify(body));
        assert.match(body.reason, /^db\.(away|busy|unknown)$/);
        assert.ok(Number(again) > 0, 'says when to ask again');
        reasons.push(body.reason);
    }
}

const order = (sql) => execFileSync('psql', ['-qAtX', '-h', dirname(data), '-U', 'postgres', '-d', 'postgres', '-c', sql], { encoding: 'utf8' }).trim();

// Until the first server says yes to a question.
async function until(sql) {
    while (order(`SELECT ${sql}`) !== 't') await new Promise(setImmediate);
}

test('what the standby may not have is not acknowledged', { timeout: 120000 }, async () => {
    const standby = Number(readFileSync(join(dirname(data), 'standby', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readFileSync(`/proc/${standby}/task/${standby}/children`, 'utf8').trim().split(' ').map(Number);
    const waits = "EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep')";
    for (const pid of children) process.kill(pid, 'SIGSTOP');
    const applying = apply();
    await until(waits);
    order("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await until(waits); // asked again under the same key, which waits again
    for (const pid of children) process.kill(pid, 'SIGCONT');
    assert.deepEqual(await applying, ['db.unknown']);
    assert.equal(cases(), begun + 1, 'it was begun once');
});

test('the first server is lost under load, and the second takes its place', { timeout: 300000 }, async (t) => {
    let over = false;
    let awaited = null;
    let longest = 0;
    const refusals = [];
    const toil = async () => {
        while (!over) {
            const began = performance.now();
            refusals.push(...await apply());
            longest = Math.max(longest, performance.now() - began);
            if (awaited && done.size >= awaited.size) awaited.reached();
        }
    };
    const toiling = Promise.all(Array.from({ length: CLIENTS }, toil));
    const reach = (size) => Promise.race([toiling, new Promise((reached) => { awaited = { size, reached }; })]);
    await reach(BEFORE);
    await promisify(execFile)(tool, ['--fail-over', data]);
    await reach(done.size + AFTER);
    over = true;
    await toiling;
    for (const number of done.values()) assert.equal((await clerk.get(`/desk/cases/${number}`)).status, 200, `case ${number} was acknowledged`);
    assert.equal(new Set(done.values()).size, done.size);
    assert.equal(cases(), begun + done.size, 'each was begun once, and the ledger is whole');
    t.diagnostic(`${done.size} acknowledged, ${refusals.length} told to ask again, the longest wait ${Math.round(longest)} ms`);
});
