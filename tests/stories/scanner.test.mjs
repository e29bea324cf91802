// SPDX-License-Identifier: Apache-2.0
// A virus scanner (a stand-in that speaks clamd's protocol) judges what is handed in: what is infected is refused and not kept, and while the
// scanner is away papers are refused, or let in and marked, as the centre was told.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Centre, asked, newFolder } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

// In two parts, so that no scanner finds it here.
const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''));
const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const infected = (remark) => Buffer.concat([scan(remark), EICAR]);

class Scanner {
    sockets = new Set();
    seen = 0;

    async open() {
        this.server = createServer((socket) => this.talk(socket));
        this.path ??= join(newFolder('scanner'), 'clamd.ctl');
        await new Promise((done) => { this.server.listen(this.path, done); });
        return this;
    }

    talk(socket) {
        let heard = Buffer.alloc(0);
        this.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
        socket.on('data', (bytes) => {
            heard = Buffer.concat([heard, bytes]);
            if (heard.equals(Buffer.from('zPING\0'))) socket.end('PONG\0');
            else if (heard.subarray(-4).equals(Buffer.alloc(4)) && heard.indexOf('zINSTREAM\0') === 0) socket.end(this.judge(heard));
        });
    }

    judge(heard) {
        this.seen++;
        return heard.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0';
    }

    close() {
        for (const socket of this.sockets) socket.destroy();
        return new Promise((done) => { this.server.close(done); });
    }
}

const scanner = await new Scanner().open();
let centre;
let clerk;
let number;
let materials;

async function begin(account) {
    const browser = await new Browser(centre.address, 'en').signIn(account);
    const item = centre.accounts.match(/try: (\S+)/)[1];
    await browser.open(`/desk/apply/${item}`);
    await browser.send(`/desk/apply/${item}`, applicant);
    [, number] = browser.path.match(/(\d{18})/);
    materials = browser.page('select[name=material] option').map((_, one) => browser.page(one).attr('value')).get().filter(Boolean);
    return browser;
}

before(async () => {
    centre = await Centre.open({ options: ['--scanner', `unix:${scanner.path}`] });
    clerk = await begin('cun');
});
after(async () => {
    await centre?.close();
    await scanner.close();
});

const attach = async (browser, bytes, name = 'a.pdf') => {
    await browser.open(`/desk/cases/${number}`);
    return browser.send('/attach', { material: materials[0] }, [['papers', name, bytes, 'application/pdf']]);
};
const papers = () => Number(asked(centre.database, `SELECT COUNT(*) FROM paper WHERE county = 330482 AND subject = 'case/${number}'`));
const liesThere = (bytes) => existsSync(join(`${centre.beside}.files`, createHash('sha256').update(bytes).digest('hex').replace(/^../, '$&/')));
const logged = async () => (await (await new Program(centre.address).signIn('cha')).get('/desk/security?kind=upload')).body.rows;
async function desk(account, words, is = true) {
    const administrator = await new Browser(centre.address, 'en').signIn(account);
    for (const until = Date.now() + 60_000; ; await pause(200)) {
        await administrator.open('/desk');
        if (words.test(administrator.text) === is) return;
        assert.ok(Date.now() < until, administrator.text);
    }
}

test('a clean paper is judged and kept', async () => {
    await attach(clerk, scan('clean'));
    assert.equal(clerk.status, 200, clerk.text);
    assert.equal(scanner.seen, 1);
    assert.equal(papers(), 1);
    assert.ok(liesThere(scan('clean')));
    assert.doesNotMatch(clerk.text, /not scanned/);
    assert.deepEqual(await logged(), []);
});

test('an infected one is refused by name, nothing of it stays, and the security log has it without its name', async () => {
    for (const [bytes, name] of [[infected('secret name'), '张三.pdf'], [EICAR, 'eicar.com']]) {
        await attach(clerk, bytes, name);
        assert.equal(clerk.status, 422, clerk.text);
        assert.ok(clerk.text.includes(`The virus scanner found malicious code in “${name}”`), clerk.text);
        assert.equal(clerk.page('[name=_file]').length, 0, 'it is not kept for another send either');
        assert.equal(papers(), 1);
        assert.ok(!liesThere(bytes));
    }
    await centre.uploadsGone();
    const entries = await logged();
    assert.deepEqual(entries.map(({ kind, outcome, purpose, account, times }) => [kind, outcome, purpose, account, times]),
        [['upload', 'refused', 'infected', 'cun', 2], ['upload', 'refused', 'infected', 'cun', 1]]);
    assert.ok(!JSON.stringify(entries).includes('张三'));
    assert.match(centre.log, /refuses a file that was handed in: stream: Eicar-Test-Signature FOUND/);
    assert.ok(!centre.log.includes('张三'));
});

test('it is told in Chinese too', async () => {
    const reader = new Browser(centre.address, 'zh');
    reader.cookies = new Map(clerk.cookies);
    await attach(reader, infected('another'), '照片.jpg');
    assert.equal(reader.status, 422, reader.text);
    assert.match(reader.text, /病毒扫描发现“照片.jpg”含有恶意代码，没有保存/);
    assert.equal(papers(), 1);
});

test('while the scanner is away papers are refused, the administrator is told, and all goes on when it is back', async () => {
    await scanner.close();
    await attach(clerk, scan('meanwhile'));
    assert.equal(clerk.status, 503, clerk.text);
    assert.match(clerk.text, /cannot be checked for viruses just now, and nothing was changed/);
    assert.equal(papers(), 1);
    await desk('guan', /The virus scanner does not answer. Until it does, no files can be handed in/);
    await desk('cun', /virus scanner/, false);
    await scanner.open();
    await desk('guan', /virus scanner/, false); // the centre asks by itself whether it is there
    await attach(clerk, scan('meanwhile'));
    assert.equal(clerk.status, 200, clerk.text);
    assert.equal(papers(), 2);
});

test('a centre that was told so lets papers in while the scanner is away, and marks them', async () => {
    await centre.end('SIGTERM');
    await scanner.close();
    centre.options = [...centre.options, '--admit-unscanned'];
    await centre.start();
    clerk = await begin('cun');
    await attach(clerk, scan('unscanned'));
    assert.equal(clerk.status, 200, clerk.text);
    assert.match(clerk.text, /not scanned for viruses/);
    await clerk.open(clerk.page('a[href*="/pages/1"]').first().attr('href'));
    assert.match(clerk.text, /The virus scanner was away when this file was handed in/);
    await desk('guan', /let in and marked as unscanned/);
    const [entry] = await logged();
    assert.deepEqual([entry.outcome, entry.purpose, entry.account], ['done', 'unscanned', 'cun']);
    await scanner.open();
    await attach(clerk, infected('again'));
    assert.equal(clerk.status, 422, 'what is infected is refused as ever');
    await attach(clerk, scan('scanned'));
    assert.equal(clerk.page('.papers li').filter((_, one) => /not scanned/.test(clerk.page(one).text())).length, 1, clerk.text);
});
