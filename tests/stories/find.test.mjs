// SPDX-License-Identifier: Apache-2.0
// A clerk finds an applicant's case by what people remember, and only cases of his own desk; the security log has that he looked, and why.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const person = { party_kind: 'person', name: '欧阳示例静', id_number: '330499198001010013', telephone: '13800004321' };
const words = [person.name, '欧阳', 'ouyangshilijing', 'oyslj', person.id_number, person.telephone];
const onServer = () => centre.database.startsWith('postgresql:');

let centre;
let item;
let number;
let day;
let place;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    const clerk = await new Program(centre.address).signIn('cun');
    number = await clerk.handIn(item, person);
    const { body } = await clerk.get(`/desk/cases/${number}`);
    assert.equal(body.state, 'received', JSON.stringify(body));
    place = Number(body.place.code);
});
after(() => centre.close());

const found = async (account, fields) => {
    const answer = await (await new Program(centre.address).signIn(account)).post('/desk/find', { reason: 'asks', ...fields });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
};
// The form that asks for a person, not the one in the head of the page that asks for a number; or that of another page of what was found.
async function send(browser, fields, form = browser.page('form[method=post][action="/desk/find"]').last()) {
    browser.checkOffered(form, fields);
    const body = browser.bodyOf(form, fields, []);
    return browser.show(await browser.ask('/desk/find', { method: 'POST', headers: { Accept: 'text/html' }, body }), '/desk/find');
}
const numbers = async (account, fields) => (await found(account, fields)).cases.map((one) => one.number);
const log = async () => (await (await new Program(centre.address).signIn('cha')).get('/desk/security?kind=search')).body.rows;

test('a clerk finds the case by name, characters, pinyin, initials, number and telephone, on the page that asks', async () => {
    const clerk = await new Browser(centre.address, 'zh').signIn('cun');
    await clerk.open('/desk');
    await clerk.follow('查找办件');
    for (const [fields, by] of [[{ name: '欧阳　示例静' }, '按全名'], [{ name: '静' }, '按名称中的字'], [{ name: 'ouyang shilijing' }, '按拼音'],
        [{ name: 'OYSLJ' }, '按拼音首字母'], [{ name: 'shilijing' }, '按名字的拼音'], [{ name: '欧阳是理景' }, '按拼音'], [{ id_number: person.id_number }, '按证件号码'], [{ telephone: '+86 138 0000 4321' }, '按电话']]) {
        await send(clerk, { name: '', id_number: '', telephone: '', ...fields, reason: 'asks' });
        assert.equal(clerk.status, 200, clerk.text);
        assert.match(clerk.path, /^\/desk\/find\?asked=[0-9a-f]{32}$/, 'the address does not tell what was typed');
        assert.ok(clerk.page('table.list tbody a').toArray().some((a) => clerk.page(a).attr('href') === `/desk/cases/${number}`), `${JSON.stringify(fields)}: ${clerk.text}`);
        assert.ok(clerk.text.includes(by), `${by}: ${clerk.text}`);
        assert.ok(!clerk.page('table.list').text().includes(person.name), 'masked as lists are');
        for (const [name, value] of Object.entries(fields)) assert.ok(clerk.page(`input[name=${name}]`).first().attr('value'), `${value} stands there again`);
    }
    day = clerk.page('table.list tbody td.number').first().text();
    await clerk.open(clerk.page('table.list tbody a').first().attr('href'));
    assert.equal(clerk.status, 200);
});

test('by a lost receipt’s day and place', async () => {
    const { cases } = await found('cun', { telephone: person.telephone });
    day = cases[0].received_day;
    const { found_by, cases: these } = await found('cun', { from: day, place, reason: 'lost_receipt' });
    assert.equal(found_by, 'receipt');
    assert.ok(these.some((one) => one.number === number) && these.every((one) => one.received_day === day));
    assert.deepEqual(await numbers('cun', { to: day, place, item }), [number]);
    const town = place - place % 1000;
    assert.notEqual(town, place);
    assert.deepEqual(await numbers('zhen', { from: day, place: town, item }), [number], 'a town with its villages');
    assert.deepEqual(await numbers('zhen', { telephone: person.telephone, from: day, to: day, place: town, item }), [number]);
    assert.deepEqual(await numbers('cun', { from: '2014-01-01', to: '2014-01-31', place, item: 'none of that name' }), []);
    assert.deepEqual(await numbers('cun', { name: '静', from: day, to: day, place }), [number]);
    assert.deepEqual(await numbers('cun', { name: '静', to: '2014-01-01' }), []);
});

