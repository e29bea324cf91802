// SPDX-License-Identifier: Apache-2.0
// Each call of the system that changes a file fails, or the program is killed before or after it, in turn (tests/fault/fault.c):
// afterwards everything is old or new, what was acknowledged is there once, and the same word goes on. Thirty of all are drawn in each
// run; PINGHU_EVERY_FAULT=1 (./dev fault) takes each.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Centre, asked, copyOf, newFolder, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { environment, wrapped } from './shim.mjs';
import { Work, applicant } from './work.mjs';

const MANNERS = ['error', 'before', 'after'];

const fault = ({ at, manner }) => ({ FAULT_AT: `${at}`, FAULT_MANNER: manner });

function run(words, folder, more = {}) {
    const ended = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, ...environment(folder, more) }, timeout: 120000 });
    assert.doesNotMatch(ended.stderr, /AddressSanitizer|runtime error/);
    return ended;
}

// How many calls there are when nothing fails.
function countCalls(words, folder) {
    const file = join(newFolder('count'), 'calls');
    const { status, stderr } = run(words, folder, { FAULT_COUNT: file });
    assert.equal(status, 0, stderr);
    return statSync(file).size;
}

// So many of the calls `from` to `to`, or of each `step`th, each in each manner, at equal distances from a random first.
function drawn(from, to, count, step = 1) {
    const all = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => MANNERS.map((manner) => ({ at: from + i * step, manner }))).flat();
    if (process.env.PINGHU_EVERY_FAULT || all.length <= count) return all;
    const first = Math.random();
    return Array.from({ length: count }, (_, i) => all[Math.floor((i + first) * all.length / count)]);
}

const verify = (database) => execFileSync(program, ['verify', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

async function opens(database) {
    const centre = await Centre.open({ database });
    await centre.close();
}

// ---- words of the program ----

const initIn = (folder) => ['init', '--database', join(folder, 'city.db'), '--county', '330482', '--name', '平湖市', '--name-en', 'Pinghu'];

test('init: what was begun is ended by the same word', async () => {
    const calls = countCalls(initIn(newFolder('init-count')), '/tmp');
    for (const one of drawn(1, calls, 8)) {
        const folder = newFolder('init');
        const first = run(initIn(folder), folder, fault(one));
        const again = run(initIn(folder), folder);
        const what = `${one.manner} at ${one.at}: ${first.stderr} ${again.stderr}`;
        assert.ok(again.status === 0 || /has been opened|opened already/.test(again.stderr), what);
        assert.ok(first.status !== 0 || again.status !== 0, what);
        await opens(join(folder, 'city.db'));
        verify(join(folder, 'city.db'));
    }
});

test('keys: the old ones are there or the new ones', async () => {
    const city = await Centre.open();
    await city.end('SIGTERM');
    for (const words of [['key', 'rotate'], ['key', 'renew-personal']]) {
        const all = (database) => [...words, '--database', database];
        const counted = copyOf(city.database, newFolder('keys-count'));
        const calls = countCalls(all(counted), dirname(counted));
        for (const one of drawn(1, calls, 5)) {
            const folder = newFolder('keys');
            const database = copyOf(city.database, folder);
            run(all(database), folder, fault(one));
            const again = run(all(database), folder);
            assert.ok(again.status === 0 || /old key still signs/.test(again.stderr), `${words} ${one.manner} at ${one.at}: ${again.stderr}`);
            await opens(database);
            verify(database);
        }
    }
    await city.start();
    await city.close();
});

test('demo: what was left is recognised and removed', async () => {
    const words = (folder) => ['demo', '--database', join(folder, 'city.db'), '--cases', '1'];
    const folder = newFolder('demo-count');
    const calls = countCalls(words(folder), folder);
    for (const one of drawn(calls - 40, calls, 3)) {
        const own = newFolder('demo');
        const database = join(own, 'city.db');
        const first = run(words(own), own, fault(one));
        if (!existsSync(database)) {
            const served = run(['serve', '--listen', '127.0.0.1:0', '--database', database], own);
            assert.equal(served.status, 1, 'serve opens no empty centre among them');
            const again = run(words(own), own);
            assert.equal(again.status, 0, `${one.manner} at ${one.at}: ${first.stderr} ${again.stderr}`);
        }
        await opens(database);
        verify(database);
    }
});

// ---- a centre at work ----

async function workUntilDone(database, folder, more) {
    const work = { of: null };
    try {
        const centre = await Centre.open({ database, wrap: wrapped(folder, more) });
        work.of = new Work(centre.accounts.match(/try: (\S+)/)[1]);
        try {
            await work.of.goOn(centre);
        } catch (error) {
            if (error.name === 'AssertionError') throw error;
        }
        await centre.end('SIGTERM');
    } catch (error) {
        if (!/before it opened/.test(error.message)) throw error;
    }
    return work.of;
}

test('serve: what was acknowledged is there, and once', async () => {
    const city = await Centre.open();
    const item = city.accounts.match(/try: (\S+)/)[1];
    await city.end('SIGTERM');
    const cases = (database) => Number(verify(database).match(/; (\d+) cases/)[1]);
    const before = cases(city.database);
    const callsOf = async (which) => {
        const folder = newFolder('serve-count');
        const count = join(newFolder('count'), 'calls');
        await workUntilDone(copyOf(city.database, folder), folder, { FAULT_COUNT: count, ...which });
        return statSync(count).size;
    };
    const log = { FAULT_LOG: '1' };
    const all = [...drawn(1, await callsOf({}), 9), ...drawn(1, await callsOf(log), 4, 50).map((one) => ({ ...one, ...log }))];
    for (const { at, manner, ...which } of all) {
        const one = { at, manner: `${manner}${which.FAULT_LOG ? ' of the log' : ''}` };
        const own = newFolder('serve');
        const database = copyOf(city.database, own);
        const work = await workUntilDone(database, own, { ...fault({ at, manner }), ...which }) ?? new Work(item);
        const { number, hasPaper } = work;
        const centre = await Centre.open({ database });
        assert.ok(await work.goOn(centre), `${one.manner} at ${one.at}`);
        assert.equal(work.number, number ?? work.number, `${one.manner} at ${one.at}: the same case`);
        const clerk = await new Program(centre.address).signIn('cun');
        const { body } = await clerk.get(`/desk/cases/${work.number}`);
        assert.ok(!hasPaper || body.materials.some((it) => it.papers.length), `${one.manner} at ${one.at}: the paper`);
        await centre.close();
        assert.equal(cases(database), before + 1, `${one.manner} at ${one.at}: one case`);
    }
    await city.start();
    await city.close();
});

// ---- time zones and languages ----

test('one seed makes one ledger, byte for byte, in every time zone and language', () => {
    const ledgerOf = (seed, TZ, LC_ALL) => {
        const database = join(newFolder('seed'), 'city.db');
        const words = ['demo', '--database', database, '--today', '2014-09-03', '--cases', '3', '--seed', seed];
        const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, TZ, LC_ALL, LANG: LC_ALL } });
        assert.equal(status, 0, stderr);
        return asked(database, 'SELECT size, hex(hash), hex(peaks) FROM ledger_edge');
    };
    const one = ledgerOf('7', 'UTC', 'C');
    assert.equal(ledgerOf('7', 'America/St_Johns', 'zh_CN.UTF-8'), one);
    assert.equal(ledgerOf('7', 'Pacific/Kiritimati', 'C.UTF-8'), one);
    assert.notEqual(ledgerOf('8', 'UTC', 'C'), one);
});

