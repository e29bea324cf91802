// SPDX-License-Identifier: Apache-2.0
// Scanned papers in an S3 store: what is handed in lies there under its hash before anybody is told so, comes back as it was,
// and whatever the store does, nobody else waits for it.
import { test, before, after, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';
import { S3 } from './s3.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const nameOf = (bytes) => sha256(bytes).replace(/^(..)/, '/papers/centre/330482/$1/');

let store;
let centre;
let clerk; // with pages, in English
let number; // of a case of his
let materials;
before(async () => {
    store = await S3.open();
    Object.assign(process.env, store.env);
    centre = await Centre.open({ options: ['--papers', store.address] });
    clerk = await new Browser(centre.address, 'en').signIn('cun');
    await clerk.open(`/desk/apply/${itemOf()}`);
    await clerk.send(`/desk/apply/${itemOf()}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    [, number] = clerk.path.match(/(\d{18})/);
    materials = clerk.page('select[name=material] option').map((_, one) => clerk.page(one).attr('value')).get().filter(Boolean);
});
beforeEach(() => Object.assign(store, { mood: null, asked: [], faults: [], tells: 'sha256', keep: (body) => body }));
after(async () => {
    await centre?.close();
    await store?.close();
});

const itemOf = () => centre.accounts.match(/try: (\S+)/)[1];
const attach = (visitor, bytes, name = 'a.pdf') => visitor.send('/attach', { material: materials[0] }, [['papers', name, bytes, 'application/pdf']]);
const papers = () => Number(asked(centre.database, `SELECT COUNT(*) FROM paper WHERE county = 330482 AND subject = 'case/${number}'`));
const other = async () => {
    const one = new Browser(centre.address, 'en');
    one.cookies = new Map(clerk.cookies);
    return one.open(`/desk/cases/${number}`);
};
const lastPaper = () => asked(centre.database, `SELECT MAX(paper) FROM paper WHERE county = 330482 AND subject = 'case/${number}'`).trim();
const fetched = (paper) => clerk.ask(`/desk/cases/${number}/papers/${paper}`);

test('a paper handed in lies in the store under its hash, and comes back as it was', async () => {
    const bytes = scan('one');
    await attach(clerk, bytes);
    assert.equal(clerk.status, 200, clerk.text);
    assert.deepEqual(store.faults, []);
    assert.deepEqual(store.objects.get(nameOf(bytes)), bytes);
    assert.ok(!existsSync(join(`${centre.beside}.files`, sha256(bytes).slice(0, 2), sha256(bytes).slice(2))), 'nothing of it lies in the folder');
    await centre.uploadsGone();
    const answer = await fetched(lastPaper());
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    await centre.uploadsGone();
});

test('a put counts only when the store tells the length and the checksum of what it was sent', async () => {
    for (const tells of ['sha256', 'md5', 'nothing']) {
        Object.assign(store, { tells, keep: (body) => body });
        await attach(clerk, scan(`told by ${tells}`));
        assert.equal(clerk.status, 200, `${tells}: ${clerk.text}`);
        const count = papers();
        for (const [how, keep, cause] of [['cut', (body) => body.subarray(0, 100), /it holds 100 bytes of \d+ of [0-9a-f]{64}/],
            ['altered', (body) => Buffer.from(body).fill(0x20, 10, 20), /the store of papers holds [0-9a-f]{64} under the name of/]]) {
            store.keep = keep;
            await attach(clerk, scan(`${how} beside ${tells}`));
            assert.equal(clerk.status, 503, `${how}, ${tells}`);
            assert.match(clerk.text, /does not answer just now/);
            assert.equal(papers(), count, `${how}, ${tells}: nothing is recorded`);
            assert.match(centre.log, cause);
            await clerk.open(`/desk/cases/${number}`);
        }
    }
});

test('the same paper twice is one object, and several go at once', async () => {
    const [same, one, two] = [scan('same'), scan('first of two'), scan('second of two')];
    const count = papers();
    await attach(clerk, same);
    await attach(clerk, same);
    await clerk.send('/attach', { material: materials[0] }, [['papers', '1.pdf', one, 'application/pdf'], ['papers', '2.pdf', two, 'application/pdf']]);
    assert.equal(papers(), count + 4);
    for (const bytes of [same, one, two]) assert.deepEqual(store.objects.get(nameOf(bytes)), bytes);
    const citizen = new Program(centre.address);
    assert.equal((await citizen.get(`/track/${number}/papers/1`)).status, 401, 'a paper is shown to nobody who may not see it');
});

test('what is no paper is refused before it is put there', async () => {
    const count = papers();
    await attach(clerk, Buffer.from('no paper'));
    assert.equal(clerk.status, 422);
    assert.ok(!store.asked.some((line) => line.includes(nameOf('no paper'))), store.asked.join()); // documents sealed meanwhile are put there
    assert.equal(papers(), count);
    await clerk.open(`/desk/cases/${number}`);
});

test('while the store is away nothing is recorded, and it goes on by itself', async () => {
    const [bytes, count] = [scan('away'), papers()];
    await clerk.open(`/desk/cases/${number}`);
    const form = clerk.form('/attach', [bytes]);
    const hand = (language) => fetch(new URL(form.attr('action'), centre.address), { method: 'POST',
        body: clerk.bodyOf(form, { material: materials[0] }, [['papers', 'a.pdf', bytes, 'application/pdf']]),
        headers: { Accept: 'application/json', 'Accept-Language': language, Cookie: clerk.cookie } });
    for (const [mood, language, said] of [[503, 'zh', /暂时联系不上/], [429, 'en', /does not answer just now/], ['gone', 'en', /does not answer just now/]]) {
        if (mood === 'gone') await store.close();
        else store.mood = mood;
        const answer = await hand(language);
        const body = await answer.json();
        if (mood === 'gone') await store.reopen();
        assert.equal(answer.status, 503, JSON.stringify(body));
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
        assert.match(body.detail, said);
        assert.equal(papers(), count, 'nothing is recorded');
    }
    store.mood = 503;
    const paper = await fetched(lastPaper());
    assert.equal(paper.status, 503);
    await paper.arrayBuffer();
    store.mood = null;
    const answer = await hand('en');
    assert.equal(answer.status, 201, 'the same form goes on');
    await answer.json();
    assert.equal(papers(), count + 1);
    assert.equal((await fetched(lastPaper())).status, 200);
    await clerk.open(`/desk/cases/${number}`);
});

test('bytes that are others than they were are not shown', async () => {
    const bytes = scan('altered');
    await attach(clerk, bytes);
    const paper = lastPaper();
    store.objects.set(nameOf(bytes), scan('of somebody else'));
    assert.equal((await fetched(paper)).status, 500);
    store.objects.set(nameOf(bytes), Buffer.alloc(21 * 1024 * 1024));
    assert.equal((await fetched(paper)).status, 500);
    assert.match(centre.log, /holds more than a paper/);
    store.objects.delete(nameOf(bytes));
    assert.equal((await fetched(paper)).status, 500);
    store.objects.set(nameOf(bytes), bytes);
    assert.equal((await fetched(paper)).status, 200);
    assert.match(centre.log, /holds [0-9a-f]{64} under the name of/);
});

test('while a store hangs, nobody waits but who wants something of it', async () => {
    const HANGING = 8;
    const visitors = await Promise.all(Array.from({ length: HANGING }, other));
    const count = papers();
    store.holds = true;
    let ended = 0;
    const uploads = visitors.map(async (visitor, i) => { await attach(visitor, scan(`hanging ${i}`)); ended++; return visitor.status; });
    const reads = Array.from({ length: HANGING }, async () => { const answer = await fetched(1); await answer.arrayBuffer(); ended++; return answer.status; });
    await store.holding(2 * HANGING);
    const anyone = new Browser(centre.address);
    for (let i = 0; i < 50; i++) assert.equal((await anyone.open(i % 2 ? '/' : '/items')).status, 200);
    const program = await new Program(centre.address).signIn('cun');
    const { status, body } = await program.post(`/desk/apply/${itemOf()}`, { party_kind: 'person', name: '李四示例', id_number: '330499198001010013', telephone: '13800000000' });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(ended, 0, 'all that while they hung');
    store.letGo();
    const statuses = await Promise.all([...uploads, ...reads]);
    assert.deepEqual(statuses.slice(HANGING), Array(HANGING).fill(200));
    assert.equal(papers() - count, statuses.slice(0, HANGING).filter((one) => one === 200).length, 'those told so are recorded');
    assert.ok(papers() > count);
    await clerk.open(`/desk/cases/${number}`);
});

test('a wrong key is a fault of ours: told in the log, nothing recorded', async () => {
    const [count, key] = [papers(), store.key];
    store.key = 'another';
    await attach(clerk, scan('wrong key'));
    store.key = key;
    assert.equal(clerk.status, 500);
    assert.equal(papers(), count);
    assert.match(centre.log, /the store of papers answers 403 .*InvalidAccessKeyId/);
    store.secret = 'another';
    const paper = await fetched(lastPaper());
    store.secret = 'paper-secret';
    assert.equal(paper.status, 500);
    await clerk.open(`/desk/cases/${number}`);
});

test('after a start anew all is there', async () => {
    const paper = lastPaper();
    await centre.end('SIGKILL');
    await centre.start();
    clerk.address = centre.address;
    assert.equal((await fetched(paper)).status, 200);
    assert.equal(existsSync(`${centre.beside}.files/incoming`), true);
});

// Beside this process, for the store that it asks answers here.
const run = (words, env = {}) => new Promise((done) => {
    const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (text) => { said += text; });
    child.stderr.on('data', (text) => { said += text; });
    child.on('close', (status) => done({ status, said }));
});

test('keys and bucket are tried at the start, which is refused with the cause', async () => {
    const serve = (address, env) => run(['serve', '--database', centre.database, '--listen', '127.0.0.1:0', '--papers', address], env);
    for (const [address, env, cause] of [[store.address, { PINGHU_PAPERS_SECRET: 'wrong' }, /403 SignatureDoesNotMatch/], [store.address, { PINGHU_PAPERS_KEY: 'wrong' }, /403 InvalidAccessKeyId/],
        [store.address.replace('/papers/', '/none/'), {}, /NoSuchBucket/], ['http://127.0.0.1:1/papers', {}, /connect/i]]) {
        const { status, said } = await serve(address, { LANG: 'en_GB.UTF-8', ...env });
        assert.equal(status, 1, said);
        assert.match(said, /did not let an object be put, read and removed/);
        assert.match(said, cause);
    }
    store.keep = (body) => body.subarray(1);
    assert.match((await serve(store.address, { LANG: 'zh_CN.UTF-8' })).said, /没有成功：it holds \d+ bytes/);
    store.keep = (body) => body;
});

// The demo city's own papers, which lie in the folder until they are moved.
function moveIn() {
    const folder = `${centre.beside}.files`;
    for (const name of readdirSync(folder, { recursive: true }).filter((one) => /^..\/[0-9a-f]{62}$/.test(one)))
        store.objects.set(`/papers/centre/330482/${name}`, readFileSync(join(folder, name)));
}

test('pinghu verify --papers reads every object, and names those that are others or gone', async () => {
    const words = ['--database', centre.database, '--store', store.address];
    const verify = (...more) => run(['verify', ...words, ...more], { LANG: 'en_GB.UTF-8' });
    const [one, two] = [scan('verified one'), scan('verified two')];
    await clerk.open(`/desk/cases/${number}`);
    await attach(clerk, one);
    await attach(clerk, two);
    await centre.end();
    moveIn();
    const whole = await verify('--papers');
    assert.equal(whole.status, 0, whole.said);
    assert.match(whole.said, /\d+ files of scans and documents read/);
    assert.match((await verify()).said, /\d+ files of scans and documents were not read/);
    store.objects.set(nameOf(one), scan('somebody else'));
    store.objects.delete(nameOf(two));
    const found = await verify('--papers');
    assert.equal(found.status, 1, found.said);
    assert.match(found.said, new RegExp(`paper case/${number}: .* is not what its hash says.*${sha256(one)}`));
    assert.match(found.said, new RegExp(`paper case/${number}: .* is not there .*${sha256(two)}`));
    assert.equal(found.said.match(/paper case/g).length, 2, found.said);
    store.mood = 503;
    const away = await verify('--papers');
    assert.equal(away.status, 1);
    assert.match(away.said, /does not answer just now/, 'a store that is away is no difference');
    store.mood = null;
    store.objects.set(nameOf(one), one);
    store.objects.set(nameOf(two), two);
    await centre.start();
    clerk.address = centre.address;
});

test('an address or keys that cannot be are refused with a sentence', async () => {
    const start = (address, env) => spawnSync(program, ['serve', '--database', `${centre.database}.none`, '--listen', '127.0.0.1:0', '--papers', address],
        { encoding: 'utf8', env: { ...process.env, ...env } });
    assert.match(start('http://s3.example/papers', { LANG: 'en_GB.UTF-8' }).stderr, /is no address of a store of papers/);
    assert.match(start(store.address, { LANG: 'zh_CN.UTF-8', PINGHU_PAPERS_SECRET: '' }).stderr, /没有扫描件存储的密钥/);
});

test('the scans of an erased case leave the store, and a send of the same bytes waits for that', async () => {
    const [own, later] = [scan('of the erased case'), scan('of the other case')];
    const begun = async () => {
        await clerk.open(`/desk/apply/${itemOf()}`);
        await clerk.send(`/desk/apply/${itemOf()}`, { party_kind: 'person', name: '赵擦除', id_number: '330499198001010013', telephone: '13800000000' });
        return clerk.path.match(/(\d{18})/)[1];
    };
    const erased = await begun();
    await attach(clerk, own);
    await clerk.send('/submit', { materials: [...new Set(materials.slice(1))] });
    await clerk.send('/withdraw', { reason: 'no longer needed' });
    assert.deepEqual(store.objects.get(nameOf(own)), own);
    const administrator = await new Program(centre.address).signIn('quan');
    const { seen } = (await administrator.get(`/desk/erase/${erased}`)).body;
    assert.equal((await administrator.post(`/desk/erase/${erased}`, { seen, reason: 'asked for in writing', sure: true })).status, 201);
    const end = Date.now() + 60000;
    while (store.objects.has(nameOf(own))) {
        assert.ok(Date.now() < end, 'the object is gone');
        await new Promise((done) => { setTimeout(done, 100); });
    }
    assert.deepEqual(store.faults, []);
    await begun();
    await attach(clerk, own);
    assert.equal(clerk.status, 503, clerk.text);
    assert.ok(clerk.text.includes('Please send it again in ten minutes'), clerk.text);
    await attach(clerk, later);
    assert.equal(clerk.status, 200, clerk.text);
});
