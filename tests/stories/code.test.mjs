// SPDX-License-Identifier: Apache-2.0
// The tracking code: told once, kept by nobody, ended by a new slip; and somebody who guesses, from one address and from many.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, scan } from './people.mjs';

const form = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$/;
const party = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
let clerk;
const told = []; // every code of this story
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    clerk = await new Program(centre.address, 'zh').signIn('cun');
});
after(async () => {
    await centre.close();
});

const everything = () => execFileSync(...(centre.database.startsWith('postgresql:') ? ['pg_dump', ['--data-only', centre.database]]
    : ['sqlite3', ['-readonly', centre.database, '.dump']]), { encoding: 'utf8', maxBuffer: 1 << 30 });

// A case at the counter of the village, handed in.
async function handedIn() {
    const { body: { number } } = await clerk.post(`/desk/apply/${item}`, party);
    const { body } = await clerk.get(`/desk/cases/${number}`);
    assert.equal((await clerk.act(number, 'submit', { materials: body.materials.map(({ name }) => name) })).status, 201);
    return number;
}

async function slipOf(number, person = clerk) {
    const { body } = await person.act(number, 'new-slip');
    assert.match(body.code, form);
    told.push(body.code);
    return body.code;
}

// One attempt from an address of this machine's own network.
const attempt = (from, number, code) => new Promise((done, fail) => {
    const { hostname, port } = new URL(centre.address);
    const sent = request({ hostname, port, path: '/track', method: 'POST', localAddress: from,
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() } }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (piece) => { body += piece; })
            .on('end', () => done({ status: answer.statusCode, again: answer.headers['retry-after'], body: JSON.parse(body) }));
    });
    sent.on('error', fail).end(JSON.stringify({ number, code }));
});

test('an applicant from home is told his code on the page after applying, and nowhere else', async () => {
    const home = new Program(centre.address, 'zh');
    const place = Number((await clerk.get(`/desk/apply/${item}`)).body.place.code);
    const key = randomUUID();
    const begun = await home.post(`/apply/${item}`, { ...party, place }, key);
    const { number } = begun.body;
    const { code } = (await home.get(`/track/${number}/begun`)).body;
    assert.match(code, form);
    told.push(code);
    assert.ok(!JSON.stringify(begun.body).includes(code), 'the answer that is kept for the request has no code');
    assert.deepEqual((await home.post(`/apply/${item}`, { ...party, place }, key)).body, begun.body);
    assert.ok(!JSON.stringify((await home.get(`/track/${number}`)).body).includes(code));
    const again = new Program(centre.address, 'zh');
    assert.equal((await again.post('/track', { number, code: code.toLowerCase().replaceAll('-', ' ') })).status, 201);
    assert.deepEqual((await again.get(`/track/${number}/begun`)).body, { see: `/track/${number}` }, 'by another session no more');
    assert.equal((await again.get(`/track/${number}`)).status, 200);
    const seen = await new Program(centre.address, 'zh').postAndSee(`/apply/${item}`, { ...party, place });
    assert.match(seen.body.code, form, 'who prefers to see what follows sees that page');
    told.push(seen.body.code);
});

test('a clerk prints the slip; a new one ends the code and who came by it', async () => {
    const number = await handedIn();
    const first = await slipOf(number);
    const applicant = new Program(centre.address, 'zh');
    assert.equal((await applicant.post('/track', { number, code: first })).status, 201);
    assert.equal((await applicant.get(`/track/${number}`)).status, 200);

    const { body: { seen } } = await clerk.get(`/desk/cases/${number}`);
    const short = await clerk.post(`/desk/cases/${number}/new-slip`, { seen });
    assert.deepEqual(Object.keys(short.body).sort(), ['number', 'number_grouped', 'seen', 'state']);
    const slip = (await clerk.get(`/desk/cases/${number}/slip`)).body;
    told.push(slip.code);
    assert.notEqual(slip.code, first);
    assert.deepEqual(slip.both.map(({ title }) => title), ['查询单', 'Tracking slip']);
    const colleague = await new Program(centre.address, 'zh').signIn('cun');
    assert.deepEqual((await colleague.get(`/desk/cases/${number}/slip`)).body, { see: `/desk/cases/${number}` }, 'it is shown where it was made');

    assert.equal((await applicant.get(`/track/${number}`)).status, 401, 'who came by the old code is out');
    assert.equal((await applicant.post('/track', { number, code: first })).body.reason, 'cases.wrong_number_or_code');
    assert.equal((await applicant.post('/track', { number, code: slip.code })).status, 201);
    const { history } = (await clerk.get(`/desk/cases/${number}`)).body;
    assert.equal(history.filter(({ event }) => event === 'slip_made').length, 2);
});

