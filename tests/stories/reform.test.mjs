// SPDX-License-Identifier: Apache-2.0
// The year of reform: while people are signed in, the midnight comes on which an organ goes into another, a village into the next and a town
// gets another name; then an item is abolished, a holiday is announced late, and a case is transferred. Nothing that was begun is lost.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Centre, asked, newFolder, program } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const holidays = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../data/holidays.csv'), 'utf8');
const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const decree = '平委发〔2026〕12号';
const renamed = { name: '新仓新镇', name_en: 'New Xincang Town' };
const languages = ['zh', 'en'];
const DAY = 86400;
const CHINA = 8 * 3600; // before UTC

// ---- a clock of one's own ----

const runtime = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/=> (\S*libasan\S*)/)?.[1];
const shim = join(dirname(program), 'fault.so');
const clock = join(newFolder('clock'), 'clock');
const now = () => Math.floor(Date.now() / 1000);
const midnight = (Math.floor((now() + CHINA) / DAY) + 2) * DAY - CHINA; // the one after tomorrow's evening
const setClock = (at) => writeFileSync(clock, `${at - now()}`);
const dayOf = (at) => new Date((at + CHINA) * 1000).toISOString().slice(0, 10);

// ---- the town ----

let centre;
let item; // of the organ that ends
let other; // of another organ, for persons
let people; // programs, signed in the evening before
let old; // the organ that ends
let next; // the one that goes on
let number; // of a case under review
let draft;
let abolished; // a draft of an item that will be abolished
let visit; // path of the site check of that case
let licence; // in force, of the organ that ends
const leaving = {}; // browsers, by language, of the colleague whose post ends that evening
let acceptance; // the paper of the evening before
const village = {}; // was, is

const as = (account) => new Program(centre.address).signIn(account);
const organOf = (code) => Number(asked(centre.database, `SELECT organ FROM item_desk WHERE code = '${code}'`).trim());
const nameOf = (organ, language = 'zh') => asked(centre.database, `SELECT ${language === 'zh' ? 'name' : 'name_en'} FROM organ WHERE number = ${organ}`).trim();

async function until(what, holds) {
    for (let i = 0; i < 600; i++) {
        if (await holds()) return;
        await pause(100);
    }
    assert.fail(`${what} does not come`);
}

// The number of a licence that the organ has issued.
async function issued() {
    const of = await people.cun.handIn(item, { ...applicant, name: '李四示例', id_number: '33049919790202002X' });
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '已核对' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', 'grant', { opinion: '同意' }], ['zhen', 'issue', {}]]) {
        const { status, body } = await people[account].act(of, action, fields);
        assert.equal(status, 201, `${action}: ${JSON.stringify(body)}`);
    }
    return asked(centre.database, `SELECT number FROM licence WHERE case_number = ${of}`).trim();
}

// Somebody at the village's desk whose post ends with the day; he has begun an application.
async function letGo() {
    const keeper = await new Browser(centre.address, 'en').signIn('quan');
    await keeper.open('/desk/people');
    await keeper.send('/desk/people', { account: 'wan', name: '晚', organ: 91, division: village.was, role: 'clerk', to: dayOf(midnight - 900) });
    const first = keeper.page('.slip dd').last().text().trim();
    for (const language of languages) {
        const browser = leaving[language] = new Browser(centre.address, language);
        await browser.open('/sign-in');
        await browser.send('/sign-in', { account: 'wan', password: language === languages[0] ? first : 'Yuhu-Gongyuan-9' });
        if (language === languages[0]) await browser.send('/sign-in/password', { new: 'Yuhu-Gongyuan-9', again: 'Yuhu-Gongyuan-9' });
        await browser.open(`/desk/apply/${other}`);
        assert.equal(browser.status, 200, browser.text);
    }
}

