// SPDX-License-Identifier: Apache-2.0
// Database servers of a story's own, which it may break; and people who go on applying while they are away.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const tool = join(dirname(fileURLToPath(import.meta.url)), '../../tools/cluster.py');
const CLIENTS = 6;

export class Servers {
    // One, or a pair with ['--pair']; they run until their input ends.
    static async open(options = []) {
        const self = new Servers();
        self.child = spawn(tool, [...options, 'sh', '-c', 'echo "$PINGHU_DATABASE_SERVER $PINGHU_DATABASE_CLUSTER"; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
        const [said] = await once(self.child.stdout, 'data');
        [process.env.PINGHU_DATABASE_SERVER, self.data] = String(said).trim().split(' ');
        delete process.env.PINGHU_CITY;
        self.story = await import('./centre.mjs'); // which asks the environment where the server is
        self.people = await import('./people.mjs');
        return self;
    }

    async close() {
        this.child.stdin.end();
        await once(this.child, 'exit');
    }
}

// A centre on them where the same clerk applies again and again, each time under one key until it is acknowledged.
export class Applying {
    static async open(servers) {
        const self = Object.assign(new Applying(), { servers, done: new Map(), longest: 0 });
        self.centre = await servers.story.Centre.open();
        self.path = `/desk/apply/${self.centre.accounts.match(/try: (\S+)/)[1]}`;
        self.clerk = await new servers.people.Program(self.centre.address).signIn('cun');
        self.begun = self.cases();
        return self;
    }

    // How many cases there are; the ledger is whole.
    cases() {
        const said = execFileSync(this.servers.story.program, ['verify', '--database', this.centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        return Number(said.match(/; (\d+) cases/)[1]);
    }

    // By which reasons it was refused before; `reasons` has them as they come.
    async apply(key = randomUUID(), reasons = []) {
        const began = performance.now();
        const fields = { party_kind: 'person', name: `示例${this.done.size}`, id_number: '330499198001010013', telephone: '13800000000' };
        for (;;) {
            const { status, body, again } = await this.clerk.post(this.path, fields, key);
            if (status === 201) {
                this.done.set(key, body.number);
                this.longest = Math.max(this.longest, performance.now() - began);
                return reasons;
            }
            assert.equal(status, 503, JSON.stringify(body));
            assert.match(body.reason, /^db\.(away|busy|unknown)$/);
            assert.ok(Number(again) > 0, 'says when to ask again');
            reasons.push(body.reason);
        }
    }

    // Several at once, while `trouble` goes on: it is given a way to wait until so many more are acknowledged. All refusals.
    async under(trouble) {
        let over = false;
        let awaited = null;
        const refusals = [];
        const toil = async () => {
            while (!over) {
                refusals.push(...await this.apply());
                if (awaited && this.done.size >= awaited.size) awaited.reached();
            }
        };
        const toiling = Promise.all(Array.from({ length: CLIENTS }, toil));
        await trouble((more) => Promise.race([toiling, new Promise((reached) => { awaited = { size: this.done.size + more, reached }; })]));
        over = true;
        await toiling;
        return refusals;
    }

    // Nothing acknowledged is missing, and nothing is there twice.
    async isWhole() {
        for (const number of this.done.values()) assert.equal((await this.clerk.get(`/desk/cases/${number}`)).status, 200, `case ${number} was acknowledged`);
        assert.equal(new Set(this.done.values()).size, this.done.size);
        assert.equal(this.cases(), this.begun + this.done.size, 'each was begun once');
    }
}