test('nobody else makes a slip, and no other address', async () => {
    const number = await handedIn();
    const code = await slipOf(number);
    for (const account of ['zhen', 'shen', 'jian', 'cun102001']) {
        const other = await new Program(centre.address, 'zh').signIn(account);
        const { body } = await other.get(`/desk/cases/${number}`);
        assert.equal((await other.post(`/desk/cases/${number}/new-slip`, { seen: body.seen ?? 1 })).status, 403, account);
    }
    const { body: { seen } } = await clerk.get(`/desk/cases/${number}`);
    assert.equal((await clerk.post(`/track/${number}/new-slip`, { seen })).body.reason, 'cases.no_action');
    assert.equal((await clerk.post(`/track/${number}/new-slip`, { seen, code_hash: 'x' })).body.reason, 'http.check_fields');
    const applicant = new Program(centre.address, 'zh');
    assert.equal((await applicant.post('/track', { number, code })).status, 201);
    assert.equal((await applicant.post(`/track/${number}/new-slip`, { seen })).status, 403);
    assert.equal((await applicant.post('/track', { number, code })).status, 201, 'it is as it was');
});

// A clerk who keeps the code of the slip is still not the applicant: what he does with it first ends the slip, and stands in the history.
test('nobody rates or withdraws by a code that a member of the staff has been shown', async () => {
    const number = await handedIn();
    const shown = await slipOf(number);
    const [applicant, curious] = [new Browser(centre.address, 'zh'), new Program(centre.address, 'zh')];
    assert.equal((await curious.post('/track', { number, code: shown })).status, 201);
    const { body: { seen, actions } } = await curious.get(`/track/${number}`);
    assert.deepEqual(actions.map(({ action }) => action).filter((it) => ['rate', 'withdraw', 'own-code'].includes(it)), ['own-code']);
    for (const [action, fields] of [['withdraw', { reason: '不办了' }], ['rate', { level: 1 }]]) {
        const { status, body } = await curious.post(`/track/${number}/${action}`, { seen, ...fields });
        assert.ok([403, 409].includes(status) && ['cases.code_was_shown', 'cases.not_now'].includes(body.reason), JSON.stringify(body));
    }
    assert.equal((await curious.post(`/track/${number}/own-code`, { seen: seen - 1, id_number: party.id_number })).body.reason, 'cases.stale');
    assert.equal((await curious.get(`/track/${number}`)).status, 200, 'a refused one keeps its session');

    await applicant.open('/track');
    await applicant.send('/track', { number, code: shown });
    await applicant.send('/own-code', { id_number: party.id_number });
    assert.equal(applicant.path, `/track/${number}/slip`);
    const [own] = applicant.text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/);
    told.push(own);
    assert.notEqual(own, shown);
    assert.equal((await curious.get(`/track/${number}`)).status, 401, 'who came by the slip is out');
    assert.equal((await curious.post('/track', { number, code: shown })).body.reason, 'cases.wrong_number_or_code');
    assert.equal((await clerk.get(`/desk/cases/${number}/slip`)).body.code, undefined, 'the desk is not told it');
    const elsewhere = await new Browser(centre.address, 'en').open('/track');
    await elsewhere.send('/track', { number, code: own });
    assert.equal(elsewhere.page('form[action$="/own-code"]').length, 0);
    assert.ok((await elsewhere.open(`/track/${number}/slip`)).path === `/track/${number}`, 'it is shown where it was made');
    await applicant.open(`/track/${number}`);
    await applicant.send('/withdraw', { reason: '不办了' });
    assert.equal(applicant.page('form[action$="/withdraw"]').length, 0, applicant.text);
    const { history } = (await clerk.get(`/desk/cases/${number}`)).body;
    assert.ok(history.some(({ event, actor_kind }) => event === 'code_taken' && actor_kind === 'holder'));
});

