// SPDX-License-Identifier: Apache-2.0
// Two servers open one centre, on one database of a PostgreSQL server and one folder: who has signed in at the one is known
// to the other, both write, the ledger stays one chain whose checkpoint only grows, and when one of them is killed the
// other goes on at once.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, asked, newFolder, password, program } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';
import { noteOf } from './log.mjs';
import { wrapped } from './shim.mjs';

const CLIENTS = 4; // at each server
const EACH = 8; // cases of each
const applicant = (name) => ({ party_kind: 'person', name, id_number: '330499198001010013', telephone: '13800000000' });
const itemOf = (centre) => centre.accounts.match(/try: (\S+)/)[1];
const verify = (database) => execFileSync(program, ['verify', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const cases = (database) => Number(verify(database).match(/; (\d+) cases/)[1]);
const checkpoint = async (centre) => noteOf(await (await fetch(new URL('/ledger/330482/checkpoint', centre.address))).text()).size;

async function openTwo() {
    const one = await Centre.open();
    return [one, await Centre.open({ database: one.database })];
}

// With what he was given by the one, at the other.
function at(centre, visitor) {
    const there = new visitor.constructor(centre.address, visitor.language);
    there.cookies = visitor.cookies;
    return there;
}

async function apply(clerk, path, name, key = randomUUID()) {
    const { status, body } = await clerk.post(path, applicant(name), key);
    assert.equal(status, 201, JSON.stringify(body));
    return body.number;
}

test('a clerk signs in at one and acts at the other', async () => {
    const [one, other] = await openTwo();
    const clerk = await new Browser(one.address, 'en').signIn('cun');
    const there = at(other, clerk);
    await there.open(`/desk/apply/${itemOf(one)}`);
    assert.equal(there.status, 200);
    await there.send(`/desk/apply/${itemOf(one)}`, applicant('张三示例'));
    assert.equal(there.status, 200, there.text);
    await at(one, there).open(there.path);
    await clerk.open('/desk');
    await clerk.send('/sign-out');
    await there.open('/desk');
    assert.match(there.path, /^\/sign-in/, 'who left at the one has left at the other');
    await other.close();
    await one.close();
});

test('failed attempts are counted over both', async () => {
    const [one, other] = await openTwo();
    const attempt = (centre, word) => new Program(centre.address).post('/sign-in', { account: 'cun', password: word });
    for (let i = 0; i < 5; i++) assert.notEqual((await attempt([one, other][i % 2], 'wrong')).status, 429);
    for (const centre of [one, other]) assert.equal((await attempt(centre, password)).status, 429);
    await other.close();
    await one.close();
});

test('one request sent to both is done once', async () => {
    const [one, other] = await openTwo();
    const path = `/desk/apply/${itemOf(one)}`;
    const clerk = await new Program(one.address).signIn('cun');
    const both = [clerk, at(other, clerk)];
    const before = cases(one.database);
    for (let i = 0; i < EACH; i++) {
        const key = randomUUID();
        const [first, second] = await Promise.all(both.map((it) => apply(it, path, '李四示例', key)));
        assert.equal(first, second);
    }
    assert.equal(cases(one.database), before + EACH);
    await other.close();
    await one.close();
});

test('clerks work at both at once, and the ledger is one', { timeout: 300000 }, async () => {
    const [one, other] = await openTwo();
    const path = `/desk/apply/${itemOf(one)}`;
    const before = cases(one.database);
    const clerk = await new Program(one.address).signIn('cun');
    const clerks = [clerk, at(other, clerk)];
    let over = false;
    const watching = (async () => {
        for (let last = 0, turn = 0; !over; turn++) {
            const size = await checkpoint([one, other][turn % 2]);
            assert.ok(size >= last, `${size} after ${last}`);
            last = size;
        }
    })();
    const numbers = (await Promise.all(Array.from({ length: 2 * CLIENTS }, async (_, i) => {
        const made = [];
        for (let k = 0; k < EACH; k++) made.push(await apply(clerks[(i + k) % 2], path, `示例${i}${k}`));
        return made;
    }))).flat();
    over = true;
    await watching;
    assert.equal(new Set(numbers).size, 2 * CLIENTS * EACH, 'no number twice');
    for (const [i, number] of numbers.entries()) assert.equal((await clerks[(i + 1) % 2].get(`/desk/cases/${number}`)).status, 200);
    assert.equal(cases(one.database), before + numbers.length);
    const events = Number(asked(one.database, 'SELECT count(*) FROM event'));
    const reached = async (centre) => { while (await checkpoint(centre) < events); };
    await Promise.all([reached(one), reached(other)]);
    await other.close();
    await one.close();
});

test('one is killed at work, and the other goes on at once', { timeout: 300000 }, async () => {
    const [one, other] = await openTwo();
    const path = `/desk/apply/${itemOf(one)}`;
    const clerk = await new Program(one.address).signIn('cun');
    const there = at(other, clerk);
    const before = cases(one.database);
    const published = await checkpoint(one);
    const [keys, done] = [Array.from({ length: 2 * CLIENTS }, () => randomUUID()), []];
    await apply(clerk, path, '示例');
    const cut = keys.map((key, i) => apply(clerk, path, `示例${i}`, key).then((number) => done.push(number), () => null));
    await Promise.race(cut);
    await one.end('SIGKILL');
    const began = Date.now();
    await apply(there, path, '王五示例');
    assert.ok(Date.now() - began < 15000, `${Date.now() - began} ms, also on a busy machine`);
    await Promise.all(cut);
    const numbers = await Promise.all(keys.map((key, i) => apply(there, path, `示例${i}`, key)));
    assert.equal(new Set(numbers).size, keys.length, 'what is sent again is done once');
    for (const number of done) assert.ok(numbers.includes(number), `${number} was acknowledged`);
    assert.equal(cases(one.database), before + keys.length + 2);
    assert.ok(await checkpoint(other) >= published);
    await one.start();
    assert.ok(await checkpoint(one) >= published);
    await apply(at(one, clerk), path, '赵六示例');
    await other.close();
    await one.close();
});

// The wall asks for its page again and again (wall.js), at whichever server: there is nothing to push and nothing to lose.
test('what is accepted at the one stands on the wall of the other', async () => {
    const [one, other] = await openTwo();
    const wall = async (centre) => (await new Program(centre.address).get('/wall')).body;
    const accepted = async (centre) => (await wall(centre)).year.counts.find((count) => count.head === 'accepted').value;
    const before = [await accepted(one), await accepted(other)];
    const staff = async (account) => new Program(one.address).signIn(account);
    const number = await (await staff('cun')).handIn(itemOf(one), applicant('张三示例'));
    await (await staff('zhen')).act(number, 'pass', { opinion: '材料齐全' });
    const answer = await (await staff('shen')).act(number, 'accept', { opinion: '符合受理条件' });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    assert.deepEqual([await accepted(one), await accepted(other)], before.map((count) => count + 1));
    await other.close();
    await one.close();
});

test('a paper that is handed in at the one is read at the other', async () => {
    const [one, other] = await openTwo();
    const clerk = await new Browser(one.address, 'en').signIn('cun');
    await clerk.open(`/desk/apply/${itemOf(one)}`);
    await clerk.send(`/desk/apply/${itemOf(one)}`, applicant('张三示例'));
    const material = clerk.page('select[name=material] option').last().attr('value');
    await clerk.send('/attach', { material }, [['papers', 'scan.pdf', scan('together'), 'application/pdf']]);
    assert.equal(clerk.status, 200, clerk.text);
    const there = at(other, clerk);
    await there.open(clerk.path);
    const paper = there.page('a').toArray().map((a) => there.page(a).attr('href')).find((href) => /papers\/\d+/.test(href));
    const answer = await there.ask(paper);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), scan('together'));
    await other.close();
    await one.close();
});

