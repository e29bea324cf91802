// SPDX-License-Identifier: Apache-2.0
// Witnesses cosign what is made public (C2SP tlog-witness): one that judges for itself whether the log only grew, one that
// is slow, one that is away.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { Centre, program } from './centre.mjs';
import { Program } from './people.mjs';
import { Cosigner, isBeginning, isSigned, keyOf, noteOf } from './log.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

class Witness {
    constructor(name, seed) {
        this.cosigner = new Cosigner(name, seed);
        this.key = keyOf(this.cosigner.public);
        this.seen = { size: 0 };
        this.asked = [];   // what it was asked, and its answer's status
        this.away = false; // then it answers 503
        this.held = null;  // then it answers only when let go
    }

    async open(logKey) {
        this.logKey = logKey;
        this.server = createServer((request, response) => this.hear(request, response));
        this.server.listen(0, '127.0.0.1');
        await once(this.server, 'listening');
        this.address = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    async hear(request, response) {
        let body = '';
        for await (const piece of request) body += piece;
        if (this.held) await this.held;
        const [status, answer, type] = this.away ? [503, ''] : this.judge(body);
        this.asked.push({ path: `${request.method} ${request.url}`, status, body });
        response.writeHead(status, { 'Content-Type': type ?? 'text/plain' });
        response.end(answer);
    }

    judge(body) {
        const cut = body.indexOf('\n\n');
        const [old, ...hashes] = body.slice(0, cut).split('\n');
        const note = noteOf(body.slice(cut + 2));
        const from = Number(old.match(/^old (0|[1-9]\d*)$/)[1]);
        if (!isSigned(note, this.logKey) || note.origin !== this.logKey.name) return [403, ''];
        if (from > note.size) return [400, ''];
        if (from !== this.seen.size) return [409, `${this.seen.size}\n`, 'text/x.tlog.size'];
        const proof = hashes.map((one) => Buffer.from(one, 'base64'));
        if (!isBeginning(from, note.size, proof, this.seen.root, note.root)) return [422, ''];
        this.seen = { size: note.size, root: note.root };
        return [200, this.cosigner.line(note.text)];
    }

    close() {
        this.server.closeAllConnections();
        this.server.close();
    }
}

let centre;
let logKey;
const one = new Witness('witness.example/one', 1);
const slow = new Witness('witness.example/slow', 2);
before(async () => {
    centre = await Centre.open();
    await centre.end('SIGTERM');
    logKey = keyOf(execFileSync(program, ['key', 'show', '--database', centre.database], { encoding: 'utf8' }));
    await Promise.all([one.open(logKey), slow.open(logKey)]);
    writeFileSync(`${centre.beside}.witnesses`, `# who watches us\nwitness one ${one.cosigner.public} ${one.address}/\nwitness slow ${slow.cosigner.public} ${slow.address}\n`);
    await centre.start();
});
after(async () => {
    one.close();
    slow.close();
    await centre.close();
});

const checkpoint = async () => noteOf(await (await fetch(new URL('/ledger/330482/checkpoint', centre.address))).text());
async function checkpointWhen(wanted) {
    for (;;) {
        const note = await checkpoint();
        if (wanted(note)) return note;
    }
}
async function act() {
    const clerk = await new Program(centre.address).signIn('cun');
    assert.match(await clerk.handIn(centre.accounts.match(/try: (\S+)/)[1], applicant), /^\d{18}$/);
}

test('what is public is cosigned by both', async () => {
    const note = await checkpointWhen((it) => isSigned(it, one.key) && isSigned(it, slow.key));
    assert.ok(isSigned(note, logKey));
    assert.equal(note.signatures.length, 3);
    assert.equal(one.asked[0].path, 'POST /add-checkpoint');
});

test('what is new is cosigned only when it goes on from what the witness saw', async () => {
    const { size } = await checkpoint();
    await act();
    const note = await checkpointWhen((it) => it.size > size && isSigned(it, one.key));
    assert.equal(one.seen.size, note.size);
    assert.ok(one.asked.some(({ body, status }) => status === 200 && /^old [1-9]\d*\n\S/.test(body)), 'a proof was asked for and held');
    assert.ok(one.asked.every(({ status }) => status === 200), 'nothing was sent that a witness must refuse');
});

test('a witness that saw more or less than was thought is believed', async () => {
    await centre.end('SIGTERM'); // what each has seen is not kept: it is asked for
    one.asked.length = 0;
    await centre.start();
    await checkpointWhen((it) => isSigned(it, one.key));
    assert.deepEqual(one.asked.map(({ status }) => status).slice(0, 2), [409, 200]);
});

test('a slow witness delays neither the centre nor the other witness', async () => {
    let letGo;
    slow.held = new Promise((done) => { letGo = done; });
    const { size } = await checkpoint();
    await act();
    const note = await checkpointWhen((it) => it.size > size && isSigned(it, one.key));
    assert.ok(!isSigned(note, slow.key));
    slow.held = null;
    letGo();
    await checkpointWhen((it) => isSigned(it, one.key) && isSigned(it, slow.key));
});

test('a witness that is away is complained of once, and cosigns when it is back', async () => {
    one.away = true;
    one.asked.length = 0;
    const { size } = await checkpoint();
    await act();
    await checkpointWhen((it) => it.size > size && isSigned(it, slow.key));
    while (one.asked.length < 2) await checkpoint(); // it was tried again
    assert.equal(centre.log.match(/witness one at \S+: .*503/g)?.length, 1, centre.log);
    one.away = false;
    await checkpointWhen((it) => isSigned(it, one.key));
    assert.match(centre.log, /witness one cosigns again/);
});

test('a witness that has seen more than is public says that the log went back', async () => {
    const saved = one.seen;
    one.seen = { size: saved.size + 1000, root: saved.root };
    await act();
    while (!/has this ledger gone back/.test(centre.log)) await checkpoint();
    one.seen = saved;
    await checkpointWhen((it) => isSigned(it, one.key));
});

test('a list of witnesses that cannot be read is refused with its line', async () => {
    const other = await Centre.open();
    await other.end('SIGTERM');
    writeFileSync(`${other.beside}.witnesses`, '# ours\n\nquorum none\n');
    for (const [LANG, sentence] of [['zh_CN.UTF-8', /见证方名单第 3 行/], ['C', /Line 3 of the list of witnesses/]]) {
        const ended = spawnSync(program, ['serve', '--database', other.database, '--listen', '127.0.0.1:0'], { encoding: 'utf8', env: { ...process.env, LANG } });
        assert.equal(ended.status, 1);
        assert.match(ended.stderr, sentence);
    }
    rmSync(other.folder, { recursive: true, force: true });
});
