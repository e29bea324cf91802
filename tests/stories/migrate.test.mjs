// SPDX-License-Identifier: Apache-2.0
// A centre moves from a file to a PostgreSQL server, and back. The move is killed again and again, and goes on; what has
// arrived is what was there, and people work on it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, asked, newDatabase, newFolder, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { header } from './province.mjs';

const KILLS = 3;
const folder = newFolder('move');
const [file, back, beside] = [join(folder, 'old.db'), join(folder, 'back.db'), join(folder, 'server')];
mkdirSync(beside);
execFileSync(program, ['demo', '--database', file, '--cases', '200'], { stdio: 'ignore' });
const target = newDatabase(null, 'moved');
for (const name of ['key.1', '2014-09-30']) writeFileSync(`${file}.${name}`, 'set aside; copied by hand'); // the first is the centre's

const run = (...words) => spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });
const thither = ['migrate', '--from', file, '--to', target, '--to-files', beside];
const dump = (database) => execFileSync('sqlite3', [database, '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n')
    .filter((line) => !/INTO (migration|db_sum) /.test(line)).sort();

function refused(words, sentence) {
    const { status, stderr } = run(...words);
    assert.equal(status, 1, stderr);
    assert.match(stderr, sentence);
}

// How many rows have arrived; -1 before there is anything.
function arrived() {
    try {
        return Number(asked(target, 'SELECT COALESCE(SUM(rows), -1) FROM db_move'));
    } catch {
        return -1;
    }
}

test('what cannot be moved is told in a sentence, and changes nothing', () => {
    const none = join(folder, 'none.db');
    refused(['migrate', '--from', none, '--to', join(folder, 'x.db')], /There is no database file .*none\.db/);
    refused(['migrate', '--from', file, '--to', file], /Both addresses are of one database/);
    assert.equal(run('migrate', '--from', file).status, 2);
    assert.equal(existsSync(none) || existsSync(join(folder, 'x.db')), false);
});

test('a move that is killed goes on where it stopped', { timeout: 120000 }, async () => {
    for (let kill = 0, before = -1; kill < KILLS; kill++) {
        const moving = spawn(program, thither, { stdio: 'ignore' });
        const ended = once(moving, 'exit');
        while (arrived() <= before) {
            await new Promise(setImmediate);
            assert.equal(moving.exitCode, null, 'it is under way');
        }
        moving.kill('SIGKILL');
        await ended;
        before = arrived();
        assert.ok(before >= 0, 'it has not ended');
    }
    refused(['serve', '--database', target, '--files', beside, '--listen', '127.0.0.1:0'], /still being filled/);
    refused(['verify', '--database', target, '--files', beside], /still being filled/);
    const other = join(folder, 'other.db');
    execFileSync(program, ['demo', '--database', other, '--cases', '1'], { stdio: 'ignore' });
    refused(['migrate', '--from', other, '--to', target, '--to-files', beside], /holds a part of .*old\.db/);
    const { status, stdout, stderr } = run(...thither);
    assert.equal(status, 0, stderr);
    const [there] = run('verify', '--database', file).stdout.match(/\d+ events in an unbroken chain; \d{3,} cases[^\n]*/);
    assert.ok(stdout.includes(there), stdout);
    refused(thither, /is not empty/);
});

test('what comes back is what was there', () => {
    const { status, stderr } = run('migrate', '--from', target, '--from-files', beside, '--to', back);
    assert.equal(status, 0, stderr);
    const butTheMove = (lines) => lines.filter((line) => !line.includes('security')); // each move is an entry of the log at its new place
    assert.deepEqual(butTheMove(dump(back)), butTheMove(dump(file)));
    assert.equal(run('verify', '--database', back).status, 0);
    for (const end of ['key', 'key.1', 'seal', 'accounts']) assert.ok(existsSync(`${back}.${end}`), end);
    assert.equal(existsSync(`${back}.2014-09-30`), false, 'a copy that somebody made stays where it is');
});

test('people go on at the new place, and nobody moves it meanwhile', async () => {
    const centre = await Centre.open({ database: target, options: ['--files', beside] });
    const clerk = await new Program(centre.address).signIn('cun');
    const item = /try: (\S+)/.exec(execFileSync('cat', [`${file}.accounts`], { encoding: 'utf8' }))[1];
    const { status } = await clerk.post(`/desk/apply/${item}`, { party_kind: 'person', name: '示例', id_number: '330499198001010013', telephone: '13800000000' }, 'after-the-move');
    assert.equal(status, 201);
    refused(['migrate', '--from', target, '--from-files', beside, '--to', join(folder, 'late.db')], /Another program is using/);
    await centre.close();
});

test('a province moves with the folders of all its counties, each of which is verified', { timeout: 120000 }, async () => {
    const [old, there, words] = [join(folder, 'province'), join(folder, 'arrived'), JSON.stringify({ view: { name: '海宁市行政审批大厅' } })];
    mkdirSync(old);
    mkdirSync(there);
    const [list, province, moved] = [join(old, 'counties.csv'), join(old, 'zj.db'), newDatabase(null, 'province')];
    writeFileSync(list, `${header}330400,jiaxing.localhost,嘉兴市,Jiaxing City\n330481,haining.localhost,海宁市,Haining City\n330482,pinghu.localhost,平湖市,Pinghu City\n`);
    execFileSync(program, ['demo', '--counties', list, '--database', province, '--cases', '6'], { stdio: 'ignore' });
    writeFileSync(join(old, '330481', 'zj.db.words.zh.json'), words);
    const spoil = (state) => execFileSync('sqlite3', [province, `UPDATE case_now SET desk_role = desk_role + ${state} WHERE county = 330482`]);
    const move = ['migrate', '--from', province, '--to', moved, '--to-files', there, '--counties', list];
    spoil(1);
    const spoilt = run('migrate', '--from', province, '--to', newDatabase(null, 'spoilt'), '--to-files', join(folder, 'spoilt'), '--counties', list);
    assert.equal(spoilt.status, 1);
    assert.match(spoilt.stdout, /330481: \d+ events in an unbroken chain;.* \d+ cases.*\n(?:.*were not read.*\n)?330482: case_now 330482\d+:/);
    spoil(-1);
    const { status, stdout, stderr } = run(...move);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^330481: \d+ events in an unbroken chain;.* \d+ cases.*\n(?:.*were not read.*\n)?330482: \d+ events in an unbroken chain;.* \d+ cases/);
    const name = moved.match(/([^/?]+)(?:\?|$)/)[1];
    assert.equal(readFileSync(join(there, '330481', `${name}.words.zh.json`), 'utf8'), words);
    const centre = await Centre.open({ database: moved, options: ['--files', there, '--counties', list] });
    const at = `http://haining.localhost:${new URL(centre.address).port}`;
    assert.match((await new Browser(at).open('/')).title, /海宁市行政审批大厅/);
    const { status: taken } = await (await new Program(at).signIn('cun')).post(`/desk/apply/${readFileSync(join(old, '330481', 'zj.db.accounts'), 'utf8').match(/try: (\S+)/)[1]}`,
        { party_kind: 'person', name: '示例', id_number: '330499198001010013', telephone: '13800000000' });
    assert.equal(taken, 201);
    await centre.close();
});
