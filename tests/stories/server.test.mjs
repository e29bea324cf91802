// SPDX-License-Identifier: Apache-2.0
// The database's server goes away while people work: a connection is cut, a process of it is killed, all of it breaks
// down. Whoever is refused is told when to ask again; what was acknowledged is there, nothing is there twice, and the
// centre goes on by itself. The server is the story's own.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROUNDS = 12;
const CLIENTS = 6;
const tool = join(dirname(fileURLToPath(import.meta.url)), '../../tools/cluster.py');

let cluster; // runs until its input ends
let data;
let story; // centre.mjs, which asks the environment where the server is
let Program;
before(async () => {
    cluster = spawn(tool, ['sh', '-c', 'echo "$PINGHU_DATABASE_SERVER $PINGHU_DATABASE_CLUSTER"; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [said] = await once(cluster.stdout, 'data');
    [process.env.PINGHU_DATABASE_SERVER, data] = String(said).trim().split(' ');
    delete process.env.PINGHU_CITY;
    story = await import('./centre.mjs');
    ({ Program } = await import('./people.mjs'));
});
after(async () => {
    cluster.stdin.end();
    await once(cluster, 'exit');
});

const applicant = (name) => ({ party_kind: 'person', name, id_number: '330499198001010013', telephone: '13800000000' });
const verify = (database) => execFileSync(story.program, ['verify', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const processes = (centre) => story.asked(centre.database, "SELECT pid FROM pg_stat_activity WHERE application_name = 'pinghu' ORDER BY backend_start").trim().split('\n');

const troubles = {
    'connections are cut': (centre) => story.asked(centre.database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pinghu'"),
    'a process is killed': (centre) => process.kill(processes(centre)[0], 'SIGKILL'),
    'it breaks down': () => promisify(execFile)(tool, ['--restart', data]),
};

// Applies under one key until it is acknowledged; how often that was refused.
async function apply(clerk, path, done) {
    const [key, fields] = [randomUUID(), applicant(`示例${done.size}`)];
    for (let refused = 0; ; refused++) {
        const { status, body, again } = await clerk.post(path, fields, key);
        if (status === 201) return done.set(key, body.number), refused;
        assert.equal(status, 503, JSON.stringify(body));
        assert.match(body.reason, /^db\.(away|busy|unknown)$/);
        assert.ok(Number(again) > 0, 'says when to ask again');
    }
}

test(`a server goes away ${ROUNDS} times under load`, { timeout: 300000 }, async () => {
    const centre = await story.Centre.open();
    const path = `/desk/apply/${centre.accounts.match(/try: (\S+)/)[1]}`;
    const clerk = await new Program(centre.address).signIn('cun');
    const before = Number(verify(centre.database).match(/; (\d+) cases/)[1]);
    const done = new Map();
    let [over, refused, awaited] = [false, 0, null];
    const toil = async () => {
        while (!over) {
            refused += await apply(clerk, path, done);
            if (awaited && done.size >= awaited.size) awaited.reached();
        }
    };
    const toiling = Promise.all(Array.from({ length: CLIENTS }, toil));
    for (let round = 0; round < ROUNDS; round++) {
        await Promise.race([toiling, new Promise((reached) => { awaited = { size: done.size + 1 + (round * 7) % 20, reached }; })]);
        const [, trouble] = Object.entries(troubles)[round % 3];
        await trouble(centre);
    }
    await Promise.race([toiling, new Promise((reached) => { awaited = { size: done.size + CLIENTS, reached }; })]);
    over = true;
    await toiling;
    for (const number of done.values()) assert.equal((await clerk.get(`/desk/cases/${number}`)).status, 200, `case ${number} was acknowledged`);
    assert.equal(new Set(done.values()).size, done.size);
    assert.equal(Number(verify(centre.database).match(/; (\d+) cases/)[1]), before + done.size, 'each was begun once');
    assert.ok(refused > 0, 'somebody was told to ask again');
    await centre.close();
});
