// SPDX-License-Identifier: Apache-2.0
// The head of the centre looks at his figures while people work; the wall screen tells them to all.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre, asked } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const head = () => new Program(centre.address, 'en').signIn('zhuren');
const figures = async (person, query = '') => (await person.get(`/figures${query}`)).body;
const countOf = (board, name) => board.counts.find((one) => one.head === name).value;
// A case accepted by silence kept no window busy, so no hour counts it.
function deemed(board) {
    const [from, to] = ['from_day', 'to_day'].map((name) => JSON.stringify(board).match(`"${name}":"([^"]+)"`)[1]);
    const on = (day) => Date.parse(day) / (24 * 60 * 60 * 1000); // days since 1970
    return Number(asked(centre.database, `SELECT COUNT(*) FROM case_now WHERE channel = 'county' AND accepted_hour < 0 AND accepted_on BETWEEN ${on(from)} AND ${on(to)}`));
}
const sum = (rows, value) => rows.reduce((all, row) => all + value(row), 0);

test('every part of the dashboard tells of the same cases', async () => {
    const person = await head();
    for (const query of ['', '?period=today', '?period=week', '?period=month', '?from=2014-01-01&to=2014-09-30', '?from=2020-02-10&to=2020-02-20']) {
        const board = await figures(person, query);
        const all = countOf(board, 'accepted');
        const centreCases = sum(board.channels.filter(({ channel }) => ['county', 'online'].includes(channel)), (row) => row.accepted.value);
        assert.equal(sum(board.channels, (row) => row.accepted.value), all, `channels ${query}`);
        assert.equal(sum(board.trend.rows, (row) => row.accepted.value), all, `trend ${query}`);
        assert.equal(sum(board.trend.rows, (row) => row.decided.value), countOf(board, 'decided'), `trend ${query}`);
        assert.equal(sum(board.organs, (row) => row.accepted.value), centreCases, `organs ${query}`);
        assert.equal(sum(board.towns, (row) => row.accepted.value), all - centreCases, `towns ${query}`);
        const [counter] = board.channels;
        assert.equal(sum(board.windows.rows, (row) => sum(row.cells, (cell) => cell.value)), counter.accepted.value - deemed(board), `windows ${query}`);
        assert.ok(board.organs.length >= 31 && board.towns.length >= 8, 'those where nothing happened are there too');
    }
});

for (const [language, told] of [['zh', '这段时间没有受理办件。'], ['en', 'Nothing was accepted in this time.']])
    test(`a time without cases is told in words, ${language}`, async () => {
        const page = await new Browser(centre.address, language).signIn('zhuren');
        await page.open('/figures?from=2010-01-01&to=2012-12-31');
        assert.equal(page.status, 200, page.text);
        assert.equal(page.page('[data-chart]').length, 0, 'nothing is drawn');
        assert.ok(page.page('section[aria-labelledby=items]').text().includes(told), page.text);
        assert.equal(page.page('#items-table').length, 0);
        for (const cell of page.page('#figures-table td').toArray())
            assert.notEqual(page.page(cell).text().trim(), '', page.page(cell).parent().text());
    });

// A case of a village, brought as far as `last`; gives its number.
async function work(last) {
    const [cun, zhen, shen, pizhun] = await Promise.all(['cun', 'zhen', 'shen', 'pizhun'].map((one) => new Program(centre.address).signIn(one)));
    const party = { party_kind: 'person', name: '张三示例', id_number: '330482196001011239', telephone: '13800001111' };
    const { body: { number } } = await cun.post(`/desk/apply/${item}`, party);
    const { materials } = (await cun.get(`/desk/cases/${number}`)).body;
    const steps = [[cun, 'submit', { materials: materials.map(({ name }) => name) }], [zhen, 'pass', { opinion: '属实' }], [shen, 'accept'], [shen, 'pass', { opinion: '符合' }], [pizhun, 'grant', { opinion: '同意' }]];
    const papers = new Browser(centre.address, 'en');
    await papers.signIn('cun');
    await papers.open(`/desk/cases/${number}`);
    await papers.send('/attach', {}, [['papers', 'scan.pdf', scan(number), 'application/pdf']]);
    for (const [person, action, fields] of steps) {
        const answer = await person.act(number, action, fields);
        assert.ok(answer.status < 300, `${action}: ${JSON.stringify(answer.body)}`);
        if (action === last) break;
    }
    return number;
}

