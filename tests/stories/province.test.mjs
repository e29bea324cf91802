// SPDX-License-Identifier: Apache-2.0
// Three counties, a city and their province in one installation: each county answers to its own name with its own words,
// staff and ledger; the regions' pages add up what the counties' own pages say.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { noteOf } from './log.mjs';
import { CASES, Province, counties, header, run } from './province.mjs';

let province;
before(async () => { province = await Province.open(); });
after(async () => { await province?.close(); });

const at = (name) => province.at(name);
const look = async (name, path) => (await new Program(at(name)).get(path)).body;

const applicant = (name) => ({ party_kind: 'person', name, id_number: '330499198001010013', telephone: '13800000000' });

const clerkOf = (name) => new Program(at(name)).signIn('cun');

// At a village of the county, by its own clerk.
async function drafted(name, person, clerk) {
    clerk ??= await clerkOf(name);
    const { status, body } = await clerk.post(`/desk/apply/${province.itemOf(counties[name])}`, applicant(person));
    assert.equal(status, 201, JSON.stringify(body));
    return { clerk, number: body.number };
}

test('each county speaks for itself', async () => {
    for (const [name, zh, en] of [['haining', '海宁市', 'Haining City'], ['pinghu', '平湖市', 'Pinghu City'], ['shangcheng', '上城区', 'Shangcheng District']]) {
        const chinese = await new Browser(at(name)).open('/');
        assert.match(chinese.title, new RegExp(`${zh}政务服务中心`));
        assert.match((await new Browser(at(name), 'en').open('/')).title, new RegExp(`${en} Service Centre`));
        assert.equal(noteOf(await (await fetch(`${at(name)}/ledger/${counties[name]}/checkpoint`)).text()).origin, `${counties[name]}.pinghu`);
    }
    const places = await look('haining', '/items/places');
    assert.doesNotMatch(JSON.stringify(places), /平湖|新仓/);
});

test('who has signed in at one is nobody at another', async () => {
    const clerk = await new Browser(at('haining')).signIn('cun');
    await clerk.open('/desk');
    assert.equal(clerk.status, 200);
    const there = new Browser(at('pinghu'));
    there.cookies = clerk.cookies;
    await there.open('/desk');
    assert.match(there.path, /^\/sign-in/);
});

test("a case of one is none of another's", async () => {
    const { clerk, number } = await drafted('haining', '海宁张三');
    assert.equal(String(number).slice(0, 6), '330481');
    assert.equal((await clerk.get(`/desk/cases/${number}`)).status, 200);
    const other = await new Program(at('pinghu')).signIn('cun');
    assert.equal((await other.get(`/desk/cases/${number}`)).status, 404);
});

// One subject of each kind in each state, with the number of its last event.
const ofAllStates = (county) => [['case', 'case_now', '/desk/cases'], ['licence', 'licence', '/desk/licences'], ['member', 'member', '/desk/people']]
    .flatMap(([about, table, path]) => asked(province.database, `SELECT '${about}', '${path}/' || number, state, events FROM ${table} WHERE county = ${county}
        AND number IN (SELECT MIN(number) FROM ${table} WHERE county = ${county} GROUP BY state)`).trim().split('\n').map((line) => line.split('|')));

test("staff of another county take no action on a subject in any state, there or here", async () => {
    const table = (await (await new Program(at('pinghu')).signIn('cha')).get('/desk/rights')).body.actions;
    const subjects = ofAllStates(counties.pinghu);
    const total = () => asked(province.database, `SELECT COUNT(*) FROM event WHERE county = ${counties.pinghu} AND actor_kind <> 3`).trim(); // without what timers do
    const forms = ['transfer', 'change-applicant', 'edit', 'correct-applicant', 'correct-answers']; // their own forms are judged before the number is looked up
    const [before, wrong] = [total(), []];
    let refused = 0;
    for (const account of ['cun', 'zhen', 'fu', 'shou', 'shen', 'pizhun', 'ju', 'xiang', 'jian', 'guan', 'quan', 'cha']) {
        const person = await new Program(at('haining')).signIn(account);
        const there = Object.assign(new Program(at('pinghu')), { cookies: person.cookies });
        for (const [about, path, state, seen] of subjects)
            for (const { action } of table.filter((one) => one.about === about))
                for (const [who, allowed] of [[person, [403, 404, ...(forms.includes(action) ? [422] : [])]], [there, [401]]]) {
                    const { status, body } = await who.post(`${path}/${action}`, { seen: Number(seen) });
                    refused++;
                    if (!allowed.includes(status) || !body.detail) wrong.push(`${account} ${action} ${path} (${state}): ${status} ${body.reason}`);
                }
    }
    assert.equal(wrong.slice(0, 20).join('\n'), '', `${wrong.length} of ${refused}`);
    assert.ok(subjects.length >= 7 && refused > 2000, `${subjects.length} subjects, ${refused} refused`);
    assert.equal(total(), before, 'nothing has happened');
});

const counts = (body) => Object.fromEntries(body.counts.map((one) => [one.head, one.value]));

test("a region's figures are those of its counties together", async () => {
    const own = {};
    for (const name of Object.keys(counties)) own[name] = counts((await look(name, '/wall')).year);
    const sum = (names, head) => names.reduce((all, name) => all + own[name][head], 0);
    for (const [region, names] of [['jiaxing', ['haining', 'pinghu']], ['zhejiang', Object.keys(counties)]]) {
        const page = await look(region, '/');
        assert.equal(page.counties.length, names.length);
        for (const [head, value] of Object.entries(counts(page))) {
            assert.equal(value, sum(names, head), `${head} of ${region}`);
            assert.equal(value, page.counties.reduce((all, county) => all + county[head].value, 0), `rows of ${region}`);
        }
        const cases = page.figures.find((figure) => figure.key === 'centre.cases').value;
        assert.equal(cases + page.figures.find((figure) => figure.key === 'towns.cases').value, counts(page).accepted);
        assert.ok(counts(page).accepted > 0);
    }
});

