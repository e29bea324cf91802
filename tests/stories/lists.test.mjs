// SPDX-License-Identifier: Apache-2.0
// The list behind a figure: it has as many cases as the figure says, goes on from page to page while people work, and
// shows to each what his posts reach.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre, asked, newDatabase, newFolder, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const ever = 'from=2014-01-01&to=2199-12-31';

let centre;
let item;
let people;
before(async () => {
    const database = newDatabase(newFolder('lists'), 'city');
    execFileSync(program, ['demo', '--database', database, '--cases', '640'], { stdio: 'ignore' });
    centre = await Centre.open({ database });
    item = centre.accounts.match(/try: (\S+)/)[1];
    people = {};
    for (const account of ['cun', 'zhen', 'shen', 'jian', 'guan'])
        people[account] = await new Program(centre.address, 'en').signIn(account);
});
after(() => centre?.close());

const counted = (where) => Number(asked(centre.database, `SELECT COUNT(*) FROM case_now WHERE ${where}`));

async function list(account, query, status = 200) {
    const { status: told, body } = await people[account].get(`/desk/cases?${query}`);
    assert.equal(told, status, JSON.stringify(body));
    return body;
}

async function accepted() {
    const begun = await people.cun.post(`/desk/apply/${item}`, applicant);
    const { number } = begun.body;
    const { materials } = (await people.cun.get(`/desk/cases/${number}`)).body;
    for (const [account, action, fields] of [['cun', 'submit', { materials: materials.map((one) => one.name) }], ['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}]]) {
        const answer = await people[account].act(number, action, fields);
        assert.equal(answer.status, 201, `${action}: ${JSON.stringify(answer.body)}`);
    }
    return number;
}

test('a list is gone through to its end while new cases come: none twice, none left out', async () => {
    let page = await list('jian', `of=accepted&${ever}`);
    assert.deepEqual([page.total, page.total_capped], [500, true], 'counted no further than is of use');
    const before = counted('accepted_on > 0');
    const seen = page.cases.map((one) => one.number);
    const came = [];
    while (page.more) {
        if (came.length < 3) came.push(await accepted());
        const { status, body } = await people.jian.get(page.more);
        assert.equal(status, 200);
        page = body;
        seen.push(...page.cases.map((one) => one.number));
    }
    assert.equal(new Set(seen).size, seen.length, 'none twice');
    assert.equal(seen.filter((number) => !came.includes(number)).length, before, 'all that were there');
    const { total, total_capped: capped } = await list('jian', `of=accepted&${ever}&exact=1`);
    assert.deepEqual([total, capped], [before + 3, false]);
});

test('a supervisor asks for another list by its form, and counts it all', async () => {
    const supervisor = await new Browser(centre.address, 'en').signIn('jian');
    await supervisor.follow('List of cases');
    await supervisor.send('/desk/cases', { of: 'accepted', from: '2014-01-01', to: '2199-12-31' });
    assert.equal(supervisor.heading, 'Accepted cases');
    assert.match(supervisor.text, /Accepted from 1 January 2014 to 31 December 2199/);
    assert.match(supervisor.text, /500\+ cases/);
    await supervisor.follow('count them all');
    assert.match(supervisor.text, new RegExp(`${counted('accepted_on > 0')} cases`));
    const first = supervisor.page('table tbody th a').first().attr('href');
    await supervisor.follow('Next page');
    assert.notEqual(supervisor.page('table tbody th a').first().attr('href'), first);
    await supervisor.open(first);
    assert.equal(supervisor.status, 200);
});

test('every list has as many cases as counting them one by one gives', async () => {
    const [organ, town] = [1, 330482103000];
    const measures = { accepted: 'accepted_on > 0', open: "state IN ('review', 'suspended')", ended: "accepted_on > 0 AND state IN ('withdrawn', 'terminated')",
        overdue: 'overdue = 1', passed_up: "accepted_on > 0 AND channel IN ('town', 'village')", returned: 'returned = 1', decided: 'decided_on > 0',
        granted: "decision = 'granted'", refused: "decision = 'refused'", on_time: 'kept = 1', rated: 'decided_on > 0 AND rated > 0',
        satisfied: 'decided_on > 0 AND rated > 2' };
    const filters = { '': '1 = 1', [`&division=${town}`]: `place / 1000 = ${town / 1000}`, [`&organ=${organ}`]: `organ = ${organ}`, [`&item=${item}`]: `item = '${item}'`,
        '&channel=centre': "channel IN ('county', 'online')", [`&channel=towns&division=${town}`]: `channel IN ('town', 'village') AND place / 1000 = ${town / 1000}` };
    for (const [of, where] of Object.entries(measures))
        for (const [asked, also] of Object.entries(filters)) {
            const { total } = await list('jian', `of=${of}&${ever}&exact=1${asked}`);
            assert.equal(total, counted(`${where} AND ${also}`), `${of}${asked}`);
        }
});

test('a case beyond the limit is late by the days beside it', async () => {
    const { cases } = await list('jian', `of=overdue&${ever}`);
    const open = cases.filter(({ state }) => state === 'review');
    for (const { number, over, spent, limit } of open)
        if (spent.unit === limit.unit) assert.equal(over.days, spent.days - limit.days, number); // days are not taken from months
    const rest = cases.filter(({ state }) => state !== 'review');
    for (const { number, judged, light } of rest) assert.deepEqual([judged, light], ['overdue', 'red'], number);
    assert.ok(open.length);
});

test('everyone sees the lists his posts reach, and no more', async () => {
    const town = await list('zhen', ever);
    assert.equal(town.division.code, '330482103000');
    assert.ok(town.cases.every((one) => one.place.code.startsWith('330482103')));
    const department = await list('shen', ever);
    assert.equal(department.organ.name, '水利局');
    for (const one of department.cases) assert.equal((await people.shen.get(one.path)).status, 200, one.path);
    await list('zhen', 'division=330482102000', 403);
    await list('shen', 'organ=1', 403);
    const none = await list('guan', ever, 403);
    assert.match(none.detail, /supervisor/, 'says whom to ask');
});

test('what cannot be listed is told beside its field', async () => {
    for (const [asked, field] of [['from=2014-09-30&to=2014-01-01', 'from'], ['item=XX-99', 'item'], ['division=330499000000', 'division'], ['organ=998', 'organ'], ['organ=0', 'organ'],
        ['of=everything', 'of'], ['from=2014-02-30', 'from'], ['channel=post', 'channel']]) {
        const { errors } = await list('jian', asked, 422);
        assert.deepEqual(errors.map((one) => one.field), [field], asked);
    }
    const supervisor = await new Browser(centre.address, 'en').signIn('jian');
    await supervisor.open('/desk/cases?of=accepted&from=2026-13-01');
    assert.equal(supervisor.page('#from').attr('value'), '2026-13-01');
    assert.doesNotMatch(supervisor.text, /No case counts here|Save these filters/, 'nothing was asked yet');
});

// Handed in and pre-reviewed: the department is to accept it.
async function received() {
    const { body: { number } } = await people.cun.post(`/desk/apply/${item}`, applicant);
    const { materials } = (await people.cun.get(`/desk/cases/${number}`)).body;
    await people.cun.act(number, 'submit', { materials: materials.map((one) => one.name) });
    await people.zhen.act(number, 'pass', { opinion: '齐全' });
    return number;
}

test('a reviewer accepts several cases at once, and is told why one of them was not', async () => {
    const numbers = [await received(), await received(), await received()];
    const { body: { cases } } = await people.shen.get('/desk?list=desk');
    const rows = numbers.map((number) => `${number}~${cases.find((one) => one.number === number).seen}`);
    const bent = await people.shen.post('/desk/lists/inbox/actions/accept', { rows: [`${rows[0]}garbage`, `${numbers[0]}~`] });
    assert.deepEqual([bent.body.done, bent.body.refused], [0, 2], 'a row that does not read acts on nothing');
    await people.shen.act(numbers[1], 'accept');
    const { status, body } = await people.shen.post('/desk/lists/inbox/actions/accept', { rows });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual([body.done, body.refused], [2, 1]);
    assert.match(body.rows[1].detail, /changed since/);
    for (const number of numbers) assert.equal((await people.shen.get(`/desk/cases/${number}`)).body.state, 'review', number);
    assert.equal((await people.cun.post('/desk/lists/inbox/actions/accept', { rows })).status, 403);
});

test('a list is filtered, kept as a view, taken as a file and walked through from case to case', async () => {
    const supervisor = await new Browser(centre.address, 'en').signIn('jian');
    await supervisor.open('/desk?list=all&state=suspended&sort=number');
    assert.match(supervisor.text, /clock stopped/);
    const waiting = counted("state = 'suspended'");
    assert.match(supervisor.text, new RegExp(`${waiting} in all`));
    await supervisor.send('/views', { name: 'Standing still' });
    assert.equal(supervisor.status, 200, supervisor.text);
    await supervisor.open('/desk');
    await supervisor.follow('Standing still');
    assert.match(supervisor.text, new RegExp(`${waiting} in all`));
    const { body: file } = await people.jian.get('/desk?list=all&state=suspended&sort=number&format=json');
    assert.equal(file.cases.length, waiting);
    const [heads, first] = (await (await people.jian.ask('/desk?list=all&state=suspended&sort=number&format=csv')).text()).split('\r\n');
    assert.match(heads, /Item \(English\)/);
    assert.match(first, /[A-Z][a-z]+ /, 'the item in English');
    assert.match(first, /(^|,|")\d{4}-\d\d-\d\dT\d\d:\d\d\+08:00/, 'when it is due');
    await supervisor.open(supervisor.page('table tbody th a').first().attr('href'));
    for (const one of file.cases.slice(1, 4)) {
        await supervisor.follow('Next');
        assert.ok(supervisor.path.startsWith(`/desk/cases/${one.number}?`), supervisor.path);
    }
    await supervisor.follow('Back to the list');
    assert.match(supervisor.text, new RegExp(`${waiting} in all`));
});

test('what waits at a desk stands in the order of the days that the page shows', async () => {
    const { body: { cases } } = await people.shen.get('/desk?list=desk');
    const days = cases.map((one) => one.due_day ?? '');
    assert.ok(days.some((day) => day));
    assert.deepEqual(days, [...days].sort());
});

test('an address of old leads to the same place of the desk\'s list', async () => {
    const { status, body } = await people.shen.get('/desk?list=desk&after_at=1409702400000&after=330482140903000123');
    assert.equal(status, 200);
    assert.equal((await people.shen.get(body.see)).status, 200, body.see);
});

test('a row of the inbox shows at once what happens to its case, and leads back to the list as it was asked', async () => {
    const clerk = await new Browser(centre.address, 'en').signIn('cun');
    const party = { ...applicant, id_number: '330499198001010021', name: '欧阳示例' };
    const { number } = (await people.cun.post(`/desk/apply/${item}`, party)).body;
    const row = async () => {
        await clerk.open(`/desk?list=place&q=${number}`);
        return clerk.page('tbody tr').text();
    };
    assert.match(await row(), /欧\*\*[^]*draft/);
    assert.equal(await row(), await row());
    const { materials } = (await people.cun.get(`/desk/cases/${number}`)).body;
    await people.cun.act(number, 'submit', { materials: materials.map((one) => one.name) });
    assert.doesNotMatch(await row(), /draft/);
    const asking = await clerk.open(`/desk?list=place&q=${number}&sort=number`);
    assert.match(asking.page('tbody th a').attr('href'), /from=.*sort%3Dnumber/);
});
