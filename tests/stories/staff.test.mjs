// SPDX-License-Identifier: Apache-2.0
// The security administrator at his desk: people come, get posts, go on leave with a deputy, hand their work over and leave.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre, asked, password, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';

let centre, keeper;
before(async () => {
    centre = await Centre.open();
    keeper = await new Browser(centre.address, 'en').signIn('quan');
});
after(() => centre.close());

const day = (days) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const numberOf = (account) => asked(centre.database, `SELECT number FROM member WHERE account = '${account}'`).trim();
const postOf = (account) => {
    const [organ, division] = asked(centre.database, `SELECT organ, division FROM duty WHERE account = '${account}' AND for_account = ''`).trim().split('\n')[0].split('|');
    return { organ: Number(organ), division };
};

async function pageOf(account) {
    return keeper.open(`/desk/people/${numberOf(account)}`);
}

async function take(account, action, fields) {
    await pageOf(account);
    return keeper.send(`/${action}`, fields);
}

const csv = (text) => [['table', 'people.csv', Buffer.from(text), 'text/csv']];
const head = 'account,name,organ,division,role,from,to\n';

// ---- coming ----

async function firstPassword(account) {
    await keeper.open('/desk/people/first-passwords');
    const slip = keeper.page('.slip').filter((_, one) => keeper.page(one).attr('aria-label') === account);
    return slip.find('dd').last().text().trim();
}

async function changeFirst(account, first, next) {
    const person = new Browser(centre.address, 'en');
    await person.open('/sign-in');
    await person.send('/sign-in', { account, password: first });
    assert.equal(person.path.split('?')[0], '/sign-in/password', person.text);
    assert.equal((await person.open('/desk')).path.split('?')[0], '/sign-in', 'nothing is open before the password is changed');
    await person.open('/sign-in/password');
    await person.send('/sign-in/password', { new: next, again: next });
    return person;
}