before(async () => {
    assert.ok(existsSync(shim), `${shim} is there: ninja fault.so`);
    setClock(midnight - 900);
    centre = await Centre.open({ wrap: ['env', `LD_PRELOAD=${[runtime, shim].filter(Boolean).join(':')}`, 'FAULT_FOLDER=/nowhere', `FAULT_CLOCK=${clock}`] });
    item = centre.accounts.match(/try: (\S+)/)[1];
    other = item === 'MZJ-05' ? 'JTJ-01' : 'MZJ-05';
    old = organOf(item);
    next = 7;
    village.was = asked(centre.database, "SELECT p.division FROM post p JOIN staff s ON s.county = p.county AND s.id = p.staff WHERE s.account = 'cun'").trim();
    village.is = asked(centre.database, `SELECT code FROM division WHERE level = 'village' AND centre = 1 AND parent = ${village.was.slice(0, 9)}000 AND code <> ${village.was} ORDER BY code LIMIT 1`).trim();
    people = {};
    for (const account of ['cun', 'zhen', 'shen', 'pizhun', 'guan', 'xiang']) people[account] = await as(account);
    number = await people.cun.handIn(item, applicant);
    await people.zhen.act(number, 'pass', { opinion: '已核对' });
    assert.equal((await people.shen.act(number, 'accept')).status, 201);
    await letGo();
    const beside = (await people.shen.get(`/desk/cases/${number}`)).body.beside.find((one) => one.about === 'visit');
    visit = beside?.subject_path ?? `/desk/visits/${(await people.shen.post(`/desk/visits/of/${number}`, { reason: '核实取水口' })).body.number}`;
    licence = await issued();
    draft = (await people.cun.postAndSee(`/desk/apply/${item}`, applicant)).body.number;
    const begun = await people.cun.postAndSee(`/desk/apply/${other}`, applicant);
    abolished = begun.body.number;
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
});
after(() => centre.close());

const administrator = (language) => new Browser(centre.address, language).signIn('guan');

async function plan(browser, fields) {
    await browser.open('/desk/reforms');
    await browser.send('/desk/reforms', { day: dayOf(midnight), document: decree, ...fields });
    return browser;
}

// ---- the evening before ----

