// SPDX-License-Identifier: Apache-2.0
// Erasure means gone (PIPL art. 47): the applicant's data, scans, documents and what the record says of him; the ledger holds.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Centre, asked, backUp, program, restore } from './centre.mjs';
import { documentLinks } from './papers.mjs';
import { Browser, Program, scan } from './people.mjs';
import { textsOf } from './sealed.mjs';

const reason = 'Request in writing of 3 September';
const isFile = !process.env.PINGHU_DATABASE_SERVER;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

const party = (serial, name) => ({ party_kind: 'person', name, id_number: idOf(serial), telephone: '13800000077' });

// A number of the year 1981 with its check digit (GB 11643).
function idOf(serial) {
    const body = `33049919810101${String(serial).padStart(3, '0')}`;
    const sum = [...body].reduce((all, digit, i) => all + Number(digit) * (2 ** (17 - i) % 11), 0);
    return body + '10X98765432'[sum % 11];
}

// Applies from home with one scan; the page of the case, of which `number` tells the number.
async function apply(who, bytes) {
    const villager = await new Browser(centre.address, 'en').open('/items?object=person&online=true');
    await villager.open(villager.page('.results a').first().attr('href'));
    await villager.open(villager.page('a[href^="/apply/"]').first().attr('href'));
    await villager.send(villager.path, { ...who, place: villager.page('select[name=place] option').eq(3).attr('value') });
    await villager.send(villager.path);
    assert.equal(villager.status, 200, villager.text);
    await villager.open(villager.page('main a.button').attr('href'));
    const materials = villager.page('select[name=material] option').toArray().map((one) => villager.page(one).attr('value'));
    await villager.send('/attach', { material: materials[0] }, [['papers', 'one.pdf', bytes, 'application/pdf']]);
    assert.equal(villager.status, 200, villager.text);
    villager.materials = [...new Set(materials.slice(1))];
    villager.number = villager.path.split('/').pop();
    return villager;
}

async function handIn(who, bytes) {
    const villager = await apply(who, bytes);
    await villager.send('/submit');
    assert.equal(villager.status, 200, villager.text);
    return villager;
}

async function withdraw(villager, why) {
    villager.address = centre.address;
    await villager.open(`/track/${villager.number}`);
    await villager.send('/withdraw', { reason: why });
    assert.equal(villager.status, 200, villager.text);
}

async function erase(number) {
    const administrator = await new Program(centre.address).signIn('quan');
    const { seen } = (await administrator.get(`/desk/erase/${number}`)).body;
    const answer = await administrator.post(`/desk/erase/${number}`, { seen, reason, sure: true });
    assert.equal(answer.status, 201, `${JSON.stringify(answer.body)} ${centre.log}`);
    return answer.body;
}