test('a new colleague gets a first password on a slip, once, and must change it', async () => {
    await keeper.open('/desk/people');
    await keeper.send('/desk/people', { account: 'xin.lai', name: '新来的', organ: 90, division: postOf('zhen').division, role: 'clerk' });
    const first = await firstPassword('xin.lai');
    assert.match(first, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
    const other = await new Browser(centre.address, 'en').signIn('quan');
    assert.match((await other.open('/desk/people/first-passwords')).text, /There is no first password to show/, 'another session sees none');
    const kept = asked(centre.database, "SELECT COUNT(*) FROM http_done WHERE answer LIKE '%" + first + "%'").trim();
    assert.equal(kept, '0');
    const person = await changeFirst('xin.lai', first, 'Yuhu-Gongyuan-7');
    assert.equal((await person.open('/desk/apply')).status, 200);
    assert.doesNotMatch((await keeper.open('/desk/people/first-passwords')).text, /xin\.lai/);
});

test('a table is entered whole or not at all, each fault told by line and column', async () => {
    const count = asked(centre.database, 'SELECT COUNT(*) FROM member').trim();
    await keeper.open('/desk/people');
    await keeper.send('/desk/people/import', {}, csv(`${head}Gao,高\u200b,90,330482103000,clerk,,\nlin,林林,90,330482103000,king,2014-13-01,\nqian,钱钱,77,330482103000,clerk,,\n`));
    assert.equal(keeper.status, 422);
    for (const fault of ['name', 'role', 'from', 'U\\+200B']) assert.match(keeper.text, new RegExp(fault), keeper.text);
    await keeper.open('/desk/people');
    await keeper.send('/desk/people/import', {}, csv(`${head}qian,钱钱,77,330482103000,clerk,,\nquan,何何,90,330482103000,clerk,,\nsan,三三,99,330482000000,auditor,,\nsan,三三,99,330482000000,system_administrator,,\n`));
    assert.equal(keeper.status, 422);
    assert.match(keeper.text, /quan/, 'who is there already, himself not excepted, gains nothing by a table');
    assert.equal(asked(centre.database, 'SELECT COUNT(*) FROM member').trim(), count);
    await keeper.open('/desk/people');
    const rows = `${head}gao,高,90,330482103000,clerk,,\ngao,高,2,330482000000,reviewer,2014/1/1 0:00,2099年12月31日\nlin,林林,90,330482103000,issuer,,\n,,,,,,\n`;
    const unicodeText = Buffer.from(`\ufeff${rows.toUpperCase().slice(0, head.length)}${rows.slice(head.length)}`.replaceAll(',', '\t'), 'utf16le'); // as Excel calls it
    await keeper.send('/desk/people/import', {}, [['table', 'people.txt', unicodeText, 'text/plain']]);
    assert.equal(keeper.page('.slip').length, 2, keeper.text);
    assert.equal(asked(centre.database, "SELECT COUNT(*) FROM duty WHERE account = 'gao'").trim(), '2');
    assert.equal(asked(centre.database, "SELECT to_day FROM duty WHERE account = 'gao' AND role = 'reviewer'").trim(), '47481');
});

test('all faults of a table are told in one round, in the order of its lines', async () => {
    const rows = [
        ',无账,90,330482103000,clerk,,',
        'a b,有格,90,330482103000,clerk,,',
        'zhu,朱朱,77,330482103000,clerk,,',
        'duan,短短,90',
        'zhu,朱猪,90,330482103999,clerk,,',
        'wu,吴吴,2,330482103000,clerk,,',
        'wu,吴吴,90,330482103000,king,2014-09-03,2014-09-01',
        'kong,孔孔,90,330482103000,clerk,2014-09-03,2014-09-01',
        'quan,权权,90,330482103000,clerk,,',
        'san,三三,99,330482000000,auditor,,',
        'san,三三,99,330482000000,system_administrator,,',
        'tong,同同,90,330482103000,clerk,,',
        'tong,同同,90,330482103000,clerk,,',
        'qi,奇\u202e奇,90,330482103000,clerk,,2014-09-03',
    ];
    await keeper.open('/desk/people');
    await keeper.send('/desk/people/import', {}, csv(head + rows.map((row) => `${row}\n`).join('')));
    assert.equal(keeper.status, 422);
    const told = keeper.page('#problem ul li').toArray().map((one) => keeper.page(one).text().match(/[Ll]ine (\d+).*?(account|name|organ|division|role|from|to)\b/).slice(1).join(' '));
    assert.deepEqual(told, ['2 account', '3 account', '4 organ', '5 division', '6 division', '6 name', '7 organ', '8 role', '8 to', '9 to', '10 account', '11 role', '14 role', '15 name', '15 to']);
    assert.doesNotMatch(keeper.page('#problem').text(), /“”|\u202e/);
    for (const [table, told] of [[head, /nobody below it/], ['account,name\n', /organ, division, role/]]) {
        await keeper.open('/desk/people');
        await keeper.send('/desk/people/import', {}, csv(table));
        assert.equal(keeper.status, 422);
        assert.match(keeper.text, told);
    }
});

test('what the page of the import shows fits', async () => {
    await keeper.open('/desk/people');
    const form = keeper.page('form[action="/desk/people/import"]').closest('details');
    const [columns, example] = form.find('pre').text().trim().split('\n');
    assert.equal(`${columns}\n`, head);
    const codes = form.find('ul.codes').toArray().map((one) => keeper.page(one).find('code').toArray().map((code) => keeper.page(code).text()));
    assert.ok(codes[0].includes('clerk') && codes[1].includes('90') && codes[2].includes('330482103000'), JSON.stringify(codes));
    assert.match(form.find('ul.codes').first().text(), /clerk Clerk/);
    await keeper.send('/desk/people/import', {}, csv(`${columns}\n${example}\n`));
    assert.equal(keeper.status, 200, keeper.text);
    assert.match(keeper.text, /wang\.fang/);
});

// ---- posts and rights ----

test('he gives himself nothing', async () => {
    await take('quan', 'appoint', { organ: 2, division: '330482000000', role: 'approver' });
    assert.equal(keeper.status, 403);
    assert.match(keeper.text, /Nobody can give themselves a post/);
    await take('ju', 'leave', { from: day(0), until: day(9), deputy: 'quan' });
    assert.equal(keeper.status, 403);
    await take('ju', 'end-account', { reason: 'leaves', sure: true, successor: 'quan' });
    assert.equal(keeper.status, 403);
});

test('the last administrator of a kind stays, also where two leave at once', async () => {
    const program = await new Program(centre.address).signIn('quan');
    const end = (account, seen) => program.post(`/desk/people/${numberOf(account)}/end-account`, { seen, reason: 'leaves', sure: true });
    assert.equal((await end('cha', 1)).status, 409);
    await take('xin.lai', 'appoint', { organ: 99, division: '330482000000', role: 'auditor' });
    assert.equal(keeper.status, 200, keeper.text);
    const both = await Promise.all([end('cha', 1), end('xin.lai', 2)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409], JSON.stringify(both));
    const left = both[0].status === 201 ? 'cha' : 'xin.lai';
    const gone = new Browser(centre.address, 'en');
    await gone.open('/sign-in');
    await gone.send('/sign-in', { account: left, password });
    assert.notEqual(gone.status, 200);
});

test('a locked account ends its sessions and comes in again when unlocked', async () => {
    const reviewer = await new Program(centre.address).signIn('shen');
    await take('shen', 'lock', { reason: 'lost telephone' });
    assert.equal((await reviewer.get('/desk')).status, 401);
    await assert.rejects(new Program(centre.address).signIn('shen'));
    await take('shen', 'unlock', { reason: 'found' });
    assert.equal((await (await new Program(centre.address).signIn('shen')).get('/desk')).status, 200);
});

test('a reset password ends the sessions and must be changed', async () => {
    const issuer = await new Program(centre.address).signIn('shou');
    await take('shou', 'reset-password', { reason: 'forgotten' });
    assert.equal((await issuer.get('/desk')).status, 401);
    const first = await firstPassword('shou');
    const entering = new Program(centre.address);
    await entering.post('/sign-in', { account: 'shou', password: first });
    assert.equal((await entering.get('/sign-in/password')).status, 200);
    await take('shou', 'lock', { reason: 'suspected' });
    await take('shou', 'unlock', { reason: 'cleared up' });
    assert.equal((await entering.get('/sign-in/password')).status, 401, 'half a way in has ended with the lock');
    await changeFirst('shou', first, 'Donghu-Yinyue-9');
    assert.match((await pageOf('shou')).text, /Password reset/);
});

test('the password of an approver is reset by two, and the second hands it over', async () => {
    const approver = asked(centre.database, "SELECT account FROM duty WHERE role = 'approver' AND account <> 'pizhun' ORDER BY account LIMIT 1").trim();
    await pageOf(approver);
    assert.equal(keeper.page('form[action$="/reset-password"]').length, 0);
    const alone = await new Program(centre.address).signIn('quan');
    const { body: { seen } } = await alone.get(`/desk/people/${numberOf(approver)}`);
    const act = (person, action, fields = {}) => person.post(`/desk/people/${numberOf(approver)}/${action}`, { seen, ...fields });
    assert.equal((await act(alone, 'reset-password', { reason: 'forgotten' })).body.reason, 'people.two_people');
    assert.equal((await act(alone, 'confirm-reset')).body.reason, 'people.no_reset_waits');
    const nothing = await act(alone, 'ask-reset');
    assert.deepEqual(nothing.body.errors.map((each) => each.field).sort(), ['asked', 'reason'], 'all that is missing is told at once');
    assert.equal((await act(alone, 'ask-reset', { reason: 'forgotten', asked: 'none' })).status, 422);
    await take(approver, 'ask-reset', { asked: 'password', reason: 'forgotten' });
    assert.doesNotMatch((await keeper.open('/desk/people/first-passwords')).text, new RegExp(approver), 'nothing is done yet');
    const second = await new Browser(centre.address, 'en').signIn('guan');
    await second.open(`/desk/people/${numberOf(approver)}`);
    for (const action of ['appoint', 'lock', 'reset-password']) assert.equal(second.page(`form[action$="/${action}"]`).length, 0, action);
    assert.equal((await act(await new Program(centre.address).signIn('guan'), 'confirm-reset')).status, 409, 'of a page that is older than the request');
    await second.send('/confirm-reset');
    assert.equal(second.path, '/desk/people/first-passwords');
    assert.match(second.text, new RegExp(approver));
    assert.doesNotMatch((await keeper.open('/desk/people/first-passwords')).text, new RegExp(approver), 'who asked does not see it');
    assert.notEqual((await new Program(centre.address).post('/sign-in', { account: approver, password })).status, 201);
});

// ---- leave ----

async function draft(clerk) {
    const { body } = await clerk.get('/desk/apply');
    let answer = { status: 403 };
    for (const { code } of body.found?.items ?? []) {
        answer = await clerk.post(`/desk/apply/${code}`, { party_kind: 'person', name: '王建国', id_number: '330499198001010013', telephone: '13800010000' });
        if (answer.status !== 422 && answer.status !== 409) break; // not for persons, or not taken in here
    }
    return answer;
}

test('a deputy acts for the one on leave, says so, and no longer', async () => {
    const before = await new Program(centre.address).signIn('ju');
    await take('zhen', 'leave', { from: day(0), until: day(1), deputy: 'ju' });
    assert.equal(keeper.status, 200, keeper.text);
    assert.equal((await before.get('/desk/me')).status, 401, 'a right more is had by coming in anew');
    assert.match((await pageOf('ju')).text, /Stands in for/);
    const deputy = await new Program(centre.address).signIn('ju');
    const { body } = await deputy.get('/desk/me');
    assert.ok(body.posts.some(({ for_name: name }) => name), JSON.stringify(body.posts));
    const { status, body: made } = await draft(deputy);
    assert.ok(status < 300, JSON.stringify(made));
    const page = await new Browser(centre.address, 'en').signIn('ju');
    await page.open(`/desk/cases/${made.number}`);
    const materials = page.page('form[action$="/submit"] [name=materials]').toArray().map((one) => page.page(one).attr('value'));
    await page.send('/submit', { materials });
    assert.match((await page.open(`/desk/cases/${made.number}`)).text, /standing in for/);
    await take('zhen', 'come-back', {});
    assert.equal((await draft(deputy)).status, 403);
});

test('leave without a deputy, backwards or into the past is refused or told', async () => {
    await take('zhen', 'leave', { from: day(2), until: day(1) });
    assert.equal(keeper.status, 422);
    await take('zhen', 'leave', { from: day(-9), until: day(-2) });
    assert.equal(keeper.status, 422);
    await take('zhen', 'leave', { from: day(0), until: day(1) });
    assert.match(keeper.text, /Nobody stands in/);
    await take('zhen', 'come-back', {});
});

// ---- leaving ----

test('whoever leaves work behind names who takes it over', async () => {
    const [account, role] = asked(centre.database, `SELECT d.account, d.role FROM duty d JOIN case_now c ON c.county = d.county AND c.desk_organ = d.organ
        AND c.desk_division = d.division AND d.role = 'reviewer' AND c.desk_role = 2 ORDER BY d.account LIMIT 1`).trim().split('|');
    assert.equal(role, 'reviewer');
    await take(account, 'end-account', { reason: 'retires' });
    assert.equal(keeper.status, 422, 'not before the box is ticked');
    assert.match(keeper.text, /please tick/);
    await take(account, 'end-account', { reason: 'retires', sure: true });
    assert.equal(keeper.status, 409);
    assert.match(keeper.text, /cases wait at the post “Reviewer”/);
    await take(account, 'dismiss', { held: 1, day: day(0) });
    assert.equal(keeper.status, 409);
    await take(account, 'end-account', { reason: 'retires', sure: true, successor: 'lin' });
    assert.equal(keeper.status, 200, keeper.text);
    assert.match((await pageOf('lin')).text, /Took posts over/);
    assert.match((await pageOf(account)).text, /Account ended/);
    const posts = keeper.page('[aria-labelledby=posts] li').toArray().map((one) => keeper.page(one).text());
    assert.ok(posts.length > 0 && posts.every((post) => /ended/.test(post)), 'nothing is shown as held: ' + posts.join());
});

test('a renewal that waits to be decided is work left behind too', async () => {
    const [account, number, clerk] = asked(centre.database, `SELECT a.account, l.number, c.account FROM licence l
        JOIN duty a ON a.county = l.county AND a.organ = l.organ AND a.role = 'approver' JOIN duty c ON c.county = l.county AND c.organ = l.organ AND c.role = 'clerk'
        WHERE l.state = 'valid' AND l.valid_to_day > ${Math.floor(Date.now() / 86400e3) + 40} AND l.renewal_day = 0
        AND NOT EXISTS (SELECT 1 FROM case_now w WHERE w.county = l.county AND w.desk_organ = l.organ AND w.desk_role = 4) ORDER BY l.number LIMIT 1`).trim().split('|');
    const at = await new Program(centre.address).signIn(clerk);
    const { body } = await at.get(`/desk/licences/${number}`);
    assert.equal((await at.post(`/desk/licences/${number}/ask-renewal`, { seen: body.seen })).status, 201);
    await take(account, 'end-account', { reason: 'retires', sure: true });
    assert.equal(keeper.status, 409, keeper.text);
    const waiting = asked(centre.database, `SELECT COUNT(*) FROM licence WHERE renewal_day <> 0 AND organ = (SELECT organ FROM licence WHERE number = ${number})`).trim();
    assert.match(keeper.text, new RegExp(`Renewals of licences \\(${waiting}\\) wait at the post “Approver”`));
    await take(account, 'end-account', { reason: 'retires', sure: true, successor: 'lin' });
    assert.equal(keeper.status, 200, keeper.text);
});

// ---- who may do what ----

test('the auditor reads and takes along who may do what where', async () => {
    const auditor = await new Browser(centre.address, 'en').signIn(asked(centre.database, "SELECT account FROM duty WHERE role = 'auditor'").trim() === 'cha' ? 'cha' : 'quan');
    await auditor.open('/desk/duties?role=approver');
    assert.match(auditor.text, /pizhun/);
    assert.doesNotMatch(auditor.page('tbody').text(), /Clerk/);
    const file = await auditor.ask('/desk/duties?role=approver&format=csv', {});
    assert.match(await file.text(), /pizhun/);
    await auditor.open('/desk/rights');
    assert.match(auditor.text, /POST \/desk\/people\/\{number\}\/\{action\}/);
    const open = auditor.page('[data-label="Open to"]').toArray().map((one) => auditor.page(one));
    assert.ok(open.length > 100, `${open.length} rows`);
    assert.match(auditor.text, new RegExp(`Pinghu.* · \\d+ [A-Z][a-z]+ ${day(0).slice(0, 4)}`), 'a print says of where and when it is');
    for (const cell of open) assert.notEqual(cell.text().trim(), '', `nobody may: ${cell.parent().text()}`);
});

test('nobody else opens the desk, and the auditor changes nothing', async () => {
    for (const account of ['cun', 'pizhun', 'guan', 'xiang']) {
        const person = await new Program(centre.address).signIn(account);
        // The system administrator reads there what waits for a second person.
        assert.equal((await person.get('/desk/people')).status, account === 'guan' ? 200 : 403, account);
        assert.equal((await person.post(`/desk/people/${numberOf('cun')}/lock`, { seen: 1, reason: 'x' })).status, 403, account);
    }
});

test('register, duties and events agree after all this', () => {
    const said = execFileSync(program, ['verify', '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.match(said, /posts of \d+ accounts/);
});