for (const language of languages)
    test(`the evening before, what does not fit is refused with its sentence, ${language}`, async () => {
        const browser = await administrator(language);
        const wrong = [
            [{ act: 'merge', target: old, other: old }, /不能是它自己|not itself/],
            [{ act: 'merge', target: old, other: next, day: dayOf(midnight - 900) }, /今天以后|after today/],
            [{ act: 'end', target: old }, /没有承接者不能撤销|cannot end without a successor/],
            [{ act: 'merge', target: 99, other: next }, /不能撤销或并入|can neither end/],
            [{ act: 'merge', target: old, other: next, day: '2199-12-31' }, /十年以后|ten years ahead/],
            [{ act: 'merge', target: old, other: next, day: '2999-12-31' }, /1900 至 2199 年|1900 to 2199/],
            [{ act: 'rename', target: old, name: '水利\u202e局' }, /看不见的字符|not seen/],
        ];
        for (const [fields, sentence] of wrong) {
            await plan(browser, fields);
            assert.equal(browser.status, 422, JSON.stringify(fields));
            assert.match(browser.text, sentence);
            assert.doesNotMatch(browser.text, /\{\{|undefined/);
        }
        assert.equal(asked(centre.database, 'SELECT COUNT(*) FROM reform').trim(), '0');
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open('/desk/reforms');
        assert.equal(clerk.status, 403);
    });

test('the administrator plans the reforms, one on the page and the others from a table', async () => {
    const browser = await plan(await administrator('en'), { act: 'merge', target: old, other: next });
    assert.equal(browser.status, 200, browser.text);
    assert.match(browser.text, /Planned/);
    const row = (...cells) => cells.join(',');
    const table = (...rows) => Buffer.from(['act,number,day,document,other,name,name_en', ...rows, ''].join('\n'));
    const rename = row('rename', `${village.was.slice(0, 9)}000`, dayOf(midnight), decree, '', renamed.name, renamed.name_en);
    await browser.send('/desk/reforms/import', {}, [['table', 'r.csv', table(rename, row('merge', village.was, dayOf(midnight), decree, '330482000000', '', '')), 'text/csv']]);
    assert.equal(browser.status, 422);
    assert.match(browser.text, /Line 3/);
    assert.equal(asked(centre.database, 'SELECT COUNT(*) FROM reform').trim(), '1');
    await browser.open('/desk/reforms');
    await browser.send('/desk/reforms/import', {}, [['table', 'r.csv', table(rename, row('merge', village.was, dayOf(midnight), decree, village.is, '', '')), 'text/csv']]);
    assert.equal(browser.status, 200, browser.text);
    assert.equal(asked(centre.database, "SELECT COUNT(*) FROM reform WHERE state = 'planned'").trim(), '3');
    const log = await new Browser(centre.address, 'en').signIn('cha');
    await log.open('/desk/security');
    assert.ok(log.text.includes('Reform of authorities or divisions'), log.text);
    acceptance = Buffer.from(await (await people.shen.ask(await paperLink('shen'))).arrayBuffer());
});

// The first sealed notice of the case.
async function paperLink(account) {
    const browser = await new Browser(centre.address, 'zh').signIn(account);
    await browser.open(`/desk/cases/${number}`);
    const [, link] = documentLinks(browser).find(([text]) => text.includes('受理')) ?? assert.fail(`no acceptance:\n${browser.text}`);
    return link;
}

// ---- midnight ----

test('at midnight all goes on at the successor, for people who are signed in too', async () => {
    const seen = (await people.pizhun.get(`/desk/cases/${number}`)).body.seen;
    setClock(midnight + 5);
    await until('the day', () => asked(centre.database, "SELECT COUNT(*) FROM reform WHERE state = 'done'").trim() === '3');
    await until('the case', () => asked(centre.database, `SELECT organ FROM case_now WHERE number = ${number}`).trim() === String(next));
    await until('the place', () => asked(centre.database, `SELECT place FROM case_now WHERE number = ${number}`).trim() === village.is);
    const { status, body } = await people.shen.get(`/desk/cases/${number}`);
    assert.equal(status, 200, 'the session of the evening before');
    assert.ok(JSON.stringify(body).includes(nameOf(next)), JSON.stringify(body));
    const stale = await people.shen.post(`/desk/cases/${number}/pass`, { seen, opinion: '同意' });
    assert.equal(stale.status, 409);
    assert.match(stale.body.detail, /[一-鿿]/);
    assert.equal((await people.shen.act(number, 'pass', { opinion: '同意' })).status, 201);
    assert.equal((await people.shen.get('/desk/me')).body.posts[0].organ, next);
    const theirs = await as(`shen${String(next).padStart(2, '0')}`);
    assert.equal((await theirs.get(`/desk/cases/${number}`)).status, 200, 'the successor\'s own staff');
});

test('lists of the successor have what was of the one that ended', async () => {
    const visitor = new Program(centre.address);
    const found = async (path) => (await visitor.get(path)).body.total;
    assert.deepEqual(await Promise.all([old, next, next + 1].map((organ) => found(`/licences?organ=${organ}&q=${licence}`))), [1, 1, 0]);
    assert.equal(await found(`/licences?organ=${next}`), await found(`/licences?organ=${old}`) + Number(asked(centre.database, `SELECT COUNT(*) FROM licence WHERE organ = ${next}`)));
    assert.ok(await found(`/grants?organ=${next}`) >= await found(`/grants?organ=${old}`));
    const theirs = await as(`shen${String(next).padStart(2, '0')}`);
    const { body } = await theirs.get('/desk/visits');
    assert.ok(JSON.stringify(body).includes(visit.split('/').pop()), JSON.stringify(body));
});

test('a site check that the one that ended has begun goes on', async () => {
    const { staff, seen } = (await people.shen.get(visit)).body;
    assert.ok(staff.length >= 2, JSON.stringify(staff));
    const { status, body } = await people.shen.post(`${visit}/send-officers`, { seen, officer: staff[0].id, companion: staff[1].id, day: dayOf(midnight + 5), half: 'morning', place: '新仓镇示例路8号' });
    assert.equal(status, 201, JSON.stringify(body));
});

for (const language of languages)
    test(`a post that ended while its holder typed: he is told so, and reads what he typed, ${language}`, async () => {
        const browser = leaving[language];
        const before = asked(centre.database, 'SELECT COUNT(*) FROM case_now').trim();
        await browser.send(`/desk/apply/${other}`, { ...applicant, name: '王五示例', address: '新仓镇示例路八号' });
        assert.equal(browser.status, 403, browser.text);
        assert.match(browser.page('#problem').text(), language === 'zh' ? /现在没有岗位/ : /no post at present/);
        for (const text of ['王五示例', '新仓镇示例路八号', applicant.id_number]) assert.ok(browser.page('#problem').text().includes(text), browser.text);
        assert.equal(asked(centre.database, 'SELECT COUNT(*) FROM case_now').trim(), before);
    });

test('the decision names the successor, and a paper of the evening before is what it was', async () => {
    const { status, body } = await people.pizhun.act(number, 'grant', { opinion: '同意' });
    assert.equal(status, 201, JSON.stringify(body));
    const browser = await new Browser(centre.address, 'zh').signIn('pizhun');
    await browser.open(`/desk/cases/${number}`);
    const [, link] = documentLinks(browser).find(([text]) => text.includes('决定')) ?? assert.fail(`no decision:\n${browser.text}`);
    const paper = (await paperOf(browser, link)).text.replace(/\s+/g, '');
    assert.ok(paper.includes(nameOf(next)), paper);
    assert.ok(!paper.includes(nameOf(old)), paper);
    const again = Buffer.from(await (await people.shen.ask(await paperLink('shen'))).arrayBuffer());
    assert.ok(again.equals(acceptance), 'byte by byte');
});

test('a draft of the evening before is handed in where the work goes on', async () => {
    const { materials } = (await people.cun.get(`/desk/cases/${draft}`)).body;
    const { status, body } = await people.cun.act(draft, 'submit', { materials: materials.map((one) => one.name) });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(asked(centre.database, `SELECT organ, place FROM case_now WHERE number = ${draft}`).trim().replace('|', ' '), `${next} ${village.is}`);
});

// ---- the year goes on ----

test('an abolished item takes no more applications, by no door', async () => {
    const change = { kind: 'cancelled', day: dayOf(midnight), document: '关于取消事项的通知', document_number: '平政发〔2026〕4号' };
    assert.equal((await people.xiang.post(`/desk/items/${other}/change`, change)).status, 201);
    const { status, body } = await people.cun.act(abolished, 'submit');
    assert.equal(status, 409);
    assert.equal(body.reason, 'cases.item_ended');
    for (const language of languages) {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open(`/desk/cases/${abolished}`);
        await clerk.send('/submit');
        assert.match(clerk.text, language === 'zh' ? /已经暂停办理或取消/ : /suspended or has been abolished/);
        const home = await new Browser(centre.address, language).open(`/apply/${other}`);
        assert.ok(home.status >= 400, `${home.status}`);
    }
});

test('a holiday is announced late, and a case is transferred', async () => {
    const due = (await people.shen.get(`/desk/cases/${draft}`)).body.clocks.intake.due_day;
    const known = holidays.split('\n').filter((line) => line.startsWith(due.slice(0, 4)) && !line.startsWith(due));
    const browser = await administrator('zh');
    await browser.open('/desk/calendar');
    await browser.send('/desk/calendar/preview', {}, [['table', '放假.csv', Buffer.from(['date,kind,name', ...known, `${due},holiday,台风`, ''].join('\n')), 'text/csv']]);
    await browser.send('/desk/calendar');
    assert.equal(browser.status, 200, browser.text);
    assert.ok((await people.shen.get(`/desk/cases/${draft}`)).body.clocks.intake.due_day > due);
    await people.zhen.act(draft, 'pass', { opinion: '已核对' });
    const to = asked(centre.database, `SELECT code FROM item_desk WHERE organ NOT IN (${old}, ${next}) AND published <> 0 AND code <> '${other}' ORDER BY code`).trim().split('\n');
    const statuses = [];
    for (const code of to) {
        const { status } = await people.shen.act(draft, 'transfer', { to_item: code, basis: '《示例条例》第八条', reason: '属于他局职权' });
        statuses.push(status);
        if (status < 300) break;
    }
    assert.ok(statuses.at(-1) < 300, statuses.join());
});

// ---- every page ----

test('every page is there in both languages and says the present names', async () => {
    const pages = {
        cun: ['/desk', '/desk?list=place', '/desk/apply', `/desk/apply/${item}`, `/desk/cases/${number}`, '/desk/me'],
        shen: ['/desk', `/desk/cases/${number}`, '/desk/cases', '/desk/me'],
        guan: ['/desk/reforms', '/desk/people', '/desk/duties', '/desk/calendar', '/desk/opening'],
        xiang: ['/desk/items', `/desk/items/${item}`, `/desk/items/${other}`],
        jian: ['/desk/cases', `/desk/cases/${number}`],
    };
    for (const language of languages) {
        for (const [account, paths] of Object.entries(pages)) {
            const browser = await new Browser(centre.address, language).signIn(account);
            for (const path of paths) {
                await browser.open(path);
                assert.equal(browser.status, 200, `${account} ${path} ${browser.text}`);
                assert.doesNotMatch(browser.html, /\{\{|t\.[a-z]+\.[a-z]/, path);
            }
        }
        const visitor = new Browser(centre.address, language);
        for (const path of ['/', '/items', `/items/${item}`, '/items/changes', '/items/register', '/items/departments', '/items/places', '/figures', '/ledger']) {
            await visitor.open(path);
            assert.equal(visitor.status, 200, path);
        }
        await visitor.open('/items/places');
        assert.ok(visitor.text.includes(language === 'zh' ? renamed.name : renamed.name_en), visitor.text);
        await visitor.open(`/items/${item}`);
        assert.ok(visitor.text.includes(nameOf(next, language)), visitor.text);
        await visitor.open('/items/changes');
        assert.ok(visitor.text.includes(language === 'zh' ? '转移' : 'Moved to another authority'), visitor.text);
        const clerk = await new Browser(centre.address, language).signIn('shen');
        await clerk.open(`/desk/cases/${number}`);
        assert.ok(clerk.text.includes(`${nameOf(old)} → ${nameOf(next)}`), clerk.text);
    }
    execFileSync(program, ['verify', '--database', centre.database], { encoding: 'utf8' });
});