function assertSound() {
    const checked = spawnSync(program, ['verify', '--database', centre.database], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
}

// The entries of the security log on erasing in a case, the newest first.
const logged = (number) => asked(centre.database, `SELECT actor || ' ' || account || ' ' || purpose FROM security_entry
    WHERE kind = 'erasure' AND subject = 'case/${number}' ORDER BY number DESC`).trim().split('\n');

const restart = async () => {
    await centre.end('SIGTERM');
    await centre.start();
};
async function until(isSo, what) {
    const end = Date.now() + 60000;
    while (!isSo()) {
        assert.ok(Date.now() < end, what);
        await new Promise((done) => { setTimeout(done, 50); });
    }
}
const count = (sql) => Number(asked(centre.database, sql));
// Answers that are kept for requests sent again.
const answersOf = (number) => textsOf(centre, 'http_done', 'answer', "day || '/' || key").filter((answer) => answer.includes(number));
const bytesOf = (bytes) => existsSync(`${centre.beside}.files/${sha256(bytes).replace(/^(..)/, '$1/')}`);

test('what is erased is gone: scans, documents, messages, the party and what the record says', async () => {
    const [own, shared] = [scan('his alone'), scan('also of another')];
    const who = party(11, '赵擦除');
    const another = await handIn(party(12, '钱留下'), shared);
    const villager = await handIn(who, own);
    await villager.send('/attach', { material: villager.materials[0] }, [['papers', 'two.pdf', shared, 'application/pdf']]);
    const subject = `case/${villager.number}`;
    const documents = documentLinks(villager).map(([, link]) => link);
    assert.ok(documents.length > 0 && bytesOf(own) && bytesOf(shared));
    await withdraw(villager, 'because of 赵擦除 and nobody else');
    await erase(villager.number);
    assert.deepEqual(logged(villager.number), ['staff quan erased']);
    await restart();

    await until(() => !bytesOf(own), 'the scan is gone');
    assert.ok(bytesOf(shared), 'a scan that another case has too is not');
    assert.equal(count(`SELECT COUNT(*) FROM paper WHERE subject = '${subject}'`), 0);
    assert.equal(count(`SELECT COUNT(*) FROM paper WHERE subject = 'case/${another.number}'`), 1);
    assert.equal(count(`SELECT COUNT(*) FROM document WHERE subject = '${subject}' AND content <> ''`), 0);
    assert.equal(count(`SELECT COUNT(*) FROM message WHERE recipient = 'holder/${villager.number}'`), 0);
    assert.equal(count(`SELECT COUNT(*) FROM party WHERE id = (SELECT party FROM case_now WHERE number = ${villager.number})`), 0);
    assert.equal(count(`SELECT COUNT(*) FROM event WHERE subject = '${subject}' AND payload LIKE '%nobody else%'`), 0);
    assert.deepEqual(answersOf(villager.number).filter((answer) => !answer.includes('"is_erased":true')), [], 'but of the erasure itself');
    assert.ok(answersOf(another.number).length > 0, 'another case has its answers');
    for (const link of documents) {
        const code = link.split('/').pop();
        const program_ = new Program(centre.address);
        const fetched = await program_.get(link);
        assert.equal(fetched.status, 404, JSON.stringify(fetched.body));
        const { body } = await program_.get(`/verify/${code}`);
        assert.deepEqual(Object.keys(body).filter((name) => /applicant|item|content/.test(name)), [], JSON.stringify(body));
        assert.ok(body.is_erased && body.number && body.made_day && body.organ_name && body.document_kind, JSON.stringify(body));
        assert.equal(body.erasure.reason, reason);
        const page = await new Browser(centre.address, 'en').open(`/verify/${code}`);
        assert.match(page.text, new RegExp(`was erased on .*because: ${reason}`));
    }
    const staff = await new Program(centre.address).signIn('jian');
    const { body } = await staff.get(`/desk/cases/${villager.number}`);
    assert.equal(body.erasure.reason, reason);
    assert.deepEqual(body.history.filter((line) => line.event === 'withdrawn').map((line) => line.reason), [undefined]);
    await centre.end('SIGTERM');
    assertSound();
    if (isFile) {
        const bytes = readFileSync(centre.database);
        for (const told of [who.name, who.id_number]) assert.equal(bytes.indexOf(told), -1, told);
    }
    await centre.start();
});

test('a party with another case stays in the register', async () => {
    const who = party(13, '孙两件');
    const [first, second] = [await handIn(who, scan('first')), await handIn(who, scan('second'))];
    const known = `SELECT COUNT(*) FROM party WHERE id = (SELECT party FROM case_now WHERE number = ${first.number})`;
    await withdraw(first, 'no longer needed');
    await erase(first.number);
    assert.equal(count(known), 1);
    await withdraw(second, 'no longer needed');
    await erase(second.number);
    assert.equal(count(known), 0);
});

const staffPage = async (number, account = 'jian') => (await new Browser(centre.address, 'en').signIn(account)).open(`/desk/cases/${number}`);

// ---- a backup that is restored ----

const told = (...words) => spawnSync(program, [...words, '--database', centre.database], { encoding: 'utf8', timeout: 120000 });

test('a restored backup has its erasures done again, also of a case that it knows as open', async () => {
    const [ended, open] = [await handIn(party(14, '李恢复'), scan('restored')), await handIn(party(15, '周恢复'), scan('restored too'))];
    await withdraw(ended, 'no longer needed');
    await centre.end('SIGTERM');
    const backup = backUp(centre.database);
    await centre.start();
    await withdraw(open, 'no longer needed');
    await erase(ended.number);
    await erase(open.number);
    const last = count('SELECT MAX(number) FROM event WHERE county = 330482');
    assert.equal((await fetch(new URL(`/ledger/330482/proof/${last}`, centre.address))).status, 200, 'all is public');
    await centre.end('SIGTERM');
    const list = readFileSync(`${centre.beside}.erased`, 'utf8');
    assert.match(list, new RegExp(`^case/${open.number} \\d{4}-\\d\\d-\\d\\d [0-9a-f]{64}$`, 'm'));
    assert.ok(!list.includes('恢复'), list);

    restore(centre.database, backup);
    const found = told('verify');
    assert.equal(found.status, 1, found.stdout);
    for (const { number } of [ended, open]) assert.match(found.stdout, new RegExp(`case/${number}: This was erased`));
    const renewed = told('key', 'renew-after-loss');
    assert.equal(renewed.status, 0, renewed.stderr);
    await centre.start();
    for (const { number } of [ended, open])
        assert.equal(asked(centre.database, `SELECT personal FROM case_now WHERE number = ${number}`), '\n');
    const staff = await new Program(centre.address).signIn('jian');
    const { body } = await staff.get(`/desk/cases/${open.number}`);
    assert.equal(body.state, 'terminated');
    assert.equal(body.erasure.reason, 'restored');
    assert.match((await staffPage(open.number)).text, /Erased on .*because: done again after a backup was restored/);
    await until(() => !bytesOf(scan('restored too')), 'the scan is gone again');
    const events = () => count(`SELECT COUNT(*) FROM event WHERE subject IN ('case/${ended.number}', 'case/${open.number}')`);
    const once = events();
    await restart();
    assert.equal(events(), once, 'once is enough');
    await centre.end('SIGTERM');
    assertSound();

    writeFileSync(`${centre.beside}.erased.kept`, readFileSync(`${centre.beside}.erased`));
    appendFileSync(`${centre.beside}.erased`, 'case/1 whenever\n');
    const refused = told('serve', '--listen', '127.0.0.1:0');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is damaged in line \d+/);
    writeFileSync(`${centre.beside}.erased`, readFileSync(`${centre.beside}.erased.kept`));
    await centre.start();
});

