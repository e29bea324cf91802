// SPDX-License-Identifier: Apache-2.0
// Each field of each route is sent what it does not expect: the answer is well, or a clear sentence in the asker's language, and
// then nothing has changed in the database.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { Program, newCode } from './people.mjs';

const accounts = { clerk: 'cun', reviewer: 'shen', approver: 'pizhun', head: 'ju', cataloguer: 'xiang', supervisor: 'jian',
    system_administrator: 'guan', security_administrator: 'quan', auditor: 'cha' };
const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

// Sent for every field, whatever its kind.
const nasty = ['', ' ', '0', '-1', '9223372036854775808', '1e9', 'NaN', 'x'.repeat(5000), '字'.repeat(5000), '\u0000', 'a\u0000b', '\u0007\u001b[31m',
    '\u202Egnp.exe', '\u200B\u200D\uFEFF', '\uD83D\uDE00', '{{name}}', '{{{name}}}', '<i>nasty</i>', '"><script>1</script>', "' OR 1=1 --", '%00%0d%0aSet-Cookie: a=b',
    '../../etc/passwd', '//example.org', '2015-02-30', '0000-00-00', '9999-12-31', '\r\nSet-Cookie: a=b', 'null', '110101199003074813'];
const wrongTypes = [null, true, 0, -1, 1.5, 2 ** 53, [], ['a', null], [[]], {}, { a: 1 }, Array(2000).fill('a')];

let centre;
let routes;
let people;
let path; // a thing that exists for each part of an address
before(async () => {
    centre = await Centre.open();
    routes = (await new Program(centre.address).get('/api')).body.routes;
    const signIn = async ([role, account], n) => [role, await new Program(centre.address, n % 2 ? 'en' : 'zh').signIn(account)];
    people = Object.fromEntries(await Promise.all(Object.entries(accounts).map(signIn)));
    people.colleague = await new Program(centre.address).signIn('zhen');
    people.anyone = new Program(centre.address, 'en');
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const number = await atTheDepartment(item);
    const [document, licence] = ['SELECT code FROM document LIMIT 1', 'SELECT number FROM licence LIMIT 1'].map((sql) => asked(centre.database, sql).trim());
    people.entrant = new Program(centre.address, 'en');
    await people.entrant.post('/sign-in/by-passkey');
    people.holders = new Program(centre.address, 'zh');
    await people.holders.post('/track', { number, code: await newCode(centre, number) });
    path = { number, item, code: document, licence, paper: '1', county: '330482', list: 'cases', message: '1', format: 'xlsx', language: 'en', day: '2026-11-02' };
});
after(() => centre.close());

// A case in which the reviewer may do much.
async function atTheDepartment(item) {
    const { body: { number } } = await people.clerk.post(`/desk/apply/${item}`, applicant);
    const { materials } = (await people.clerk.get(`/desk/cases/${number}`)).body;
    await people.clerk.act(number, 'submit', { materials: materials.map((one) => one.name) });
    const answer = await people.colleague.act(number, 'pass', { opinion: '齐全' });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return number;
}

// The sums that the database keeps of its rows, but for those of what is told of each attempt, and of what the server seals by itself.
const rows = () => asked(centre.database, `SELECT * FROM db_sum WHERE name NOT IN ('http_session', 'http_failure', 'security_entry', 'security_log', 'document_seal')
    ORDER BY county, name`);

const things = (route, name) => (name === 'number' && /licences/.test(route.path) ? path.licence : name === 'number' && /ledger/.test(route.path) ? '1'
    : name === 'code' && /items/.test(route.path) ? path.item : path[name] ?? 'none');