test('what is accepted in a county counts there and above it, and nowhere else', async () => {
    const before = {}, now = {};
    const all = ['zhejiang', 'jiaxing', ...Object.keys(counties)];
    const count = async (name) => counts(name in counties ? (await look(name, '/wall')).year : await look(name, '/')).accepted;
    for (const name of all) before[name] = await count(name);
    const waiting = asked(province.database, "SELECT number FROM case_now WHERE county = 330102 AND state = 'received' ORDER BY number LIMIT 1").trim();
    assert.ok(waiting, 'a case waits to be accepted');
    const reviewer = await new Program(at('shangcheng')).signIn(await reviewerOf(waiting));
    const answer = await reviewer.act(waiting, 'accept', { opinion: '符合受理条件' });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    for (const name of all) now[name] = await count(name) - before[name];
    assert.deepEqual(now, { zhejiang: 1, jiaxing: 0, haining: 0, pinghu: 0, shangcheng: 1 });
});

// The one in the department of the case who accepts.
async function reviewerOf(number) {
    const organ = asked(province.database, `SELECT organ FROM case_now WHERE county = 330102 AND number = ${number}`).trim().padStart(2, '0');
    const accounts = asked(province.database, `SELECT account FROM staff WHERE county = 330102 AND account IN ('shen', 'shen${organ}')`).trim().split('\n');
    return accounts.includes(`shen${organ}`) ? `shen${organ}` : 'shen';
}

test('many counties write at once, and each ledger stays whole', async () => {
    const names = Object.keys(counties); // each clerk signs in once: many first attempts at one account wait for each other
    const clerks = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await clerkOf(name)])));
    const drafts = names.flatMap((name) => Array.from({ length: 8 }, (_, i) => ({ name, i })));
    await Promise.all(drafts.map(({ name, i }) => drafted(name, `${name}${i}`, clerks[name])));
    for (const code of Object.values(counties)) {
        const { status, stdout, stderr } = province.verify(code);
        assert.equal(status, 0, stderr);
        assert.ok(Number(stdout.match(/; (\d+) cases/)[1]) >= CASES + 8, stdout);
    }
});

test("a region's page is one for people, in both languages, and leads to the counties", async () => {
    const visitor = await new Browser(at('zhejiang'), 'en').open('/');
    assert.equal(visitor.heading, 'The counties of Zhejiang Province');
    assert.equal(visitor.page('a[href="/sign-in"], a[href="/track"], a[href="/ledger"]').length, 0, 'nothing that is not there');
    const link = visitor.page('#counties-table a').filter((_, a) => visitor.page(a).text() === 'Haining City').attr('href');
    assert.equal(link, `${at('haining')}/`);
    await visitor.open('/?period=between&from=2026-11-01&to=2026-01-01');
    assert.equal(visitor.status, 422);
    assert.match(visitor.text, /please swap them/);
    assert.equal(visitor.page('#from').attr('value'), '2026-11-01', 'what was asked stands there');
    const way = async (path) => (await visitor.ask(path, { headers: { Accept: 'text/html' } })).headers.get('location');
    assert.equal(await way('/counties/330481'), `${at('haining')}/`, 'a county is found by a path too');
    assert.equal(await way('/counties/330481/items/a%20b'), `${at('haining')}/items/a%20b`);
    assert.equal(await way('/counties/310101/items'), null, 'but no other');
    await visitor.open('/desk');
    assert.equal(visitor.status, 404);
    assert.match((await new Browser(at('nowhere')).open('/')).title, /浙江省/, 'any other name shows the first');
});

test('a county says some words in its own way, and it is told what it may not', async () => {
    const file = `${province.beside(330481)}.words.zh.json`;
    const restart = async () => { await province.centre.close(); await province.centre.start(); };
    writeFileSync(file, JSON.stringify({ view: { name: '海宁市行政审批大厅' } }));
    await restart();
    assert.match((await new Browser(at('haining')).open('/')).title, /海宁市行政审批大厅/);
    assert.match((await new Browser(at('haining'), 'en').open('/')).title, /Haining City Service Centre/);
    assert.match((await new Browser(at('pinghu')).open('/')).title, /平湖市政务服务中心/);
    writeFileSync(file, JSON.stringify({ view: { nam: '海宁' } }));
    await province.centre.close();
    const { status, stderr } = run('serve', '--database', province.database, '--counties', province.list, '--listen', '127.0.0.1:0');
    assert.equal(status, 1);
    assert.match(stderr, /view\.nam.*none of the program's words/);
    rmSync(file);
    await province.centre.start();
});

test('a list that is none is refused by its line', async () => {
    const wrong = join(province.folder, 'wrong.csv');
    for (const [text, said] of [['33048,a.localhost,甲,A\n', /Line 2.*six digits/], ['330482,A.localhost,甲,A\n', /Line 2.*host name/],
        ['330482,a.localhost,甲,A\n330482,b.localhost,乙,B\n', /Line 3.*twice/]]) {
        writeFileSync(wrong, header + text);
        for (const verb of ['serve', 'demo']) {
            const { status, stderr } = run(verb, '--database', join(province.folder, 'none.db'), '--counties', wrong);
            assert.equal(status, 1);
            assert.match(stderr, said);
        }
    }
    const both = run('serve', '--database', province.database, '--counties', province.list, '--county', '330482');
    assert.equal(both.status, 1);
    assert.match(both.stderr, /Give one of the two/);
});
