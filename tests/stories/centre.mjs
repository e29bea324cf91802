// SPDX-License-Identifier: Apache-2.0
// A centre of its own for a story: a demo city made once, copied for each, opened on a free port. Its database is a file
// of SQLite or, where PINGHU_DATABASE_SERVER has an address with {} for a name, one of a PostgreSQL server.
import { spawn, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = resolve(process.env.PINGHU ?? join(top, 'build-asan/pinghu'));
export const password = 'Pinghu-2014';

// ---- databases ----

const server = process.env.PINGHU_DATABASE_SERVER;
const remains = []; // folders
process.on('exit', () => remains.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function newFolder(kind) {
    const folder = mkdtempSync(join(tmpdir(), `pinghu-${kind}-`));
    remains.push(folder);
    return folder;
}

// The files of a server's database lie in the folder at hand.
if (server) process.chdir(newFolder('home'));
let made = 0;

const order = (database, sql) => execFileSync('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', sql, database], { encoding: 'utf8' });
const nameOf = (database) => database.match(/([^/?]+)(?:\?|$)/)[1];

// The database's own answer to a question: a line for each row, a bar between columns.
export const asked = (database, sql) => (server ? order(database, sql)
    : execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 10000', database, sql], { encoding: 'utf8' }));

// The names of the files that belong to a database begin so.
export const besideOf = (database) => (server ? resolve(nameOf(database)) : database);

// One that is not there yet, or empty; on a server as a copy of another, when one is named.
export function newDatabase(folder, name, like = 'template1') {
    if (!server) return join(folder, `${name}.db`);
    const own = `${name}_${process.pid}_${++made}`;
    order(server.replace('{}', 'postgres'), `CREATE DATABASE ${own} TEMPLATE ${like}`);
    return server.replace('{}', own);
}

// Opens an empty county in it: {account: first password} of its three administrators.
export function openCounty(database, options = []) {
    const said = execFileSync(program, ['init', '--database', database, '--county', '330482', '--name', '平湖市', '--name-en', 'Pinghu', ...options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return Object.fromEntries([...said.matchAll(/^  (\w+) +([0-9a-z-]{19})$/gm)].map(([, account, first]) => [account, first]));
}

// A copy of a database that nobody has open, with all its files.
export function copyOf(database, folder, from = besideOf(database)) {
    const copy = newDatabase(folder, 'city', server && nameOf(database));
    const to = besideOf(copy);
    for (const file of readdirSync(dirname(from)).filter((it) => it === basename(from) || it.startsWith(`${basename(from)}.`)))
        cpSync(join(dirname(from), file), join(dirname(to), basename(to) + file.slice(basename(from).length)), { recursive: true });
    return copy;
}

// A copy of the tables alone, of a database that nobody has open, and back again as if nothing had happened since.
export function backUp(database) {
    if (server) return newDatabase(null, 'backup', nameOf(database));
    copyFileSync(database, `${database}.backup`);
    return `${database}.backup`;
}

export function restore(database, backup) {
    if (server) {
        order(server.replace('{}', 'postgres'), `DROP DATABASE ${nameOf(database)} WITH (FORCE)`);
        order(server.replace('{}', 'postgres'), `CREATE DATABASE ${nameOf(database)} TEMPLATE ${nameOf(backup)}`);
        return;
    }
    for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    copyFileSync(backup, database);
}

let city; // that all copies come from: a database, and what the names of its files begin with

// The one that PINGHU_CITY names by its files, or one of our own.
function findCity() {
    const beside = process.env.PINGHU_CITY;
    if (beside) return { database: server ? server.replace('{}', basename(beside)) : beside, beside };
    const database = newDatabase(newFolder('city'), 'city');
    execFileSync(program, ['demo', '--database', database, '--cases', '60'], { stdio: ['ignore', 'ignore', 'pipe'] });
    return { database };
}

// ---- a centre ----

function waitForAddress(child) {
    return new Promise((done, fail) => {
        let said = '';
        child.stdout.on('data', (chunk) => {
            said += chunk;
            const found = said.match(/Pinghu is open at (\S+)/);
            if (found) done({ address: found[1], said });
        });
        child.once('exit', (status) => fail(new Error(`the server ended with ${status} before it opened`)));
    });
}

export class Centre {
    // A copy of the demo city, or the database at `database`, opened. `folder` is its own.
    static async open({ database, options = [], wrap = [] } = {}) {
        const self = new Centre();
        if (!database) {
            city ??= findCity();
            self.folder = newFolder('story');
            database = copyOf(city.database, self.folder, city.beside);
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
        ({ address: this.address, said: this.said } = await waitForAddress(this.child));
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

    get beside() {
        return besideOf(this.database);
    }

    // Resolves when no upload lies there any more: one goes when its request has ended, which is after the answer. The centre's own
    // files, as of documents that it seals when nobody asks, do not count.
    async uploadsGone() {
        const left = () => readdirSync(join(`${this.beside}.files`, 'incoming')).filter((name) => name.startsWith('upload-'));
        for (const until = Date.now() + 30_000; left().length; await pause(20)) if (Date.now() > until) throw new Error(`uploads stay: ${left()}`);
    }

    get accounts() {
        const file = `${this.beside}.accounts`;
        return existsSync(file) ? readFileSync(file, 'utf8') : '';
    }
}
