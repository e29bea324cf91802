// SPDX-License-Identifier: Apache-2.0
// The register of licences: what everybody may look up, and what a paper is worth today.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asked, Centre } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { personalOf } from './sealed.mjs';

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

const person = 'WHERE county = 330482 AND is_person = 1 ORDER BY number DESC LIMIT 1';

for (const language of ['zh', 'en'])
    test(`anybody looks a licence up, and no person is named, ${language}`, async () => {
        const anyone = await new Browser(centre.address, language).open('/licences');
        const [{ holder }] = personalOf(centre, 'licence', person);
        assert.equal(anyone.status, 200, anyone.text);
        assert.ok(anyone.page('table.list tbody tr').length > 3, 'the licences stand in a table');
        assert.ok(!anyone.text.includes(holder), 'a person is named in part alone');
        const row = anyone.page('table.list tbody tr').first().text();
        assert.match(row, /330482 \d{6} \d{6}/);
        assert.equal(/[A-Z][a-z]+ (of|for|permit|licence|certificate|opinion)/i.test(row), language === 'en', row);
        const [number] = anyone.page('table.list tbody a').first().attr('href').match(/\d{18}/);
        await anyone.open(`/licences/${number}`);
        assert.equal(anyone.status, 200, anyone.text);
        assert.equal(anyone.page('form[action*="/licences/"]').length, 0, 'nothing can be done by who is not signed in');
        await anyone.open(`/licences?q=${encodeURIComponent(holder)}`);
        assert.ok(anyone.page('table.list tbody tr').length > 0, 'who knows the whole name finds the licence');
        await anyone.open(`/licences?q=${encodeURIComponent(holder.slice(0, 2))}`);
        assert.ok(anyone.page('table.list tbody tr').length > 0, 'and so does who knows its beginning');
        await anyone.open(`/licences?q=${encodeURIComponent(`${holder}某`)}`);
        assert.equal(anyone.page('table.list tbody a').length, 0, 'nobody is called so');
    });

test('the code of an item is found however it is typed', async () => {
    const anyone = await new Browser(centre.address, 'zh').open('/licences');
    const code = asked(centre.database, 'SELECT item FROM licence WHERE county = 330482 ORDER BY number DESC LIMIT 1').trim();
    assert.match(code, /[A-Z]/);
    for (const typed of [code, code.toLowerCase()]) {
        await anyone.open(`/licences?q=${typed}`);
        assert.ok(anyone.page('table.list tbody a').length > 0, typed);
    }
});

test('the register is a file too, and a number that is none is told', async () => {
    const file = await fetch(`${centre.address}/licences?format=csv`);
    assert.equal(file.status, 200);
    assert.match(await file.text(), /330482\d{12}/);
    const missing = await new Browser(centre.address, 'zh').open('/licences/330482000101000001');
    assert.equal(missing.status, 404);
    assert.ok(missing.text.includes('没有这个编号的证照'), missing.text);
});

test('whoever verifies the paper is told what holds today', async () => {
    const code = asked(centre.database, "SELECT code FROM document WHERE document_kind = 'licence' LIMIT 1").trim();
    const anyone = await new Browser(centre.address, 'zh').open(`/verify/${code}`);
    assert.match(anyone.text, /今天查验：/);
    await anyone.open(anyone.page('a[href^="/licences/"]').attr('href'));
    assert.equal(anyone.status, 200, anyone.text);
});

for (const [language, name, act] of [['zh', '一份证照', '登记入库'], ['en', 'A licence', 'entered in the register']])
    test(`the public ledger names a licence and leads to it, ${language}`, async () => {
        const number = asked(centre.database, "SELECT number FROM event WHERE kind = 'licence.entered' ORDER BY number LIMIT 1").trim();
        const anyone = await new Browser(centre.address, language).open(`/ledger/330482/event/${number}`);
        assert.ok(anyone.text.includes(name) && anyone.text.includes(act), anyone.text);
        await anyone.open(anyone.page('dd a[href^="/licences/"]').attr('href'));
        assert.equal(anyone.status, 200, anyone.text);
    });

test('the public ledger leads to a case nobody but who may see it', async () => {
    const [event, number] = asked(centre.database, "SELECT number || ' ' || subject FROM event WHERE kind = 'case.granted' AND division <> 330482102001 ORDER BY number LIMIT 1")
        .trim().split(' case/');
    const leadsTo = (one) => one.page('dd a[href*="/cases/"], dd a[href^="/track/"]').attr('href');
    assert.equal(leadsTo(await new Browser(centre.address).open(`/ledger/330482/event/${event}`)), undefined);
    const elsewhere = await new Browser(centre.address).signIn('cun102001');
    assert.equal(leadsTo(await elsewhere.open(`/ledger/330482/event/${event}`)), undefined);
    const supervisor = await new Browser(centre.address).signIn('jian');
    assert.equal(leadsTo(await supervisor.open(`/ledger/330482/event/${event}`)), `/desk/cases/${number}`);
});

