// SPDX-License-Identifier: Apache-2.0
// The security log: what the staff look at and what they are refused stands in it, before they see it; the auditor reads it, and the
// applicant is told which department has looked at his data, on which day and why.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Centre, asked } from './centre.mjs';
import { documentLinks } from './papers.mjs';
import { Browser, Program, makeOwnCode, newCode, scan } from './people.mjs';

const person = { party_kind: 'person', name: '赵示例', id_number: '330499198001010013', telephone: '13800000000' };
const reason = '电话无法接通，核对号码';

let centre;
let clerk;
let reviewer;
let auditor;
let number;
const entries = async (query) => (await auditor.get(`/desk/security?${query}`)).body.rows;

before(async () => {
    centre = await Centre.open();
    const item = centre.accounts.match(/try: (\S+)/)[1];
    [clerk, reviewer, auditor] = await Promise.all(['shou', 'shen', 'cha'].map((one) => new Program(centre.address).signIn(one)));
    number = (await clerk.post(`/desk/apply/${item}`, person)).body.number;
    const { body } = await clerk.get(`/desk/cases/${number}`);
    const browser = await new Browser(centre.address).signIn('shou');
    await browser.open(`/desk/cases/${number}`);
    await browser.send('/attach', { material: body.materials[0].name }, [['papers', 'a.pdf', scan('of this story'), 'application/pdf']]);
    await clerk.act(number, 'submit', { materials: body.materials.map((one) => one.name) });
});
after(() => centre.close());

test('looking at what is masked writes nothing; what is shown in clear is in the log with account and case', async () => {
    await reviewer.get(`/desk/cases/${number}`);
    assert.deepEqual(await entries(`subject=case/${number}`), [], 'neither the masked page nor the clerk who took it down');

    await reviewer.act(number, 'reveal', { reason });
    const clear = await reviewer.get(`/desk/cases/${number}`);
    assert.equal(clear.body.applicant.telephone, person.telephone);
    await reviewer.get(`/desk/cases/${number}`);
    assert.equal((await reviewer.ask(clear.body.materials.flatMap((one) => one.papers)[0].link)).status, 200);
    const [receipt] = (await clerk.get(`/desk/cases/${number}`)).body.documents;
    assert.equal((await clerk.ask(`/documents/${receipt.code}`)).status, 200);

    const found = await entries(`subject=case/${number}`);
    assert.deepEqual(found.map((one) => [one.kind, one.account, one.outcome]).reverse(),
        [['revealed', 'shen', 'done'], ['opened', 'shen', 'done'], ['scan', 'shen', 'done'], ['document', 'shou', 'done']]);
    assert.ok(!JSON.stringify(await entries('')).match(new RegExp(`${person.name}|${person.telephone}|${person.id_number}|${reason}`)));
});

test('the applicant is told organ, day and purpose, and not who it was', async () => {
    const browser = new Browser(centre.address, 'zh');
    await browser.open('/track');
    await browser.send('/track', { number, code: await newCode(centre, number) });
    await browser.follow('谁查看过我的信息');
    assert.equal(browser.status, 200);
    const rows = browser.page('tbody tr').toArray().map((row) => browser.page(row).find('td').toArray().map((td) => browser.page(td).text().trim()));
    assert.deepEqual(rows.map(([organ]) => organ), Array(4).fill('水利局'));
    assert.match(rows[0][1], /查看文书.*查询单/);
    assert.match(rows[3][1], new RegExp(`核实申请人信息.*${reason}`));
    assert.match(rows[2][1], /审查提交的材料/);
    assert.match(rows[1][1], /查看文书.*收件回执/);
    assert.ok(!browser.text.includes('吴丽娟') && !browser.text.includes('shen'), 'the officer stays inside');
    await browser.open('/track/330482000000000000/accesses');
    assert.equal(browser.status, 404, 'of another number nothing is told');
});

test('what the applicant opens himself is an entry once a day, and no look of the staff', async () => {
    const own = new Browser(centre.address, 'zh');
    await own.open('/track');
    await own.send('/track', { number, code: await newCode(centre, number) });
    await makeOwnCode(centre, own, number);
    const paper = own.page('a[href*="/papers/"]').first().attr('href'), [[, receipt]] = documentLinks(own);
    for (const link of [paper, paper, receipt, receipt]) assert.equal((await own.ask(link)).status, 200, link);
    const his = JSON.parse(await (await auditor.ask(`/desk/security?format=json&subject=case/${number}`)).text()).rows.filter(({ actor }) => actor === 'holder');
    assert.deepEqual(his.map(({ kind, purpose, account }) => [kind, purpose, account]).sort(), [['document', 'receipt', ''], ['scan', '', '']]);
    await own.open(`/track/${number}/accesses`);
    assert.equal(own.page('tbody tr').length, 4);
});

test('the applicant is told of looks at the licence that came of his case too', async () => {
    const [licence, of] = asked(centre.database, `SELECT number || ' ' || case_number FROM licence l WHERE case_number <> 0 AND EXISTS
        (SELECT 1 FROM document WHERE subject = 'licence/' || l.number) ORDER BY number LIMIT 1`).trim().split(' ');
    const code = asked(centre.database, `SELECT code FROM document WHERE subject = 'licence/${licence}' LIMIT 1`).trim();
    assert.equal((await reviewer.ask(`/documents/${code}`)).status, 200);
    const holder = new Program(centre.address);
    assert.equal((await holder.post('/track', { number: of, code: await newCode(centre, of) })).status, 201);
    const { licences } = (await holder.get(`/track/${of}/accesses`)).body;
    assert.equal(licences.length, 1);
    assert.equal(licences[0].licence_grouped.replaceAll(' ', ''), licence);
    assert.deepEqual(licences[0].accesses.map(({ access, organ_name }) => [access, organ_name]), [['document', '水利局']]);
});

