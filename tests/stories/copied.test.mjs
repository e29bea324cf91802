// SPDX-License-Identifier: Apache-2.0
// Somebody copies the database: he learns of no person. And the administrator who renews the key, loses it, or brings an older database.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { asked, Centre, program } from './centre.mjs';
import { Program } from './people.mjs';
import { personalOf, textsOf } from './sealed.mjs';

const party = { party_kind: 'person', name: '欧阳示例', id_number: '330499198001010013', telephone: '13800001234' };
let centre;
let number;

async function begun(clerk) {
    const { status, body } = await clerk.post(`/desk/apply/${centre.accounts.match(/try: (\S+)/)[1]}`, party);
    assert.equal(status, 201, JSON.stringify(body));
    return body.number;
}

const partyOf = (one) => asked(centre.database, `SELECT party FROM case_now WHERE number = ${one}`).trim();

before(async () => {
    centre = await Centre.open();
    const clerk = await new Program(centre.address).signIn('cun');
    number = await begun(clerk);
    const { body } = await clerk.get(`/desk/cases/${number}`);
    assert.equal((await clerk.act(number, 'submit', { materials: body.materials.map(({ name }) => name) })).status, 201);
});
after(() => centre.close());

const onServer = () => centre.database.startsWith('postgresql:');
const order = (sql) => execFileSync(...(onServer() ? ['psql', ['-qc', sql, centre.database]] : ['sqlite3', [centre.database, sql]]));
const key = (...words) => spawnSync(program, ['key', ...words, '--database', centre.database], { encoding: 'utf8' });

// The bytes of a copy: file and log, free pages among them; of a server what it gives out.
function copied() {
    if (onServer()) return execFileSync('pg_dump', ['--data-only', centre.database], { maxBuffer: 1 << 30 });
    return Buffer.concat(['', '-wal'].map((end) => centre.database + end).filter(existsSync).map((file) => readFileSync(file)));
}

function assertSilent(bytes, values) {
    for (const value of values) assert.ok(!bytes.includes(Buffer.from(value)), `${value} stands there`);
}

// Everything that tells of a person: of an enterprise its contact.
function peopleOfTheCity() {
    const staff = asked(centre.database, 'SELECT name FROM staff').trim().split('\n');
    const persons = personalOf(centre, 'case_now', "WHERE applicant_kind = 'person'");
    const contacts = personalOf(centre, 'case_now', "WHERE applicant_kind = 'enterprise'").map((one) => one.applicant_contact);
    const names = [...persons.map((one) => one.applicant), ...contacts].filter((name) => name?.length > 1 && !staff.some((one) => one.includes(name)));
    const numbers = persons.flatMap((one) => [one.applicant_id, one.applicant_telephone]).filter(Boolean);
    assert.ok(names.includes(party.name) && numbers.includes(party.telephone) && numbers.length > 40, 'the city has people');
    return [...names, ...numbers];
}

const columns = [['case_now', 'personal', 'number'], ['licence', 'personal', 'number'], ['document', 'content', 'code'],
    ['subject_private', 'content', "subject || '/' || sequence"], ['http_done', 'answer', "day || '/' || key"], ['paper', 'name', "subject || '/' || paper"],
    ['list_view', 'query', "staff || '/' || list || '/' || name"]];
const sealedBy = (id) => columns.map(([table, column]) => asked(centre.database, `SELECT COUNT(*) FROM ${table} WHERE ${column} <> '' AND ${column} NOT LIKE '~${id}~%'`).trim());

test('a copy of the database names no person, by name, number or telephone', () => {
    assertSilent(copied(), peopleOfTheCity());
    assert.deepEqual(sealedBy(1), columns.map(() => '0'));
    for (const [table, column, of] of columns)
        if (table !== 'paper' && table !== 'list_view') assert.ok(textsOf(centre, table, column, of).length > 0, `${table}.${column} is used`);
});

test('a renewed key seals everything anew, and the public ledger tells of it', async () => {
    assert.equal((await centre.end('SIGTERM')).status, 0);
    const before = centre.log;
    const { status, stderr } = key('renew-personal');
    assert.equal(status, 0, stderr);
    assert.deepEqual(sealedBy(2), columns.map(() => '0'));
    assert.equal(asked(centre.database, "SELECT COUNT(*) FROM event WHERE kind = 'personal_key.renewed' AND subject = 'personal_key/2'").trim(), '1');
    await centre.start();
    const clerk = await new Program(centre.address).signIn('cun');
    assert.match((await clerk.get(`/desk/cases/${number}`)).body.applicant.name, /^欧/);
    assert.equal(personalOf(centre, 'case_now', `WHERE number = ${number}`)[0].applicant, party.name);
    assert.ok(!before.includes('does not open'), before);
});

test('values of an older database are sealed at the start, and no free page and no log keeps them', async () => {
    assert.equal((await centre.end('SIGTERM')).status, 0);
    const plain = { applicant_name: '司马某某', note: 'x'.repeat(9000) };
    order(`UPDATE document SET content = '=${JSON.stringify(plain)}' WHERE subject = 'case/${number}' AND document_kind = 'receipt'`);
    order(`UPDATE party SET id_number = '${party.id_number}' WHERE id = ${partyOf(number)}`);
    order('DELETE FROM party_hashed');
    order('UPDATE personal_key SET complete = 0');
    await centre.start();
    assertSilent(copied(), [plain.applicant_name, party.id_number]);
    const [content] = textsOf(centre, 'document', 'content', 'code', `WHERE subject = 'case/${number}' AND document_kind = 'receipt'`);
    assert.deepEqual(JSON.parse(content), plain);
    assert.equal(partyOf(await begun(await new Program(centre.address).signIn('cun'))), partyOf(number), 'the same person is the same party');
});

test('without its keys, or with others, a centre does not open and says what to do', async () => {
    assert.equal((await centre.end('SIGTERM')).status, 0);
    const file = `${centre.beside}.personal`;
    const serve = (lang) => spawnSync(program, ['serve', '--database', centre.database, '--listen', '127.0.0.1:0'], { encoding: 'utf8', env: { ...process.env, LANG: lang } });
    renameSync(file, `${file}.aside`);
    assert.match(serve('en_GB.UTF-8').stderr, /with the keys of the personal data is missing.*Put the file back from its backup/);
    assert.match(serve('zh_CN.UTF-8').stderr, /存放个人信息密钥的文件 .* 不在/);
    assert.ok(!existsSync(file), 'nothing is made anew');
    rmSync(file, { force: true });
    renameSync(`${file}.aside`, file);
    await centre.start();
});