// ---- the clock ----

const clockOf = (folder) => join(folder, 'clock');

test('a clock that is set back is held at the last event, and told', async () => {
    const city = await Centre.open();
    await city.end('SIGTERM');
    const folder = newFolder('clock');
    const database = copyOf(city.database, folder);
    writeFileSync(clockOf(folder), '0');
    const centre = await Centre.open({ database, wrap: wrapped('/nowhere', { FAULT_CLOCK: clockOf(folder) }) });
    const clerk = await new Program(centre.address).signIn('cun');
    const item = centre.accounts.match(/try: (\S+)/)[1];
    assert.equal((await clerk.post(`/desk/apply/${item}`, applicant)).status, 201);
    writeFileSync(clockOf(folder), `${-6 * 3600}`);
    for (let i = 0; i < 3; i++) assert.equal((await clerk.post(`/desk/apply/${item}`, applicant)).status, 201);
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    await administrator.open('/desk');
    assert.match(administrator.text, /The clock of the server is behind the last event/);
    const other = await new Browser(centre.address, 'en').signIn('cun');
    await other.open('/desk');
    assert.doesNotMatch(other.text, /clock of the server/);
    await centre.end('SIGTERM');
    assert.equal(centre.log.match(/the clock of this machine says .* and the last event was at .*: it is held there/g)?.length, 1, centre.log);
    assert.equal(asked(database, 'SELECT COUNT(*) FROM event e WHERE number > (SELECT MAX(number) - 4 FROM event) AND at < (SELECT at FROM event WHERE county = e.county AND number = e.number - 1)').trim(), '0');

    for (const off of [-2 * 86400, -Math.floor(Date.now() / 1000)]) {
        writeFileSync(clockOf(folder), `${off}`);
        const refused = run(['serve', '--listen', '127.0.0.1:0', '--database', database], '/nowhere', { FAULT_CLOCK: clockOf(folder) });
        assert.equal(refused.status, 1);
        assert.match(refused.stderr, /The clock of this machine says (19|20).*more than a day before the last event.*Set the clock/);
    }
    await opens(database);
    await city.start();
    await city.close();
});

test('the shim is the one under test', () => {
    const folder = newFolder('shim');
    const ended = run(initIn(folder), folder, fault({ at: 1, manner: 'before' }));
    assert.equal(ended.signal, 'SIGKILL');
    assert.ok(!existsSync(join(folder, 'city.db')) || readFileSync(join(folder, 'city.db')).length === 0);
    rmSync(folder, { recursive: true });
});