test('he who may see a case finds it, and nobody else', async () => {
    for (const account of ['cun', 'zhen', 'jian', 'cha']) assert.deepEqual(await numbers(account, { id_number: person.id_number, item }), [number], account);
    for (const account of ['shou13']) {
        assert.deepEqual(await numbers(account, { id_number: person.id_number }), [], account);
        assert.deepEqual(await numbers(account, { from: day, place }), [], account);
    }
    for (const account of ['pizhun', 'ju', 'xiang', 'guan', 'quan']) {
        const answer = await (await new Program(centre.address).signIn(account)).post('/desk/find', { name: person.name, reason: 'asks' });
        assert.equal(answer.status, 403, account);
        const browser = await new Browser(centre.address, 'en').signIn(account);
        await browser.open('/desk/find');
        assert.equal(browser.page('form[method=post][action="/desk/find"]').length, 0, `${account} is not asked for what he may not look for`);
    }
    assert.equal((await new Program(centre.address).post('/desk/find', { name: person.name, reason: 'asks' })).status, 401);
    const list = (await (await new Program(centre.address).signIn('cha')).get('/desk/rights')).body.routes;
    assert.deepEqual(list.find((one) => one.method === 'POST' && one.path === '/desk/find').roles.map(({ role }) => role), ['clerk', 'reviewer', 'supervisor', 'auditor']);
});

