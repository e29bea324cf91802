// SPDX-License-Identifier: Apache-2.0
// A vandal takes what he can get: descriptors, connections, applications. Everybody else is served, and the ledger is published.
import { test, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const descriptors = 220;
const vandals = [];
const dripping = setInterval(() => vandals.forEach((one) => one.destroyed || one.write(' ')), 5000); // so that none is idle
after(() => {
    clearInterval(dripping);
    vandals.forEach((one) => one.destroy());
});

// A connection of another address on which half a body has come.
const halfSent = (address) => new Promise((done) => {
    const { port } = new URL(address);
    const one = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    vandals.push(one);
    one.on('error', () => done(one));
    one.on('connect', () => one.write('POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{', () => done(one)));
});

// 32 clients of another address, each of which asks again as soon as it is answered, until ended; that resolves to the statuses they were told.
function flood(centre, method, path, bodyOf = () => '', headersOf = () => ({})) {
    const agent = new Agent({ keepAlive: true, localAddress: '127.0.0.2' });
    let over = false, serial = 0;
    const once = () => new Promise((done, fail) => {
        serial += 1;
        const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `flood-${serial}`, ...headersOf(serial) };
        const asking = request(new URL(path, centre.address), { method, agent, headers }, (answer) => answer.resume().on('end', () => done(answer.statusCode)));
        asking.on('error', fail);
        asking.end(bodyOf(serial));
    });
    const client = async () => {
        const told = [];
        while (!over) told.push(await once());
        return told;
    };
    const clients = Array.from({ length: 32 }, client);
    return async () => {
        over = true;
        const told = (await Promise.all(clients)).flat();
        agent.destroy();
        return told;
    };
}

// People at work meanwhile, who are answered each time.
async function othersAreAnswered(centre, clerk, times) {
    const item = centre.accounts.match(/try: (\S+)/)[1];
    for (let i = 0; i < times; i++) {
        assert.equal((await new Program(centre.address).get('/items?q=取水')).status, 200);
        assert.equal((await clerk.get('/desk')).status, 200);
        assert.equal((await clerk.post(`/desk/apply/${item}`, applicant)).status, 201);
    }
}

const published = async (centre) => Number((await (await fetch(`${centre.address}/ledger/330482/checkpoint`)).text()).split('\n')[1]);

test('more connections than the program may open files: people are answered and the ledger is published', { timeout: 120_000 }, async () => {
    const centre = await Centre.open({ wrap: ['prlimit', `--nofile=${descriptors}:${descriptors}`] });
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const clerk = await new Program(centre.address).signIn('cun');
    for (let i = 0; i < 2 * descriptors; i++) await halfSent(centre.address);
    const before = await published(centre);
    for (let i = 0; i < 5; i++) {
        assert.equal((await clerk.post(`/desk/apply/${item}`, applicant)).status, 201);
        assert.equal((await clerk.get('/desk')).status, 200);
    }
    const number = (await clerk.post(`/desk/apply/${item}`, applicant)).body.number;
    const { materials } = (await clerk.get(`/desk/cases/${number}`)).body;
    assert.equal((await clerk.act(number, 'submit', { materials: materials.map((one) => one.name) })).status, 201);
    const until = Date.now() + 30_000;
    while ((await published(centre)) <= before) assert.ok(Date.now() < until, 'a checkpoint covers the new events');
    await centre.close();
});

test('while 32 clients guess passwords, people sign in and work', async () => {
    const centre = await Centre.open();
    const clerk = await new Program(centre.address).signIn('cun');
    const guess = (n) => JSON.stringify({ account: ['cun', 'shen', 'nobody'][n % 3], password: `wrong-${n}` });
    const end = flood(centre, 'POST', '/sign-in', guess);
    await othersAreAnswered(centre, clerk, 10);
    await new Program(centre.address).signIn('shou');
    const told = await end();
    assert.ok(told.length >= 32 && told.every((status) => [401, 403, 422, 429, 503].includes(status)), [...new Set(told)].join());
    await centre.close();
});