const addressOf = (route, own = {}) => route.path.replace(/\{(\w+)(\.\.\.)?\}/g, (_, name) => encodeURIComponent(own[name] ?? things(route, name)));
const partsOf = (route) => [...route.path.matchAll(/\{(\w+)/g)].map((found) => found[1]);
const actions = ['return', 'correct', 'accept', 'not-needed', 'decline', 'attach']; // of the reviewer
const whoFor = (route, action) => people[route.anyone ? 'anyone' : route.holders ? 'holders' : route.entrants ? 'entrant' : actions.includes(action) ? 'reviewer' : route.roles[0]];

const good = { ...applicant, place: '330482103201', seen: 3, opinion: '齐全', reason: '材料不齐', account: 'nobody', password: 'wrong-Password-1', next: '/desk' };
const goodFields = (route) => Object.fromEntries(route.fields.filter((field) => field.name in good && field.kind !== 'files').map((field) => [field.name, good[field.name]]));

// A sentence for people: in their language, without a hole, a tag, or a character that is not seen.
function isClear(sentence, language) {
    assert.match(sentence ?? '', language === 'zh' ? /[一-鿿]{2}/ : /[A-Za-z]{3,} [a-z]/, 'a sentence in their language');
    assert.doesNotMatch(sentence, /\{\{|\}\}|“”|「」|（）|\(\)|undefined|[\u0000-\u0008\u000B-\u001F\u200B\u200D\u202E\uFEFF]/u, `no hole in “${sentence}”`);
}

let last; // the sums as they were after the last request that was taken

async function judged(person, method, address, fields) {
    last ??= rows();
    const query = method === 'GET' ? `${address}?${new URLSearchParams(fields)}` : address;
    const headers = { Accept: 'application/json', ...(method === 'POST' && { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }) };
    const answer = await person.ask(query, { method, headers, body: method === 'POST' ? JSON.stringify(fields) : undefined });
    const text = await answer.text();
    const told = `${method} ${address} ${JSON.stringify(fields).slice(0, 300)}: ${answer.status} ${text.slice(0, 300)}`;
    try {
        assert.ok(answer.status < 500, 'no fault of the server');
        assert.ok(!answer.headers.get('set-cookie')?.includes('a=b'), 'no header of theirs');
        if (answer.status < 400) {
            if (method === 'POST') last = null;
            return true;
        }
        const problem = JSON.parse(text);
        for (const one of problem.errors ?? [problem]) isClear(one.detail, person.language);
        const now = rows();
        assert.equal(now, last, 'nothing has changed');
    } catch (error) {
        last = null;
        faults.push(`${told}\n${error.message}`);
    }
    return false;
}

const faults = [];
const none = () => assert.equal(faults.splice(0).slice(0, 20).join('\n\n'), '');

const asIsTold = (route) => ['/sign-out', '/leave'].includes(route.path);

test('each field of each route is sent nasty values', async () => {
    let sent = 0;
    for (const route of routes.filter((one) => !asIsTold(one)))
        for (const action of route.path === '/desk/cases/{number}/{action}' ? actions : ['none'])
            for (const field of route.fields)
                for (const value of route.method === 'POST' ? [...nasty, ...wrongTypes] : nasty) {
                    const taken = await judged(whoFor(route, action), route.method, addressOf(route, { action }), { ...goodFields(route), [field.name]: value });
                    if (taken && action !== 'none') path.number = await atTheDepartment(path.item);
                    sent++;
                }
    assert.ok(sent > 3000, `${sent} requests`);
    none();
});

test('each part of each address is sent nasty values', async () => {
    for (const route of routes.filter((one) => !asIsTold(one)))
        for (const part of partsOf(route))
            for (const value of nasty.filter((one) => one !== '' && one !== ' '))
                await judged(whoFor(route), route.method, addressOf(route, { [part]: value.slice(0, 1000) }), route.method === 'POST' ? goodFields(route) : {});
    none();
});

test('a page shows nothing of it unescaped', async () => {
    for (const route of routes.filter((one) => one.method === 'GET'))
        for (const field of route.fields) {
            const person = whoFor(route);
            const answer = await person.ask(`${addressOf(route)}?${new URLSearchParams({ [field.name]: '"><i>nasty</i>' })}`, { headers: { Accept: 'text/html' } });
            assert.ok(answer.status < 500, `${route.path} ${field.name}`);
            assert.doesNotMatch(await answer.text(), /<i>nasty|="">\s*<i>/, `${route.path} ${field.name}`);
        }
});