// A clerk of the place can make a slip and come by it: he is handed nothing beyond his desk, and the applicant is told of the slip.
test('by a slip alone nobody sees more than the desk, nor becomes the applicant', async () => {
    const number = await handedIn();
    const { body: { seen: before, materials } } = await clerk.get(`/desk/cases/${number}`);
    const desk = await new Browser(centre.address, 'zh').signIn('cun');
    await desk.open(`/desk/cases/${number}`);
    await desk.send('/attach', { material: materials[0].name }, [['papers', '张三示例.pdf', scan('slip'), 'application/pdf']]);
    assert.equal((await clerk.get(`/desk/cases/${number}`)).body.seen, before + 1);
    const curious = new Program(centre.address, 'zh');
    assert.equal((await curious.post('/track', { number, code: await slipOf(number) })).status, 201);
    const { body } = await curious.get(`/track/${number}`);
    assert.deepEqual([body.masked, body.applicant.id_number, body.applicant.telephone], [true, '330499********0013', '138****0000']);
    for (const secret of Object.values(party).slice(1)) assert.ok(!JSON.stringify(body).includes(secret), secret);
    assert.equal(body.materials[0].papers[0].link, undefined);
    const paper = `/track/${number}/papers/${body.materials[0].papers[0].paper}`;
    assert.deepEqual([(await curious.get(paper)).status, (await curious.get(paper)).body.reason], [403, 'cases.code_was_shown']);
    assert.deepEqual([...body.documents, ...body.history.map((line) => line.document ?? {})].map((one) => one.code).filter(Boolean), []);
    assert.ok(body.documents.length > 0 && body.recorded.length > 0 && body.recorded.every((line) => line.text === undefined));
    const { accesses } = (await curious.get(`/track/${number}/accesses`)).body;
    assert.deepEqual(accesses.map(({ access, document_kind }) => [access, document_kind]), [['document', 'slip']]);

    for (const id_number of [party.id_number, '33049919800101003X']) {
        const answer = await clerk.post(`/track/${number}/own-code`, { seen: body.seen, id_number });
        assert.deepEqual([answer.status, answer.body.reason], [403, 'cases.not_yours'], 'the staff learn nothing of a number');
    }
    const take = (id_number) => curious.post(`/track/${number}/own-code`, { seen: body.seen, id_number });
    assert.equal((await take('330499********0013')).status, 422, 'the masked number is none');
    assert.equal((await take('33049919800101003X')).body.errors[0].field, 'id_number');
    for (let i = 0; i < 4; i++) {
        assert.equal((await take('33049919800101003X')).status, 422);
        assert.equal((await curious.post('/track', { number, code: await slipOf(number) })).status, 201, 'entering forgives no guess');
        body.seen += 1;
    }
    assert.equal((await take(party.id_number)).status, 429, 'five guesses are the most');
});

test('by a code of his own the applicant sees all that is his', async () => {
    const number = await handedIn();
    const page = await new Browser(centre.address, 'zh').open('/track');
    await page.send('/track', { number, code: await slipOf(number) });
    await page.send('/own-code', { id_number: '33049919800101003X' });
    assert.equal(page.status, 422);
    assert.match(page.text, /与申请人的证件号码不一致/);
    await page.send('/own-code', { id_number: party.id_number });
    assert.equal(page.path, `/track/${number}/slip`, page.text);
    told.push(page.text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/)[0]);
    await page.open(`/track/${number}`);
    for (const own of [party.name, party.id_number, party.telephone]) assert.ok(page.text.includes(own), own);
});

test('the six digits of an older receipt open nothing, and say what to do', async () => {
    const number = await handedIn();
    const applicant = await new Browser(centre.address, 'zh').open('/track');
    await applicant.send('/track', { number, code: '482913' });
    assert.equal(applicant.status, 404);
    assert.match(applicant.text, /六位查询密码已停用/);
});

