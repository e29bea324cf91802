// SPDX-License-Identifier: Apache-2.0
// Each message to PostgreSQL is cut off before or after it arrives, held back, or cut off several times in a row: what was acknowledged is there
// once, and the centre goes on without a restart. A few of all messages are drawn in each run; PINGHU_EVERY_FAULT=1 (./dev fault) takes each.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { Centre, copyOf, newFolder, program } from './centre.mjs';
import { Program } from './people.mjs';
import { Work } from './work.mjs';

const MANNERS = ['before', 'after', 'late', 'again'];
const LATE = 1500; // milliseconds
const TIMES = 3; // that "again" cuts off in a row
const SOCKET = '.s.PGSQL.5432';

// Between the centre and PostgreSQL's socket. Messages of the centre are counted over all its connections, from arm() on.
class Wire {
    static async open(database) {
        const self = new Wire();
        self.behind = join(decodeURIComponent(database.match(/host=([^&]+)/)[1]), SOCKET);
        self.folder = newFolder('wire');
        self.arm();
        self.server = createServer((client) => self.take(client)).listen(join(self.folder, SOCKET));
        await new Promise((done) => self.server.once('listening', done));
        return self;
    }

    arm({ at = 0, manner = '' } = {}) {
        Object.assign(this, { at, manner, count: 0 });
    }

    through(database) {
        return database.replace(/host=[^&]+/, `host=${encodeURIComponent(this.folder)}`);
    }

    close() {
        return new Promise((done) => this.server.close(done));
    }

    // The manner in which this message is struck; '': it is let pass.
    fault() {
        this.count++;
        const struck = this.manner === 'again' ? this.at && this.count >= this.at && this.count < this.at + TIMES : this.count === this.at;
        return struck ? this.manner : '';
    }

    take(client) {
        const behind = connect(this.behind);
        const cut = () => { client.destroy(); behind.end(); };
        let rest = Buffer.alloc(0), isFirst = true, sent = Promise.resolve();
        const pass = async (message) => {
            const manner = this.fault();
            if (manner === 'before' || manner === 'again') return cut();
            if (manner === 'late') await pause(LATE); // the fault itself
            if (!behind.destroyed) behind.write(message);
            if (manner === 'after') cut();
        };
        client.on('data', (bytes) => {
            rest = Buffer.concat([rest, bytes]);
            // The first message of a connection has no letter before its length.
            for (let length; (length = rest.length >= 5 ? (isFirst ? rest.readInt32BE(0) : rest.readInt32BE(1) + 1) : 0) && rest.length >= length; isFirst = false) {
                const message = rest.subarray(0, length);
                rest = rest.subarray(length);
                sent = sent.then(() => pass(message));
            }
        });
        behind.on('data', (bytes) => client.destroyed || client.write(bytes));
        behind.on('end', () => client.end());
        client.on('end', () => sent.then(() => behind.end()));
        for (const socket of [client, behind]) socket.on('error', cut);
    }
}

const cases = (database) => Number(execFileSync(program, ['verify', '--database', database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).match(/; (\d+) cases/)[1]);

function drawn(messages, count) {
    const all = Array.from({ length: messages }, (_, i) => MANNERS.map((manner) => ({ at: i + 1, manner }))).flat();
    if (process.env.PINGHU_EVERY_FAULT) return all;
    const first = Math.random();
    return Array.from({ length: count }, (_, i) => all[Math.floor((i + first) * all.length / count)]);
}

// Goes on until it is done; an answer that asks to come again, and a connection that ended, is asked again.
async function untilDone(work, centre) {
    const until = Date.now() + 30000;
    while (Date.now() < until) {
        try {
            if (await work.goOn(centre)) return true;
        } catch (error) {
            if (error.name === 'AssertionError') throw error;
        }
        await pause(100); // between two questions
    }
    return false;
}

test('what was acknowledged is there, and once, whatever happens to a message', async () => {
    const city = await Centre.open();
    const item = city.accounts.match(/try: (\S+)/)[1];
    await city.end('SIGTERM');
    const before = cases(city.database);
    const wire = await Wire.open(city.database);

    const counted = await Centre.open({ database: wire.through(copyOf(city.database, newFolder('count'))) });
    wire.arm();
    assert.ok(await untilDone(new Work(item), counted));
    const messages = wire.count;
    await counted.close();
    assert.ok(messages > 20, `${messages} messages`);

    let struck = 0; // what the server does by itself meanwhile differs, so that some of the last messages do not come
    const all = drawn(messages, 12);
    for (const one of all) {
        const what = `${one.manner} at ${one.at} of ${messages}`;
        const database = copyOf(city.database, newFolder('struck'));
        wire.arm();
        const centre = await Centre.open({ database: wire.through(database) });
        const work = new Work(item);
        wire.arm(one);
        assert.ok(await untilDone(work, centre), `${what}: it goes on without a restart\n${centre.log}`);
        struck += wire.count >= one.at;
        const { body } = await (await new Program(centre.address).signIn('cun')).get(`/desk/cases/${work.number}`);
        assert.ok(body.materials.some((it) => it.papers.length), `${what}: the paper`);
        await centre.close();
        assert.equal(cases(database), before + 1, `${what}: one case`);
    }
    assert.ok(struck > all.length / 2, `${struck} of ${all.length} were struck`);
    await wire.close();
    await city.start();
    await city.close();
});
