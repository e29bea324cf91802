// SPDX-License-Identifier: Apache-2.0
// A paper comes by itself: the administrator sets up whom to ask, the cataloguer says for which paper, an applicant hands in without it. Then the
// source goes away, and the applicant is asked.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { Centre, asked } from './centre.mjs';
import { Browser, Program, makeOwnCode, newCode, scan } from './people.mjs';
import { seen } from './papers.mjs';

const SECRET = 'a secret of the story';
const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

// Another organ's interface on loopback; `mood` answers.
class Source {
    static async open() {
        const self = Object.assign(new Source(), { calls: [], faults: [], mood: null });
        self.server = createServer((request, answer) => self.take(request, answer));
        await new Promise((done) => { self.server.listen(0, '127.0.0.1', done); });
        self.address = `http://127.0.0.1:${self.server.address().port}/ask`;
        return self;
    }

    async take(request, answer) {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const body = Buffer.concat(pieces).toString();
        const [, seconds, signature] = (request.headers['x-pinghu-signature'] ?? '').match(/^t=(\d+),v1=([0-9a-f]{64})$/) ?? [];
        if (signature !== createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')) this.faults.push(request.headers);
        this.calls.push({ key: request.headers['idempotency-key'], ...JSON.parse(body) });
        this.mood(this.calls.at(-1), answer);
    }

    close() {
        this.server.closeAllConnections?.();
        return new Promise((done) => { this.server.close(done); });
    }
}

const household = ({ subject }, answer) => answer.writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ code: 0, data: { name: subject.name, address: '示例镇一号<b>' } }));

let source;
let centre;
let item;
let material;
before(async () => {
    source = await Source.open();
    source.mood = household;
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    const { body } = await new Program(centre.address).get(`/items/${item}`);
    material = body.materials.find((one) => one.required);
});
after(async () => {
    await centre?.close();
    await source?.close();
});

async function until(fact) {
    for (const limit = Date.now() + 60_000; Date.now() < limit; await new Promise((done) => { setImmediate(done); }))
        if (await fact()) return;
    throw new Error(`it never happened: ${fact}\n${centre.log}`);
}

const fieldsOf = (given) => ({
    code: 'household', name: '户籍信息', name_en: 'Household register', organ_name: '示例公安局', organ_name_en: 'Example Police', purpose: '核对户籍信息',
    purpose_en: 'to check the household register', basis: '示例数据共享办法第三条', address: source.address, request: 'idNumber = id_number\nname = name',
    answer: '姓名 | /data/name = name\n住址 | /data/address', found: '/code = 0', seconds: 10, tries: 1, secret: SECRET, ...given,
});

// In at the village without the paper that comes by itself.
async function handedIn() {
    const clerk = await new Program(centre.address).signIn('cun');
    const { number } = (await clerk.post(`/desk/apply/${item}`, applicant)).body;
    const { materials } = (await clerk.get(`/desk/cases/${number}`)).body;
    const sent = await clerk.act(number, 'submit', { materials: materials.map(({ name }) => name).filter((name) => name !== material.name) });
    assert.ok(sent.status < 300, JSON.stringify(sent.body));
    return number;
}

async function paperOfCase(number) {
    const clerk = await new Program(centre.address).signIn('cun');
    return (await clerk.get(`/desk/cases/${number}`)).body.materials.find(({ name }) => name === material.name);
}

async function holderOf(number, language) {
    const visitor = await new Browser(centre.address, language).open('/track');
    await visitor.send('/track', { number, code: await newCode(centre, number) });
    await makeOwnCode(centre, visitor, number);
    return visitor;
}

async function sharedBy(code) {
    const keeper = await new Browser(centre.address, 'en').signIn('xiang');
    await keeper.open(`/desk/items/${item}`);
    await keeper.follow('Sources of papers');
    await keeper.send('/sources', { material: material.name, shared_by: code });
    assert.equal(keeper.status, 200, keeper.text);
    await keeper.open(`/desk/items/${item}`);
    await keeper.send('/publish');
    assert.equal(keeper.status, 200, keeper.text);
}

test('without a purpose a source is refused, and with one it is set up and tried with a made-up number', async () => {
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    await administrator.open('/desk/sources/new');
    await administrator.send('/desk/sources/new', fieldsOf({ purpose: '' }));
    assert.equal(administrator.status, 422);
    assert.match(administrator.text, /Without a stated purpose/);
    assert.equal(asked(centre.database, 'SELECT COUNT(*) FROM source WHERE county = 330482').trim(), '0');
    await administrator.send('/desk/sources/new', fieldsOf({ address: 'http://169.254.169.254/' }));
    assert.match(administrator.text, /begins with https/);
    await administrator.send('/desk/sources/new', fieldsOf());
    assert.equal(administrator.status, 200, administrator.text);
    assert.match(administrator.heading, /Household register/);
    assert.ok(!administrator.html.includes(SECRET));
    await administrator.send('/try', { id_number: '330499199001010010', person_name: '李示例' });
    assert.equal(administrator.status, 200, administrator.text);
    assert.match(administrator.text, /示例镇一号<b>/);
    assert.deepEqual(source.faults, [], 'what is sent is signed');
    assert.equal(source.calls.at(-1).subject.idNumber, '330499199001010010');
    assert.match(asked(centre.database, "SELECT purpose FROM security_entry WHERE county = 330482 AND kind = 'shared'"), /source_tried/);
});