test('the desk prints the receipt without the salt, which the applicant’s copy has', async () => {
    const salt = /(?:[0-9a-f]{4} ){7}[0-9a-f]{4}/;
    const number = await handedIn();
    const code = await slipOf(number);
    const desk = await new Browser(centre.address, 'zh').signIn('cun');
    await desk.open(`/desk/cases/${number}`);
    const [[, link]] = documentLinks(desk);
    const applicant = await new Browser(centre.address, 'zh').open('/track');
    await applicant.send('/track', { number, code });
    assert.equal(documentLinks(applicant).length, 0, 'a slip, whose code the desk has seen, opens none');
    const refused = await applicant.ask(link, { headers: { Accept: 'application/json' } });
    assert.deepEqual([refused.status, (await refused.json()).reason], [403, 'cases.code_was_shown']);
    await applicant.send('/own-code', { id_number: party.id_number });
    await applicant.open(`/track/${number}`);
    assert.deepEqual([...new Set(documentLinks(applicant).map(([, own]) => own))], [link]);
    const [printed, own] = [await paperOf(desk, link), await paperOf(applicant, link)];
    assert.doesNotMatch(printed.text, salt);
    assert.match(own.text, salt);
    for (const paper of [printed, own]) assert.ok(!paper.text.includes(code) && !paper.text.includes('查询密码'), paper.text);
});

test('no code is kept: not in a table, not in the log', () => {
    assert.ok(told.length >= 6);
    const kept = everything() + centre.log;
    for (const code of told)
        for (const text of [code, code.replaceAll('-', ''), code.toLowerCase()]) assert.ok(!kept.includes(text), text);
});

test('an unknown number and a wrong code are refused alike', async () => {
    const number = await handedIn();
    await slipOf(number);
    const [wrong, unknown] = [await attempt('127.0.0.3', number, '0000-0000-000'), await attempt('127.0.0.3', '330482140903999999', '0000-0000-000')];
    assert.equal(wrong.status, 404);
    assert.deepEqual(unknown, wrong);
});

test('who guesses at a case is stopped, and its owner gets in', async () => {
    const number = await handedIn();
    const code = await slipOf(number);
    const guess = async (from) => (await attempt(from, number, '0000-0000-000')).status;
    for (let i = 0; i < 5; i++) assert.equal(await guess('127.0.0.4'), 404);
    const stopped = await attempt('127.0.0.4', number, code);
    assert.equal(stopped.status, 429);
    assert.equal(stopped.body.reason, 'http.locked');
    assert.ok(Number(stopped.again) > 800, stopped.again);
    assert.equal((await attempt('127.0.0.1', number, code)).status, 201, 'the owner elsewhere is not kept out');

    const statuses = await Promise.all(Array.from({ length: 60 }, (_, i) => guess(`127.0.0.${5 + i % 6}`)));
    assert.equal(statuses.filter((one) => one === 404).length, 20, 'however many guess at once, twenty are judged');
    assert.equal((await attempt('127.0.0.1', number, code)).status, 429);
    const renewed = await slipOf(number);
    assert.equal((await attempt('127.0.0.1', number, renewed)).status, 201, 'with a new slip at once');
});

test('who guesses at many cases is stopped by address, and slowed by everybody’s failures', async () => {
    const number = await handedIn();
    const code = await slipOf(number);
    const judged = { 404: 0, 429: 0 };
    for (let from = 0; from < 12; from++) {
        const address = `127.0.1.${1 + from}`;
        for (let i = 0; i < 31; i++) judged[(await attempt(address, `330482140903${100000 + from * 100 + i}`, '000000')).status]++;
        if (from === 0) assert.deepEqual(judged, { 404: 30, 429: 1 }, 'one address fails thirty times');
    }
    assert.ok(judged[404] <= 300, JSON.stringify(judged));
    const slowed = await attempt('127.0.0.1', number, code);
    assert.equal(slowed.status, 429, 'now everybody waits');
    assert.equal(slowed.body.reason, 'http.wait');
    assert.equal(slowed.again, '20');
    assert.match(slowed.body.detail, /20/);
});
