// SPDX-License-Identifier: Apache-2.0
// The file of a closed case goes to the archive: its papers in order, and a package that other programs verify.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, asked, newFolder } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const day = (back) => new Date(Date.now() + 8 * 3600 * 1000 - back * 24 * 3600 * 1000).toISOString().slice(0, 10);
const period = `from=${day(200)}&to=${day(0)}`;

let centre, auditor, number;
before(async () => {
    centre = await Centre.open();
    auditor = await new Browser(centre.address, 'en').signIn('cha');
    number = asked(centre.database, "SELECT number FROM case_now WHERE county = 330482 AND state = 'closed' AND decision = 'granted' ORDER BY number LIMIT 1").trim();
});
after(() => centre.close());

async function unpacked() {
    const answer = await auditor.ask(`/desk/cases/${number}/archive.tar`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/x-tar');
    const folder = newFolder('archive');
    writeFileSync(join(folder, 'package.tar'), Buffer.from(await answer.arrayBuffer()));
    execFileSync('tar', ['-xf', 'package.tar'], { cwd: folder });
    const [inside] = readdirSync(folder).filter((one) => one !== 'package.tar');
    return { name: inside, at: join(folder, inside) };
}

test('the page of a closed case leads to its file, with number, term and papers in order', async () => {
    await auditor.open(`/desk/cases/${number}`);
    await auditor.follow('The file for the archive');
    assert.equal(auditor.status, 200, auditor.text);
    assert.match(auditor.text, /330482-[A-Z]{2}\d{4}-D\d+-\d{3}-\d{12}/);
    const days = auditor.page('table.list tbody tr').toArray().map((row) => auditor.page(row).find('td').first().text());
    assert.deepEqual(days, days.map((_, i) => String(i + 1)));
    const { body } = await new Program(centre.address).get(`/desk/cases/${number}/archive`);
    assert.equal(body.status ?? 401, 401, 'nobody sees it without an account');
});

test('a case that is not closed has no file yet', async () => {
    const open = asked(centre.database, "SELECT number FROM case_now WHERE county = 330482 AND state = 'review' ORDER BY number LIMIT 1").trim();
    for (const path of ['archive', 'archive.tar']) {
        await auditor.open(`/desk/cases/${open}/${path}`);
        assert.equal(auditor.status, 409);
        assert.match(auditor.text, /has not been closed/);
    }
});

test('the list of files to hand over is a file too, and a look at a package is logged', async () => {
    await auditor.open(`/desk/archive?${period}`);
    assert.equal(auditor.status, 200, auditor.text);
    const rows = auditor.page('table.list tbody tr').length;
    assert.ok(rows > 0, auditor.text);
    const csv = await (await auditor.ask(`/desk/archive?${period}&format=csv`)).text();
    assert.equal(csv.trim().split('\r\n').length, rows + 1);
    assert.equal(asked(centre.database, "SELECT COUNT(*) FROM security_entry WHERE county = 330482 AND kind = 'export' AND purpose = 'archive' AND subject = ''").trim(), '1');
    await auditor.open(`/desk/archive?from=${day(0)}&to=${day(1)}`);
    assert.equal(auditor.status, 422);
    assert.match(auditor.text, /The first day lies after the last/);
    await auditor.open(`/desk/archive?from=${day(200)}`);
    assert.equal(auditor.page('form.question input[name=to]').attr('value'), day(0));
    assert.equal(auditor.page('table.list tbody tr').length, rows);
    await auditor.open('/desk/archive?from=2013-01-01&to=2013-01-31');
    assert.match(auditor.text, /No file was closed in this period/);
    await unpacked();
    assert.equal(asked(centre.database, `SELECT COUNT(*) FROM security_entry WHERE county = 330482 AND purpose = 'archive' AND subject = 'case/${number}'`).trim(), '1');
});

// A commitment's salt, as its applicant's receipt has it.
const salt = () => asked(centre.database, `SELECT ${process.env.PINGHU_DATABASE_SERVER ? "encode(salt, 'hex')" : 'hex(salt)'} FROM ledger_salt WHERE county = 330482 AND subject = 'case/${number}'`).trim().toLowerCase();

test('what is the applicant’s alone is in no package: the receipt and the salt', async () => {
    const receipt = asked(centre.database, `SELECT code FROM document WHERE county = 330482 AND subject = 'case/${number}' AND document_kind = 'receipt'`).trim();
    assert.match(receipt, /^\w{16}$/);
    await auditor.open(`/documents/${receipt}`);
    assert.equal(auditor.status, 403, auditor.text);
    const { at } = await unpacked();
    const index = readFileSync(join(at, 'index.csv'), 'utf8');
    assert.ok(index.split('\r\n')[0].includes('材料或文书'), index);
    assert.ok(index.includes('决定书') && !index.includes('回执'), index);
    assert.match(salt(), /^[0-9a-f]{32}$/);
    assert.equal(spawnSync('grep', ['-rqi', salt(), at]).status, 1);
});

test('a package is for those who hand files over', async () => {
    const organ = asked(centre.database, `SELECT organ FROM case_now WHERE county = 330482 AND number = ${number}`).trim();
    assert.ok(organ);
    for (const account of ['shou', 'shen', 'pizhun', 'jian', 'guan']) {
        const other = await new Browser(centre.address, 'en').signIn(account);
        for (const path of [`/desk/cases/${number}/archive`, `/desk/cases/${number}/archive.tar`, `/desk/archive?${period}`])
            assert.equal((await other.ask(path)).status, 403, `${account} ${path}`);
    }
    const head = await new Browser(centre.address, 'en').signIn('zhuren');
    assert.equal((await head.ask(`/desk/cases/${number}/archive.tar`)).status, 200);
});

test('the list is reached by the navigation and asked for by a form', async () => {
    await auditor.open('/desk');
    await auditor.follow('Archive');
    assert.equal(auditor.path, '/desk/archive');
    assert.match(auditor.page('form.question input[name=from]').attr('value'), /^\d{4}-\d\d-01$/);
    await auditor.send('/desk/archive', { from: day(200), to: day(0) });
    assert.ok(auditor.page('table.list tbody tr').length > 0, auditor.text);
});

test('cases that ended without a decision are in the list, by the day of their end', async () => {
    for (const state of ['withdrawn', 'not_accepted', 'not_needed', 'terminated']) {
        const [one] = asked(centre.database, `SELECT number FROM case_now WHERE county = 330482 AND state = '${state}' ORDER BY number LIMIT 1`).trim().split('\n');
        assert.match(one, /^330482\d{12}$/, state);
        const over = Number(asked(centre.database, `SELECT day FROM case_over WHERE county = 330482 AND number = ${one}`));
        const at = new Date(over * 86400000).toISOString().slice(0, 10);
        await auditor.open(`/desk/archive?from=${at}&to=${at}`);
        assert.equal(auditor.page(`table.list a[href="/desk/cases/${one}/archive"]`).length, 1, `${state}: ${auditor.text}`);
    }
});

test('the file number has the letters of the kind of act', async () => {
    const marks = { license: 'XK', approval: 'SP', confirmation: 'QR', payment: 'JF', reward: 'JL', ruling: 'CJ', filing: 'BA', service: 'FW', other: 'QT' };
    await auditor.open(`/desk/archive?${period}`);
    const numbers = auditor.page('table.list tbody th a').toArray().map((a) => auditor.page(a));
    const kinds = numbers.map((a) => {
        const act = asked(centre.database, `SELECT act FROM case_now WHERE county = 330482 AND number = ${a.attr('href').match(/\d+/)[0]}`).trim();
        assert.equal(a.text().slice(7, 9), marks[act || 'license'], `${act} ${a.text()}`);
        return act;
    });
    assert.ok(new Set(kinds).size > 1, kinds.join());
});

test('the package is verified with programs of others, as the documentation says', async () => {
    const { name, at } = await unpacked();
    assert.match(name, /^330482-[A-Z]{2}\d{4}-D\d+-\d{3}-\d{12}$/);
    execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: at });
    const files = readFileSync(join(at, 'index.csv'), 'utf8').trim().split('\r\n').slice(1);
    assert.equal(files.length, readdirSync(join(at, 'papers')).length);
    const script = readFileSync(new URL('../../docs/archive.md', import.meta.url), 'utf8').match(/```python\n([^`]+)```/)[1];
    writeFileSync(join(at, 'verify.py'), script);
    const said = execFileSync('python3', ['verify.py'], { cwd: at, encoding: 'utf8' }).trim().split('\n');
    assert.equal(said.length, readdirSync(join(at, 'events')).length / 2);
    assert.ok(said.every((line) => line.endsWith(' signed')), said.join('\n'));
    writeFileSync(join(at, 'salt.txt'), salt());
    const compared = execFileSync('python3', ['verify.py'], { cwd: at, encoding: 'utf8' }).trim().split('\n');
    assert.deepEqual(compared, said.map((line) => line.replace(' signed', ' sound')));
    const scans = readdirSync(join(at, 'papers')).filter((one) => !readFileSync(join(at, 'papers', one)).includes('%pinghu-seal'));
    for (const scan of scans) {
        const [sum] = execFileSync('sha256sum', [join(at, 'papers', scan)], { encoding: 'utf8' }).split(' ');
        assert.equal(spawnSync('grep', ['-rlq', sum, join(at, 'events')]).status, 0, `${scan} is known to the ledger`);
    }
    const [first] = readdirSync(join(at, 'events')).filter((one) => one.endsWith('.txt'));
    appendFileSync(join(at, 'events', first), 'x');
    assert.equal(spawnSync('python3', ['verify.py'], { cwd: at }).status, 1, 'a text that was changed is told');
});