test('a search that asks too little or too much is told what to fill in', async () => {
    const clerk = await new Program(centre.address, 'en').signIn('cun');
    for (const [fields, reason, field] of [[{}, 'cases.find_nothing', 'name'], [{ item }, 'cases.find_nothing', 'name'], [{ from: day }, 'cases.find_nothing', 'name'],
        [{ place }, 'cases.find_nothing', 'name'], [{ place, from: '2014-01-01', to: '2014-02-01' }, 'cases.find_too_long', 'to'],
        [{ place, from: '2014-02-01', to: '2014-01-01' }, 'lists.from_after_to', 'from'], [{ place: 330483000000, from: day }, 'cases.list_no_division', 'place'],
        [{ id_number: '330499198001010014' }, 'http.invalid', 'id_number'], [{ telephone: '12' }, 'http.invalid', 'telephone'],
        [{ name: person.name, reason: 'curiosity' }, 'http.invalid', 'reason'], [{ name: person.name, reason: '' }, 'http.invalid', 'reason'],
        [{ name: 'x'.repeat(201) }, 'http.invalid', 'name'], [{ name: person.name, page_number: 21 }, 'http.invalid', 'page_number']]) {
        const { status, body } = await clerk.post('/desk/find', { reason: 'asks', ...fields });
        assert.ok(status === 422 || status === 400, `${status} ${JSON.stringify(fields)}`);
        assert.ok(body.errors?.[0]?.field === field || body.field === field, `${JSON.stringify(fields)}: ${JSON.stringify(body)}`);
        if (reason.startsWith('cases.')) assert.equal(body.reason, reason);
        assert.ok(!/\{\{|  |“”/.test(body.errors?.[0]?.detail ?? body.detail), body.detail);
    }
    for (const name of ['·', '%', '_', '\u200b', '?!']) {
        const { status, body } = await clerk.post('/desk/find', { name, telephone: person.telephone, reason: 'asks' });
        assert.deepEqual([status, body.reason], [422, 'cases.find_no_letters'], JSON.stringify(body));
    }
    assert.equal((await found('cun', { name: '有限公司' })).is_common, true);
    assert.equal((await found('cun', { name: '无人知晓' })).is_common, false);
    for (const name of ["' OR 1=1 --", '<b>', 'ⁿ'.repeat(100)])
        assert.deepEqual(await numbers('cun', { name, telephone: person.telephone }), [], name);
    const browser = await new Browser(centre.address, 'en').signIn('cun');
    await browser.open('/desk/find');
    await send(browser, { from: '2014-01-01', reason: 'asks' });
    assert.equal(browser.status, 422);
    assert.match(browser.text, /Fill in a name/);
    assert.equal(browser.page('input[name=from]').attr('value'), '2014-01-01');
});

test('many are shown page by page, and no address tells of whom', async () => {
    const supervisor = await new Browser(centre.address, 'en').signIn('jian');
    await supervisor.open('/desk/find');
    await send(supervisor, { name: '示例', reason: 'supervision' });
    const first = supervisor.page('table.list tbody a').toArray().map((a) => supervisor.page(a).attr('href'));
    assert.equal(first.length, 25, supervisor.text);
    await supervisor.open(supervisor.page('.pager a').last().attr('href'));
    const second = supervisor.page('table.list tbody a').toArray().map((a) => supervisor.page(a).attr('href'));
    assert.ok(second.length && second.every((one) => !first.includes(one)), supervisor.text);
    assert.match(supervisor.text, /page 2/);
});

for (const [language, over] of [['zh', '已超过半小时'], ['en', 'more than half an hour old']])
    test(`Back shows what was found without sending anything again, and nobody else, ${language}`, async () => {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open('/desk/find');
        await send(clerk, { telephone: person.telephone, reason: 'asks' });
        const address = clerk.path;
        await clerk.open(clerk.page('table.list tbody a').first().attr('href'));
        await clerk.open(address);
        assert.equal(clerk.status, 200);
        assert.ok(clerk.page('table.list tbody a').toArray().some((a) => clerk.page(a).attr('href') === `/desk/cases/${number}`), clerk.text);
        assert.ok(clerk.page('input[name=telephone]').last().attr('value'));
        for (const account of ['zhen', 'cha']) {
            const other = await new Browser(centre.address, language).signIn(account);
            await other.open(address);
            assert.ok(other.text.includes(over) && other.page('table.list').length === 0, other.text);
        }
        for (const asked of ['0'.repeat(32), 'x', '%27', '\u202e']) {
            await clerk.open(`/desk/find?asked=${encodeURIComponent(asked)}`);
            assert.equal(clerk.page('table.list').length, 0, asked);
        }
        assert.equal((await clerk.open(`${address}&page_number=21`)).status, 422);
        const visitor = await new Browser(centre.address, language).open(address);
        assert.equal(visitor.page('table.list').length, 0);
        await clerk.open('/desk/find');
        await send(clerk, { name: '·', reason: 'asks' });
        assert.equal(clerk.status, 422, 'the form itself is refused');
    });

test('the log has who looked, by what, why and how many were shown, and no word that was typed', async () => {
    const before = (await log()).length;
    await found('cun', { name: 'oyslj', reason: 'complaint' });
    await found('cun', { name: 'nobody at all', telephone: person.telephone });
    await found('shou13', { from: day, place, reason: 'lost_receipt' });
    const entries = (await log()).slice(0, (await log()).length - before).reverse().map((one) => [one.account, one.purpose, one.reason, one.found]);
    assert.deepEqual(entries, [['cun', 'find_name', 'complaint', 1], ['cun', 'find_several', 'asks', 0], ['shou13', 'find_receipt', 'lost_receipt', 0]]);
    const told = JSON.stringify(await log()) + centre.log + asked(centre.database, 'SELECT answer FROM http_done') + asked(centre.database, 'SELECT payload FROM event');
    for (const word of words) assert.ok(!told.includes(word), word);
});

function copied() {
    if (onServer()) return execFileSync('pg_dump', ['--data-only', centre.database], { maxBuffer: 1 << 30 });
    return Buffer.concat(['', '-wal'].map((end) => centre.database + end).filter(existsSync).map((file) => readFileSync(file)));
}

const run = (...args) => {
    const done = spawnSync(program, [...args, '--database', centre.database], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
};

test('a copy of the database shows no word by which somebody is found; a renewed key changes nothing of it', async () => {
    for (const word of words) assert.ok(!copied().includes(Buffer.from(word)), word);
    await centre.end('SIGTERM');
    run('key', 'renew-personal');
    run('verify');
    await centre.start();
    assert.deepEqual(await numbers('cun', { name: 'oyslj', telephone: person.telephone }), [number]);
});

test('the public register finds a holder by pinyin and by characters', async () => {
    const one = await (await new Program(centre.address).signIn('cun')).handIn(item, { ...person, name: '诸葛示例竹' });
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', 'grant', { opinion: '同意' }],
        ['zhen', 'issue', {}]]) {
        const who = await new Program(centre.address).signIn(account);
        while ((await who.get(`/desk/cases/${one}`)).body.actions.some((offered) => offered.action === action)) await who.act(one, action, fields);
    }
    for (const q of ['诸葛示例竹', '竹', 'zhugeshilizhu', 'Zhuge Shili Zhu', 'zgslz']) {
        const visitor = await new Browser(centre.address, 'zh').open('/licences');
        await visitor.send('/licences', { q });
        assert.deepEqual(visitor.page('table.list tbody tr').toArray().map((row) => visitor.page(row).text().includes('诸***竹')), [true], `${q}: ${visitor.text}`);
        assert.ok(!decodeURIComponent(visitor.path).includes(q));
        await visitor.send('/licences', { q: `${q}x` });
        assert.equal(visitor.page('table.list tbody tr').length, 0, visitor.text);
    }
});

test('after an erasure nothing is found', async () => {
    const clerk = await new Program(centre.address).signIn('cun');
    assert.equal((await clerk.act(number, 'withdraw', { reason: '申请人不办了' })).status, 201);
    const keeper = await new Program(centre.address).signIn('quan');
    const { seen } = (await keeper.get(`/desk/erase/${number}`)).body;
    assert.equal((await keeper.post(`/desk/erase/${number}`, { seen, reason: '申请人书面要求', sure: true })).status, 201);
    for (const fields of [{ name: person.name }, { name: 'oyslj' }, { id_number: person.id_number, item }, { telephone: person.telephone }])
        assert.ok(!(await numbers('jian', fields)).includes(number), JSON.stringify(fields));
    assert.ok(!(await numbers('cun', { from: day, place })).includes(number));
    assert.equal(asked(centre.database, `SELECT COUNT(*) FROM case_hash WHERE number = ${number}`).trim(), '0');
});