test('the cataloguer says which paper comes from it, and the guide tells in both languages', async () => {
    await sharedBy('household');
    const guide = async (language) => (await new Browser(centre.address, language).open(`/items/${item}`)).text;
    assert.match(await guide('zh'), /可免交 由“户籍信息”共享，不用您交.*示例公安局.*核对户籍信息/);
    assert.match(await guide('en'), /Fetched from “Household register”: you need not bring it.*Example Police.*to check the household register/);
});

test('an applicant hands in without the paper: it is asked for, kept, and the case goes on', async () => {
    const before = source.calls.length;
    const number = await handedIn();
    await until(async () => (await paperOfCase(number)).papers.length === 1);
    assert.equal(source.calls.length, before + 1, 'once');
    const call = source.calls.at(-1);
    assert.deepEqual(call.subject, { idNumber: applicant.id_number, name: applicant.name });
    assert.deepEqual([call.purpose, call.paper, call.source], ['核对户籍信息', material.name, 'household']);
    const holder = await holderOf(number, 'zh');
    await holder.open(`/track/${number}`);
    assert.match(holder.text, /已由其他部门共享 来源：户籍信息/);
    assert.match(holder.text, /材料已由其他部门共享/);
    const [{ link }] = (await paperOfCase(number)).papers;
    const scanned = await holder.ask(link.replace('/desk/cases/', '/track/'));
    assert.equal(scanned.headers.get('content-type'), 'application/pdf');
    assert.match(seen(Buffer.from(await scanned.arrayBuffer())).text.replace(/\s+/g, ''), /示例镇一号<b>.*示例公安局/);
    const town = await new Program(centre.address).signIn('zhen');
    assert.ok((await town.act(number, 'pass', { opinion: '已核对' })).status < 300);
    const accepted = await (await new Program(centre.address).signIn('shen')).act(number, 'accept');
    assert.ok(accepted.status < 300, JSON.stringify(accepted.body));
    assert.match(asked(centre.database, `SELECT kind FROM security_entry WHERE county = 330482 AND subject = 'case/${number}' AND purpose = 'fetch_paper'`), /shared/);
    const facts = asked(centre.database, `SELECT payload FROM event WHERE county = 330482 AND subject = 'case/${number}' AND kind = 'case.paper_fetched'`);
    assert.ok(facts.includes('"source":"household"') && !facts.includes(applicant.id_number) && !facts.includes('示例镇'), facts);
});

for (const [mood, answer] of Object.entries({
    garbage: (_, response) => response.end('<html>'),
    'five megabytes': (_, response) => response.end(Buffer.alloc(5 * 1024 * 1024, 0x20)),
    'a redirection': (_, response) => response.writeHead(302, { Location: source.address }).end(),
}))
    test(`a source that answers ${mood} gives no paper`, async () => {
        source.mood = answer;
        const number = await handedIn();
        await until(async () => (await paperOfCase(number)).shared?.sharing === 'away');
        assert.equal((await paperOfCase(number)).papers.length, 0);
        source.mood = household;
    });

test('a source that hangs is given up after its seconds', async () => {
    const administrator = await new Program(centre.address).signIn('guan');
    const made = await administrator.post('/desk/sources/new', fieldsOf({ code: 'slow', seconds: 1, name_en: 'Slow' }));
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await sharedBy('slow');
    source.mood = () => {};
    const number = await handedIn();
    await until(async () => (await paperOfCase(number)).shared?.sharing === 'away');
    source.mood = household;
    await sharedBy('household');
});

test('the source goes away: the applicant is asked, and brings the paper himself', async () => {
    await source.close();
    const number = await handedIn();
    await until(async () => (await paperOfCase(number)).shared?.sharing === 'away');
    const holder = await holderOf(number, 'en');
    await holder.open(`/track/${number}`);
    assert.match(holder.text, /no answer from: Household register\. Please upload it/);
    await holder.open('/messages');
    assert.ok(holder.text.includes(`another authority did not give us: “${material.name}”`), holder.text);
    await holder.open(`/track/${number}`);
    await holder.send('/attach', { material: material.name }, [['papers', 'household.pdf', scan('household'), 'application/pdf']]);
    assert.equal(holder.status, 200, holder.text);
    assert.equal((await paperOfCase(number)).papers.length, 1);
});

test('a source that has ended is no source any more: the guide asks for the paper', async () => {
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    await administrator.open('/desk/sources');
    await administrator.follow('Household register');
    await administrator.send('/end-source', { reason: '接口停用' });
    assert.match(administrator.text, /ended/);
    assert.doesNotMatch((await new Browser(centre.address, 'en').open(`/items/${item}`)).text, /Fetched from/);
});
