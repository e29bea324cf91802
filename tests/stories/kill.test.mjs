// SPDX-License-Identifier: Apache-2.0
// The server is killed fifty times in the middle of its work. What it had acknowledged is there afterwards,
// what was under way happens once when asked again, the ledger adds up each time, and what it had made public it stays.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Centre, program } from './centre.mjs';
import { Program } from './people.mjs';

const ROUNDS = 50;
const CLIENTS = 8;

const verify = (database) => execFileSync(program, ['verify', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const applicant = (name) => ({ party_kind: 'person', name, id_number: '330499198001010013', telephone: '13800000000' });

// Every request until it is answered: {key, path, fields}, and the case `of` one that hands it in; `done` holds the cases begun, by key.
class Work {
    constructor(item) {
        this.item = item;
        this.open = new Map();
        this.done = new Map();
    }

    keep(one) {
        this.open.set(one.key, one);
        return one;
    }

    next() {
        const key = randomUUID();
        return this.keep({ key, path: `/desk/apply/${this.item}`, fields: applicant(`示例${key.slice(0, 6)}`) });
    }

    // A case is public from here on, a draft is not.
    async handIn(clerk, begun) {
        this.materials ??= (await clerk.get(`/desk/cases/${begun.number}`)).body.materials.map((one) => one.name);
        const fields = { seen: begun.seen, materials: this.materials };
        return this.send(clerk, this.keep({ key: randomUUID(), path: `/desk/cases/${begun.number}/submit`, fields, of: begun }));
    }

    async send(clerk, one) {
        const answer = await clerk.post(one.path, one.fields, one.key);
        assert.equal(answer.status, 201, JSON.stringify(answer.body));
        this.open.delete(one.key);
        if (one.of) one.of.handedIn = true;
        else this.done.set(one.key, answer.body);
        return answer.body;
    }
}

// Works until the connection breaks.
async function toil(work, clerk, acknowledged) {
    for (;;) {
        try {
            const begun = await work.send(clerk, work.next());
            const { seen } = await work.handIn(clerk, begun);
            acknowledged();
            const ended = await clerk.post(`/desk/cases/${begun.number}/withdraw`, { seen, reason: '测试' });
            if (ended.status === 201) begun.withdrawn = true;
        } catch (error) {
            if (error.name === 'AssertionError') throw error;
            return;
        }
    }
}

// The public part: every checkpoint covers the one before, whose root its nodes still make (verify, and the start, see to it).
class Published {
    constructor(centre) {
        this.centre = centre;
        this.size = 0;
        this.roots = new Map();
    }

    async look() {
        const [, size, root] = (await (await fetch(`${this.centre.address}/ledger/330482/checkpoint`)).text()).split('\n');
        assert.ok(Number(size) >= this.size, `${size} events are public after ${this.size}`);
        assert.equal(this.roots.get(size) ?? root, root, 'one size has one root');
        this.size = Number(size);
        this.roots.set(size, root);
    }

    async watch() {
        for (;;) {
            try {
                await this.look();
            } catch (error) {
                if (error.name === 'AssertionError') throw error;
                return;
            }
        }
    }
}

async function killInTheMiddle(centre, work, clerk, after, published) {
    let count = 0;
    let enough;
    const reached = new Promise((done) => { enough = done; });
    const toiling = Array.from({ length: CLIENTS }, () => toil(work, clerk, () => { if (++count === after) enough(); }));
    const watching = published.watch();
    await Promise.race([reached, Promise.all(toiling)]);
    await centre.end('SIGKILL');
    await Promise.all([...toiling, watching]);
}

async function checkAcknowledged(work, clerk, known) {
    for (const [key, { number, handedIn, withdrawn }] of work.done) {
        if (known.has(key)) continue;
        const { status, body } = await clerk.get(`/desk/cases/${number}`);
        assert.equal(status, 200, `case ${number} was acknowledged`);
        if (withdrawn) assert.equal(body.state, 'withdrawn');
        else if (handedIn) assert.ok(['received', 'withdrawn'].includes(body.state), `case ${number} was handed in and is ${body.state}`);
        known.add(key);
    }
}

test(`killed ${ROUNDS} times under load`, async () => {
    const centre = await Centre.open();
    const work = new Work(centre.accounts.match(/try: (\S+)/)[1]);
    await centre.end('SIGTERM'); // one program at a time holds a database
    const before = Number(verify(centre.database).match(/; (\d+) cases/)[1]);
    await centre.start();
    const known = new Set();
    const published = new Published(centre);
    for (let round = 0; round < ROUNDS; round++) {
        const clerk = await new Program(centre.address).signIn('cun');
        await killInTheMiddle(centre, work, clerk, 1 + (round * 7) % 20, published);
        verify(centre.database); // with the log as the kill has left it; throws when anything differs
        await centre.start();
        await published.look();
        clerk.address = centre.address;
        for (const one of [...work.open.values()]) await work.send(clerk, one);
        await checkAcknowledged(work, clerk, known);
    }
    await centre.end('SIGTERM');
    const said = verify(centre.database);
    assert.equal(Number(said.match(/; (\d+) cases/)[1]), before + work.done.size, 'each was begun once');
    assert.ok(work.done.size >= ROUNDS, `${work.done.size} cases were begun`);
    assert.ok([...work.done.values()].some((one) => one.withdrawn), 'some were withdrawn again');
    assert.ok(published.roots.size >= ROUNDS, `${published.roots.size} checkpoints were seen`);
    await centre.start();
    await centre.close();
});

test('closed in the middle of its work it ends well', { timeout: 120000 }, async () => {
    const centre = await Centre.open();
    const work = new Work(/try: (\S+)/.exec(centre.accounts)[1]);
    const busy = async (clerk) => {
        for (;;) {
            const answer = await clerk.post(`/desk/apply/${work.item}`, work.next().fields).catch(() => null);
            if (answer?.status !== 201) return answer;
            done();
        }
    };
    let done;
    for (let round = 0; round < 20; round++) {
        const clerk = await new Program(centre.address).signIn('cun');
        const some = new Promise((enough) => { let count = 0; done = () => (++count === 40 ? enough() : null); });
        const clerks = Array.from({ length: 32 }, () => busy(clerk));
        await some;
        assert.deepEqual(await centre.end('SIGTERM'), { status: 0, signal: null }, centre.log);
        for (const last of await Promise.all(clerks)) assert.ok(!last || last.status === 503, JSON.stringify(last));
        await centre.start();
    }
    await centre.close();
});
