// SPDX-License-Identifier: Apache-2.0
// Files of a database that are moved, old or damaged: a start that is refused changes no byte of anything and says what lies where, so
// that all that was acknowledged is there when the right file is back.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Centre, asked, newFolder, program } from './centre.mjs';
import { Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

// Everything in the folder of a database: each name, and the hash of what a file holds. SQLite's index of the log (-shm) holds nothing of its own.
const stateOf = (database) => execFileSync('sh', ['-c', 'find . -type d | sort; find . -type f ! -name "*-shm" -exec sha256sum {} + | sort'], { cwd: dirname(database), encoding: 'utf8' });

function assertRefused(database, verb, said, more = []) {
    const before = stateOf(database);
    const { status, stderr } = spawnSync(program, [...verb, '--database', database, ...more], { encoding: 'utf8', env: { ...process.env, LANG: 'C' }, timeout: 60000 });
    assert.equal(status, 1, stderr);
    assert.match(stderr, said);
    assert.equal(stateOf(database), before);
}

const serve = ['serve', '--listen', '127.0.0.1:0'];
const init = ['init', '--county', '330483', '--name', '海宁市', '--name-en', 'Haining'];

// Begins and hands in so many cases; their numbers.
async function begin(centre, count) {
    const clerk = await new Program(centre.address).signIn('cun');
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const numbers = [];
    for (let i = 0; i < count; i++) {
        const { status, body } = await clerk.post(`/desk/apply/${item}`, applicant);
        assert.equal(status, 201, JSON.stringify(body));
        const { materials } = (await clerk.get(`/desk/cases/${body.number}`)).body;
        const handedIn = await clerk.post(`/desk/cases/${body.number}/submit`, { seen: body.seen, materials: materials.map((one) => one.name) });
        assert.equal(handedIn.status, 201, JSON.stringify(handedIn.body));
        numbers.push(body.number);
    }
    return numbers;
}

// Returns when all that has happened so far is public.
async function untilPublished(centre) {
    const size = asked(centre.database, 'SELECT size FROM ledger_edge').trim();
    while (readFileSync(`${centre.database}.checkpoint`, 'utf8').split('\n')[1] !== size) await new Promise((done) => { setTimeout(done, 50); });
}

async function assertThere(centre, numbers) {
    const clerk = await new Program(centre.address).signIn('cun');
    for (const number of numbers) assert.equal((await clerk.get(`/desk/cases/${number}`)).status, 200, number);
}

test('a database is moved away and its log stays', async () => {
    const centre = await Centre.open();
    const numbers = await begin(centre, 5);
    await centre.end('SIGKILL');
    assert.ok(readdirSync(dirname(centre.database)).includes(`${basename(centre.database)}-wal`));
    const away = join(newFolder('away'), 'city.db');
    renameSync(centre.database, away);
    for (const verb of [serve, init, ['key', 'rotate'], ['verify']]) assertRefused(centre.database, verb, /city\.db-wal of such a database lies there.*put it back/);
    rmSync(`${centre.database}-shm`, { force: true });
    renameSync(`${centre.database}-wal`, `${away}-wal`);
    assertRefused(centre.database, init, /city\.db\.key of such a database lies there/);
    assertRefused(centre.database, serve, /city\.db\.key of such a database lies there/);
    renameSync(away, centre.database);
    renameSync(`${away}-wal`, `${centre.database}-wal`);
    await centre.start();
    await assertThere(centre, numbers);
    await centre.close();
});

test("yesterday's file lies beside today's log", async () => {
    const centre = await Centre.open();
    const first = await begin(centre, 2);
    await centre.end('SIGTERM'); // all is in the file
    const yesterday = join(newFolder('yesterday'), 'city.db');
    const today = join(dirname(yesterday), 'today.db');
    copyFileSync(centre.database, yesterday);
    await centre.start();
    const second = await begin(centre, 2);
    await centre.end('SIGTERM');
    await centre.start();
    const third = await begin(centre, 3);
    await untilPublished(centre);
    const fourth = await begin(centre, 1);
    await centre.end('SIGKILL');
    copyFileSync(centre.database, today);
    copyFileSync(yesterday, centre.database);
    for (const verb of [serve, ['key', 'rotate'], ['verify']]) assertRefused(centre.database, verb, /city\.db-wal belongs to another database.*Put back the file/);
    renameSync(`${centre.database}-wal`, `${today}-wal`); // without it the file is only old
    rmSync(`${centre.database}-shm`, { force: true });
    assertRefused(centre.database, serve, /events had been made public, but this database has only/);
    copyFileSync(today, centre.database);
    renameSync(`${today}-wal`, `${centre.database}-wal`);
    await centre.start();
    await assertThere(centre, [...first, ...second, ...third, ...fourth]);
    await centre.close();
});

test('a database is moved away while the centre is open', async () => {
    const centre = await Centre.open();
    const clerk = await new Program(centre.address).signIn('cun');
    const item = centre.accounts.match(/try: (\S+)/)[1];
    renameSync(centre.database, `${centre.database}.away`);
    const refused = await clerk.post(`/desk/apply/${item}`, applicant);
    assert.equal(refused.status, 503, JSON.stringify(refused.body));
    assert.match(refused.body.detail, /city\.db.*被移走或删除/);
    assert.ok(!JSON.stringify(refused.body).includes(dirname(centre.database)), 'the path is nobody else’s business');
    renameSync(`${centre.database}.away`, centre.database);
    assert.equal((await clerk.post(`/desk/apply/${item}`, applicant)).status, 201, 'it goes on by itself');
    await centre.close();
});

test('a key that is empty or half is told by its name', async () => {
    const centre = await Centre.open();
    await centre.end('SIGTERM');
    for (const [end, said] of [['key', /city\.db\.key of the signing key is empty or damaged/], ['seal', /city\.db\.seal holds no SM2 key/], ['personal', /city\.db\.personal is no file of keys/]]) {
        const file = `${centre.database}.${end}`;
        const whole = readFileSync(file);
        for (const length of [0, Math.floor(whole.length / 2)]) {
            truncateSync(file, length);
            assertRefused(centre.database, serve, said);
        }
        writeFileSync(file, whole);
    }
    await centre.start();
    await centre.close();
});

test('too few descriptors are told as such', async () => {
    const centre = await Centre.open();
    await centre.end('SIGTERM');
    const { status, stderr } = spawnSync('prlimit', ['--nofile=9', program, ...serve, '--database', centre.database], { encoding: 'utf8', env: { ...process.env, LANG: 'C' }, timeout: 60000 });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /may open no more files.*LimitNOFILE|Too many open files/);
    execFileSync(program, ['verify', '--database', centre.database], { stdio: 'ignore' });
    await centre.start();
    await centre.close();
});