// ---- a term of keeping ----

test('within its term of keeping a case is restricted: nobody is shown the data, which stay; a restored backup is restricted again', async () => {
    const who = party(16, '吴受限'), own = scan('restricted');
    const villager = await handIn(who, own);
    const subject = `case/${villager.number}`, links = documentLinks(villager).map(([, link]) => link);
    const paper = villager.page('a[href*="/papers/"]').first().attr('href');
    await withdraw(villager, 'because of 吴受限 and nobody else');
    await centre.end('SIGTERM');
    for (const years of ['300', '-5']) {
        const refused = told('serve', '--listen', '127.0.0.1:0', '--keeping-years', years);
        assert.equal(refused.status, 1);
        assert.match(refused.stderr, /keeping-years.*0.*99/);
    }
    const backup = backUp(centre.database);
    centre.options = ['--keeping-years', '10'];
    await centre.start();

    const guide = await new Browser(centre.address, 'en').open('/items/FGJ-02'), keeper = await new Browser(centre.address, 'en').signIn('guan');
    for (const { text } of [guide, await keeper.open('/desk/items/FGJ-02')])
        assert.match(text, /The file of your case is kept.*for 10 years after its end \(the centre's rule\)/);
    const administrator = await new Browser(centre.address, 'en').signIn('quan');
    await administrator.open(`/desk/erase/${villager.number}`);
    assert.match(administrator.text, /must be kept until .* use is restricted instead/);
    const early = await new Program(centre.address, 'en').signIn('quan');
    const { seen: before } = (await early.get(`/desk/erase/${villager.number}`)).body;
    assert.equal((await early.post(`/desk/erase/${villager.number}`, { seen: before, reason, sure: true })).body.reason, 'cases.kept_still');
    await administrator.send('/restrict', { reason, sure: 'true' });
    assert.match(administrator.text, /is restricted until .*erased automatically/, administrator.text);
    const stale = (await early.post(`/desk/erase/${villager.number}/restrict`, { seen: before, reason, sure: true })).body;
    assert.match(stale.detail, /latest: Use of personal data restricted/);
    assert.equal(administrator.page('form[action^="/desk/erase/"]').length, 0);
    await assertRestricted();
    assert.deepEqual(logged(villager.number), ['staff quan restricted']);

    async function assertRestricted(why = reason) {
        const told = [who.name, who.id_number, who.telephone, '吴*限', '330499********', '138****'];
        const hidden = (text, where) => told.forEach((one) => assert.ok(!text.includes(one), `${one} ${where}`));
        const staff = await new Program(centre.address).signIn('jian');
        const { body } = await staff.get(`/desk/cases/${villager.number}`);
        assert.match(body.erasure.until_day, /^\d{4}-\d\d-\d\d$/);
        assert.equal(body.erasure.reason, why);
        assert.deepEqual([body.documents, body.actions.filter(({ action }) => action === 'reveal')], [[], []]);
        assert.deepEqual(body.history.filter((line) => line.event === 'withdrawn').map((line) => line.reason), [undefined]);
        hidden(JSON.stringify(body), 'in what the staff get');
        const rows = (await staff.get('/desk?list=all')).body;
        assert.ok(JSON.stringify(rows).includes(villager.number));
        hidden(JSON.stringify(rows), 'in the list');
        const list = await (await new Browser(centre.address, 'en').signIn('jian')).open('/desk?list=all');
        assert.match(list.text, /restricted until \d+ \w+ \d{4}/);
        const seen = body.seen;
        const revealed = await staff.post(`/desk/cases/${villager.number}/reveal`, { seen, reason: 'to look' });
        assert.deepEqual([revealed.status, revealed.body.reason], [409, 'cases.restricted']);
        const page = await staffPage(villager.number);
        assert.match(page.text, /Restricted until .*because/);
        assert.equal(page.page('form[action$="/reveal"]').length, 0);
        hidden(page.text, 'on the page of the staff');

        villager.address = centre.address;
        await villager.open(`/track/${villager.number}`);
        assert.match(villager.text, /Restricted until .*because/);
        assert.equal(villager.page('a[href*="/papers/"], a[href^="/documents/"], pre.exact').length, 0);
        hidden(villager.text, 'on the page of the holder');
        await villager.open(paper);
        assert.equal(villager.status, 409);
        for (const link of links) {
            assert.equal((await new Program(centre.address).get(link)).body.reason, 'files.document_restricted');
            const known = await new Browser(centre.address, 'en').open(`/verify/${link.split('/').pop()}`);
            assert.match(known.text, /Its use is restricted until .*because/);
            assert.match(known.page('dl.facts').text(), /〔\d{4}〕\d+号/, 'it tells its own number');
            hidden(known.text, 'where a document is verified');
        }
    }

    const auditor = await new Program(centre.address).signIn('cha');
    const { seen } = (await auditor.get(`/desk/cases/${villager.number}`)).body;
    assert.equal((await auditor.post(`/desk/cases/${villager.number}/reveal`, { seen, reason: 'yearly audit' })).status, 201);
    assert.equal((await auditor.get(`/desk/cases/${villager.number}`)).body.applicant.name, who.name);
    await assertRestricted();
    assert.ok(bytesOf(own));
    assert.equal(count(`SELECT COUNT(*) FROM paper WHERE subject = '${subject}'`), 1);
    const last = count('SELECT MAX(number) FROM event WHERE county = 330482');
    assert.equal((await fetch(new URL(`/ledger/330482/proof/${last}`, centre.address))).status, 200);
    await centre.end('SIGTERM');
    assertSound();

    assert.match(readFileSync(`${centre.beside}.erased`, 'utf8'), new RegExp(`^${subject} \\d{4}-\\d\\d-\\d\\d [0-9a-f]{64} \\d{4}-\\d\\d-\\d\\d$`, 'm'));
    restore(centre.database, backup);
    const found = told('verify');
    assert.equal(found.status, 1, found.stdout);
    assert.match(found.stdout, new RegExp(`${subject}: The use of this was restricted`));
    assert.equal(told('key', 'renew-after-loss').status, 0);
    await centre.start();
    await assertRestricted('restored');
    assert.deepEqual(logged(villager.number), ['system  restricted']);
    await centre.end('SIGTERM');
    assertSound();
    await centre.start();
});
