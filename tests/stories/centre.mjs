// SPDX-License-Identifier: Apache-2.0
// A centre of its own for a story: a demo city made once, copied for each, opened on a free port.
import { spawn, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = resolve(process.env.PINGHU ?? join(top, 'build-asan/pinghu'));
export const password = 'Pinghu-2014';

let city; // the folder of the city that all copies come from

function makeCity() {
    const folder = mkdtempSync(join(tmpdir(), 'pinghu-city-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    execFileSync(program, ['demo', '--database', join(folder, 'city.db'), '--cases', '60'],
        { stdio: ['ignore', 'ignore', 'pipe'] });
    return folder;
}

function waitForAddress(child) {
    return new Promise((done, fail) => {
        let said = '';
        child.stdout.on('data', (chunk) => {
            said += chunk;
            const found = said.match(/Pinghu is open at (\S+)/);
            if (found) done(found[1]);
        });
        child.once('exit', (status) => fail(new Error(`the server ended with ${status} before it opened`)));
    });
}

export class Centre {
    // A copy of the demo city, or the database at `database`, opened.
    static async open({ database, options = [], wrap = [] } = {}) {
        const self = new Centre();
        if (!database) {
            city ??= makeCity();
            self.folder = mkdtempSync(join(tmpdir(), 'pinghu-story-'));
            cpSync(city, self.folder, { recursive: true });
            database = join(self.folder, 'city.db');
        }
        self.database = database;
        self.options = options;
        self.wrap = wrap;
        await self.start();
        return self;
    }

    async start() {
        const words = [...this.wrap, program, 'serve', '--database', this.database, '--listen', '127.0.0.1:0', ...this.options];
        this.log = '';
        this.child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = new Promise((done) => this.child.once('exit', (status, signal) => done({ status, signal })));
        this.child.stderr.on('data', (chunk) => { this.log += chunk; });
        this.address = await waitForAddress(this.child);
    }

    async end(signal) {
        this.child.kill(signal);
        return this.ended;
    }

    // Closes as a person would; a complaint of a sanitizer or an error in the log fails the story.
    async close() {
        const { status, signal } = await this.end('SIGTERM');
        if (this.folder) rmSync(this.folder, { recursive: true, force: true });
        if (status !== 0) throw new Error(`the server ended with ${status ?? signal}:\n${this.log}`);
        if (/ERROR|runtime error|CRITICAL/.test(this.log)) throw new Error(`the server complained:\n${this.log}`);
    }

    get accounts() {
        const file = `${this.database}.accounts`;
        return existsSync(file) ? readFileSync(file, 'utf8') : '';
    }
}