test('a lack of rights is told in the log, and counted instead of filling it', async () => {
    const curious = await new Program(centre.address).signIn('guan');
    const before = (await entries('kind=rights&account=guan')).length;
    for (let i = 0; i < 9; i++) assert.equal((await curious.get('/desk/security')).status, 403);
    const refused = await entries('kind=rights&account=guan');
    assert.deepEqual(refused.slice(0, refused.length - before).map((one) => one.times), [8, 4, 2, 1]);
    assert.match(refused[0].purpose, /^GET \/desk\/security$/);
});

test('a way in that fails, and the way out, are told; a number that was typed is not', async () => {
    const visitor = new Program(centre.address);
    for (let i = 0; i < 3; i++) assert.equal((await visitor.post('/track', { number, code: 'AAAA-AAAA-AAA' })).status, 404);
    await visitor.post('/track', { number: '330499198001010013', code: 'AAAA-AAAA-AAA' });
    assert.deepEqual((await entries('kind=sign_in&outcome=failed')).map((one) => [one.purpose, one.times, one.subject]),
        [4, 2, 1].map((times) => ['tracking_code', times, '']));
    await (await new Program(centre.address).signIn('ju')).post('/sign-out');
    assert.deepEqual((await entries('kind=sign_out')).map((one) => one.account), ['ju']);
    for (const account of ['ju', '330499198001010013'])
        assert.equal((await visitor.post('/sign-in', { account, password: 'Wrong-2014-x' })).status, 422);
    assert.deepEqual((await entries('kind=sign_in&account=ju')).map((one) => one.outcome), ['failed', 'done']);
    assert.equal((await entries('kind=sign_in&outcome=failed')).filter((one) => one.purpose === 'password').length, 2);
    assert.ok(!JSON.stringify(await entries('')).includes('330499198001010013'));
});

test('signing in over the session of another is told, and so is the end of that one', async () => {
    const shared = await new Program(centre.address).signIn('cun');
    const before = (await entries('kind=sign_in&account=zhen')).length;
    await shared.signIn('zhen');
    assert.equal((await shared.get('/desk/me')).body.account, 'zhen');
    assert.equal((await entries('kind=sign_in&account=zhen')).length, before + 1);
    assert.deepEqual((await entries('kind=sign_out&account=cun')).map((one) => one.outcome), ['done']);
});

test('whoever has the exported entries can reckon their chain', async () => {
    const all = JSON.parse(await (await auditor.ask('/desk/security?format=json')).text()).rows.sort((a, b) => a.number - b.number);
    assert.equal(all[0].number, '1');
    let last = '';
    for (const { account, actor, at, hash, kind, network, number, organ, outcome, purpose, subject, times, reason, found } of all) {
        const entry = { account, actor, at, county: 330482, ...(reason ? { found } : {}), kind, network, number: Number(number), organ: organ.number, outcome, purpose, ...(reason ? { reason } : {}), subject, times };
        last = createHash('sha256').update(`${last}\n${JSON.stringify(entry)}`).digest('hex');
        assert.equal(hash, last, `entry ${number}`);
    }
});

test('the auditor alone reads it, filters and takes it along; each look is an entry', async () => {
    for (const account of ['quan', 'guan', 'zhuren', 'shou'])
        assert.equal((await (await new Program(centre.address).signIn(account)).get('/desk/security')).status, 403, account);
    assert.equal((await new Program(centre.address).get('/desk/security')).status, 401);
    assert.equal((await auditor.post('/desk/security', {})).status, 405, 'nothing changes it');

    const page = await new Browser(centre.address, 'en').signIn('cha');
    await page.open('/desk/security?kind=scan');
    assert.match(page.text, /Scan opened/);
    const csv = await (await auditor.ask('/desk/security?format=csv&kind=revealed')).text();
    assert.match(csv, new RegExp(`shen.*case/${number}`));
    assert.equal((await auditor.ask('/desk/security?format=xlsx')).status, 200);
    assert.equal((await auditor.get('/desk/security?from=2199-01-01')).body.rows.length, 0);
    assert.deepEqual((await entries('kind=log')).slice(0, 4).map((one) => one.purpose), ['page', 'xlsx', 'csv', 'page']);
    assert.deepEqual((await entries('kind=program')).map((one) => one.purpose).slice(-1), ['start']);
});

test('exports and searches for persons are told, without what was typed', async () => {
    const visitor = new Program(centre.address);
    for (const who of [clerk, visitor]) {
        for (let i = 0; i < 3; i++) await who.get(`/licences?q=${encodeURIComponent('张示例')}`);
        await who.get('/licences?q=330482140903000123');
        await who.ask('/licences?format=csv');
    }
    assert.deepEqual((await entries('kind=search')).map((one) => [one.account, one.purpose, one.times]), [['shou', 'register', 2], ['shou', 'register', 1]]);
    assert.deepEqual((await entries('kind=export&account=shou')).map((one) => one.purpose), ['register']);
    assert.ok(!JSON.stringify(await entries('')).includes('张示例'));
});

test('it is kept for six months at least, whoever asks', async () => {
    const keeper = await new Browser(centre.address, 'en').signIn('quan');
    await keeper.open('/desk/security/keeping');
    await keeper.send('/keeping', { months: 5 });
    assert.equal(keeper.status, 422);
    await keeper.send('/keeping', { months: 24 });
    assert.match(keeper.text, /24 months/);
    assert.equal((await auditor.post('/desk/security/keeping', { months: 6 })).status, 403);
    assert.deepEqual((await entries('kind=setting')).map((one) => [one.account, one.purpose]), [['quan', 'log_months']]);
});