test('a case accepted and decided moves the figures by just one', async () => {
    const person = await head();
    const before = await figures(person, '?period=today');
    await work('accept');
    const accepted = await figures(person, '?period=today');
    assert.deepEqual(['accepted', 'open', 'decided', 'overdue'].map((name) => countOf(accepted, name) - countOf(before, name)), [1, 1, 0, 0]);
    await work('grant');
    const decided = await figures(person, '?period=today');
    assert.deepEqual(['accepted', 'open', 'decided', 'overdue'].map((name) => countOf(decided, name) - countOf(before, name)), [2, 1, 1, 0]);
    const village = (board) => board.channels.find(({ channel }) => channel === 'village').accepted.value;
    assert.equal(village(decided) - village(before), 2);
});

test('the wall screen shows it to everybody, without a name and without the whole number', async () => {
    const number = await work('grant');
    const anyone = new Program(centre.address, 'en');
    const { status, body } = await anyone.get('/wall');
    assert.equal(status, 200);
    assert.equal(body.latest[0].number, `${number.slice(0, 6)} ${number.slice(6, 12)} ···${number.slice(-3)}`);
    assert.equal(countOf(body.today, 'decided'), countOf(await figures(await head(), '?period=today'), 'decided'));
    assert.doesNotMatch(JSON.stringify(body), /张|示例身份|13800001111|196001011239/);
    assert.ok(!JSON.stringify(body).includes(number));
    const page = await new Browser(centre.address, 'en').open('/wall');
    assert.match(page.html, /<noscript><meta http-equiv="refresh"/);
});

test('every figure on the page leads to a page, where a list tells as many', async () => {
    const person = await new Browser(centre.address, 'en').signIn('zhuren');
    const program = await head();
    await person.open('/figures');
    const links = person.page('main a[data-head], #organs-table a, #towns-table a, #items-table a, #trend-table a, #windows-table a').toArray()
        .map((a) => [person.page(a).attr('href'), person.page(a).attr('data-value') ?? person.page(a).text().replaceAll(',', '')]);
    assert.ok(links.length > 200, `${links.length} links`);
    for (const [path, shown] of links.filter((_, i) => i < 30 || i % 9 === 0)) {
        const { status, body } = await program.get(path);
        assert.equal(status, 200, path);
        if (!shown.includes('%')) assert.equal(body.total, Number(shown), path);
    }
});

test('figures of every room stand on the dashboard, and what stands has as many in its list', async () => {
    const person = await head();
    const board = await figures(person);
    const valid = board.figures.find(({ key }) => key === 'licences.valid');
    const list = (await person.get(valid.path)).body;
    assert.equal(list.total, valid.value);
    assert.ok(valid.value > 0);
    assert.ok(board.figures.some(({ key }) => key === 'items.now.total'));
    const page = await (await new Browser(centre.address, 'en').signIn('zhuren')).open('/figures');
    assert.equal(page.page('#figures-table a[data-key="licences.valid"]').text(), String(valid.value));
    assert.match(page.page('#figures-table').text(), /Licences in force/);
});

test('a period that is none is refused with a sentence, and the page still stands', async () => {
    const person = await new Browser(centre.address, 'en').signIn('zhuren');
    for (const [query, sentence] of [['from=2014-09-30&to=2014-01-01', 'swap them'], ['from=2014-09-30', 'both days'], ['from=1900-01-01&to=2014-01-01', 'Ten years'],
        ['from=yesterday&to=today', 'day'], ['period=century', '']]) {
        await person.open(`/figures?${query}`);
        assert.equal(person.status, 422, query);
        assert.ok(person.page('#problem').text().includes(sentence), `${query}: ${person.page('#problem').text()}`);
        assert.equal(person.page('.tiles li').length, 9, query);
    }
});

test('the figures are for the head of the centre and the supervisors', async () => {
    for (const [account, status] of [['zhuren', 200], ['jian', 200], ['ju', 403], ['cun', 403], ['cha', 403]])
        assert.equal((await (await new Program(centre.address).signIn(account)).get('/figures')).status, status, account);
    assert.equal((await new Program(centre.address).get('/figures')).status, 401);
    assert.equal((await new Program(centre.address).get('/wall')).status, 200);
});