test('the desk leads from a licence to its case nobody but who may see it', async () => {
    const numbers = asked(centre.database, 'SELECT number FROM licence WHERE case_number <> 0 ORDER BY number LIMIT 5').trim().split('\n');
    const led = { cun102001: 0, jian: 0 };
    for (const account of Object.keys(led)) {
        const person = await new Program(centre.address).signIn(account);
        for (const number of numbers) {
            const { status, body } = await person.get(`/desk/licences/${number}`);
            assert.equal(status, 200);
            if (!body.case_path) continue;
            led[account]++;
            assert.equal((await person.get(body.case_path)).status, 200, `${account} ${body.case_path}`);
        }
    }
    assert.equal(led.jian, numbers.length, 'the supervisor sees every case');
    assert.ok(led.cun102001 < numbers.length, JSON.stringify(led));
});

test('the organ that issued a licence corrects it, and nobody else', async () => {
    const inOffice = "SELECT s.account || ' ' || l.number FROM post p JOIN staff s ON s.county = p.county AND s.id = p.staff"
        + ' JOIN licence l ON l.county = p.county AND l.organ = p.organ'
        + " WHERE p.county = 330482 AND l.state = 'valid' AND p.roles = 4 AND p.division = 330482000000 ORDER BY l.number LIMIT 1";
    const [account, number] = asked(centre.database, inOffice).trim().split(' ');
    const path = `/desk/licences/${number}`;
    const approver = await new Program(centre.address).signIn(account);
    const { body } = await approver.get(path);
    assert.ok(body.is_inside && body.organ.name && body.actions.some((one) => one.action === 'amend'), JSON.stringify(body));
    const change = { seen: body.seen, content: '热食类食品制售', reason: '登记有误' };
    assert.equal((await (await new Program(centre.address).signIn('cun')).post(`${path}/amend`, change)).status, 403);
    assert.equal((await approver.post(`${path}/dance`, change)).status, 404);
    assert.equal((await approver.postAndSee(`${path}/amend`, change)).body.content, change.content);
    assert.equal((await approver.post(`${path}/amend`, change)).status, 409, 'the page is out of date');
    const anyone = await new Program(centre.address).get(`/licences/${number}`);
    assert.equal(anyone.body.content, change.content);
    assert.ok(!anyone.body.actions && !anyone.body.history && !anyone.body.is_inside, 'others see no more than the register');
});

test('decisions to grant are public: searched, saved as a file, persons in part and enterprises in full', async () => {
    const anyone = new Program(centre.address);
    const { body } = await anyone.get('/grants?exact=1');
    assert.ok(body.total > 3, JSON.stringify(body).slice(0, 300));
    const enterprise = body.rows.find((row) => row.credit_code), person = body.rows.find((row) => !row.credit_code && row.listed);
    assert.match(person.listed, /\*/);
    assert.doesNotMatch(enterprise.listed, /\*/);
    assert.match(enterprise.decided_day, /^\d{4}-\d{2}-\d{2}$/);
    const found = (await anyone.get(`/grants?q=${encodeURIComponent(enterprise.listed.slice(0, 4))}`)).body.rows;
    assert.ok(found.length > 0 && found.every((row) => row.listed.startsWith(enterprise.listed.slice(0, 4))));
    const one = (await anyone.get(`/grants?q=${encodeURIComponent(person.decision)}`)).body.rows;
    assert.ok(one.some((row) => row.decision === person.decision));
    assert.equal((await anyone.get('/grants?from=2014-09-30&to=2014-01-01')).body.reason, 'lists.from_after_to');
    const csv = await (await fetch(`${centre.address}/grants?format=csv`)).text();
    assert.ok(csv.includes(enterprise.credit_code));
    for (const { holder, id_number: number } of personalOf(centre, 'licence', 'WHERE county = 330482 AND is_person = 1'))
        assert.ok(!csv.includes(holder) && !csv.includes(number), 'the file names no person');
    for (const language of ['zh', 'en']) {
        const reader = await new Browser(centre.address, language).open('/grants');
        assert.equal(reader.status, 200, reader.text);
        assert.ok(reader.page('table.list tbody tr').length > 3);
    }
});