for (const [who, options, headersOf] of [
    ['one address', [], undefined],
    ['many addresses', ['--address-header', 'X-Forwarded-For'], (n) => ({ 'X-Forwarded-For': `203.0.113.9, 10.0.${(n >> 8) & 255}.${n & 255}` })],
]) {
    test(`while 32 clients of ${who} ask for page after page, each request is answered`, async () => {
        const centre = await Centre.open({ options });
        const clerk = await new Program(centre.address).signIn('cun');
        for (const path of ['/items?q=%E8%AF%81', '/licences?format=xlsx']) {
            const end = flood(centre, 'GET', path, undefined, headersOf);
            await othersAreAnswered(centre, clerk, 10);
            const told = await end();
            assert.ok(told.length >= 32 && told.every((status) => status === 200), `${path}: ${[...new Set(told)]}`);
        }
        await centre.close();
    });
}

test('who begins application after application is told when to go on, and others begin theirs', async () => {
    const centre = await Centre.open({ options: ['--address-header', 'X-Forwarded-For', '--limits', 'address-drafts=2, party-drafts=1'] });
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const from = (address) => {
        const one = new Program(centre.address);
        return async (fields) => one.post(`/apply/${item}`, fields, undefined, { 'X-Forwarded-For': `198.51.100.99, ${address}` });
    };
    const { towns } = (await new Program(centre.address).get(`/apply/${item}`)).body;
    const form = { ...applicant, place: towns[0].places[0].code };
    const vandal = from('192.0.2.1');
    assert.equal((await vandal(form)).status, 201);
    const again = await vandal(form);
    assert.equal(again.status, 429);
    assert.match(again.body.detail, /一小时内为这位申请人提交的新申请太多。请在.*\d.*以后再申请/);
    assert.ok(Number(again.again) > 3500 && Number(again.again) <= 3601);
    assert.equal((await vandal({ ...form, id_number: '330499199407211004' })).status, 201);
    assert.match((await vandal({ ...form, id_number: '33049919650704019X' })).body.detail, /您的网络/);
    assert.equal((await from('192.0.2.2')(form)).status, 201, 'the same applicant from elsewhere');
    await centre.close();
});

test('a person who may begin no more keeps what was typed and reads why', async () => {
    const centre = await Centre.open({ options: ['--limits', 'address-drafts=1'] });
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const { towns } = (await new Program(centre.address).get(`/apply/${item}`)).body;
    const fields = { ...applicant, place: towns[0].places[0].code };
    assert.equal((await new Program(centre.address).post(`/apply/${item}`, fields)).status, 201);
    const person = new Browser(centre.address, 'en');
    await person.open(`/apply/${item}`);
    await person.send(`/apply/${item}`, fields);
    assert.equal(person.status, 429);
    assert.match(person.page('main').text(), /over your connection, which others may share\. You can begin the next one after .*\d/);
    assert.equal(person.page('input[name=name]').attr('value'), applicant.name);
    await centre.close();
});

test('papers sent again and again are kept no longer, with a sentence', async () => {
    const centre = await Centre.open({ options: ['--limits', 'holder-upload-megabytes=2'] });
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const { towns } = (await new Program(centre.address).get(`/apply/${item}`)).body;
    const home = new Browser(centre.address, 'zh');
    const { number } = await (await home.ask(`/apply/${item}`, {
        method: 'POST', body: JSON.stringify({ ...applicant, place: towns[0].places[0].code }),
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': 'begin' },
    })).json();
    const kept = () => asked(centre.database, `SELECT count(*) FROM paper WHERE subject = 'case/${number}'`).trim();
    const send = async (name) => {
        await home.open(`/track/${number}`);
        const material = home.page('select[name=material] option').first().attr('value');
        await home.send('/attach', { material }, [['papers', name, scan(name), 'application/pdf']]);
        return home.status;
    };
    assert.deepEqual([await send('1.pdf'), await send('2.pdf'), await send('3.pdf')], [200, 200, 429]);
    assert.match(home.page('main').text(), /这次上传的没有保存。请在.*\d.*以后再上传/);
    assert.equal(kept(), '2');
    await centre.close();
});

test('a limit that is none keeps the program from starting and says which there are', () => {
    const refused = (limits) => {
        try {
            execFileSync(program, ['serve', '--database', 'none.db', '--limits', limits], { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, LANG: 'en_GB.UTF-8' } });
        } catch (error) {
            return error.stderr;
        }
        return assert.fail('it started');
    };
    assert.match(refused('connection=5'), /connection=5.*head-seconds/);
    assert.match(refused('connections=many'), /connections.*8.*100000/);
});