test('no event is recorded before another, though the clock of one server goes before', async () => {
    const one = await Centre.open();
    const ahead = join(newFolder('clock'), 'ahead');
    writeFileSync(ahead, '600');
    const other = await Centre.open({ database: one.database, wrap: wrapped('/nowhere', { FAULT_CLOCK: ahead }) });
    const clerk = await new Program(one.address).signIn('cun');
    const people = [clerk, at(other, clerk)];
    const path = `/desk/apply/${itemOf(one)}`;
    const begun = Number(asked(one.database, 'SELECT MAX(number) FROM event'));
    for (let i = 0; i < 6; i++) {
        const number = await apply(people[(i + 1) % 2], path, '周七示例');
        const { seen, materials } = (await people[i % 2].get(`/desk/cases/${number}`)).body;
        const handedIn = await people[i % 2].post(`/desk/cases/${number}/submit`, { seen, materials: materials.map(({ name }) => name) });
        assert.equal(handedIn.status, 201, JSON.stringify(handedIn.body));
    }
    const instants = asked(one.database, `SELECT at FROM event WHERE number >= ${begun} ORDER BY number`).trim().split('\n').map(Number);
    assert.ok(instants.length > 6 && instants[6] - instants[0] >= 500_000, 'both have recorded');
    assert.deepEqual(instants, instants.toSorted((a, b) => a - b));
    const administrator = await new Browser(one.address, 'en').signIn('guan');
    await administrator.open('/desk');
    assert.match(administrator.text, /The clock of the server is behind the last event/);
    await other.close();
    await one.close();
    assert.match(one.log, /the clock of this machine says .* and the last event was at .*: it is held there/);
});

test('whoever wants the database for himself is told who is in the way', async () => {
    const [one, other] = await openTwo();
    await one.close();
    const ended = spawnSync(program, ['key', 'rotate', '--database', other.database], { encoding: 'utf8', env: { ...process.env, LANG: 'C' } });
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /Another program is using the database/);
    await other.close();
});
