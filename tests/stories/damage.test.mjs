// SPDX-License-Identifier: Apache-2.0
// Another program's hand in the database: what can be made again is, at the next start; the rest is named by verify.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync, execFileSync } from 'node:child_process';
import { Centre, asked, backUp, program, restore } from './centre.mjs';
import { opened, sealed } from './sealed.mjs';

const verify = (database) => spawnSync(program, ['verify', '--database', database], { encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8' } });
const sqlite = (database, sql) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', '-cmd', '.dbconfig enable_trigger off', database, sql], { encoding: 'utf8' });
const fetched = async (centre, path) => {
    const answer = await fetch(`${centre.address}/ledger/330482/${path}`);
    assert.equal(answer.status, 200, path);
    return Buffer.from(await answer.arrayBuffer());
};

test('tiles that were lost are made again at the start', async () => {
    const centre = await Centre.open();
    const size = Number((await fetched(centre, 'checkpoint')).toString().split('\n')[1]);
    const whole = Math.floor(size / 256);
    assert.ok(whole >= 2, `${size} events`);
    const paths = ['checkpoint', 'tile/0/000', 'tile/0/001', `tile/1/000.p/${whole}`];
    const before = await Promise.all(paths.map((path) => fetched(centre, path)));
    await centre.end('SIGTERM');
    sqlite(centre.database, 'DELETE FROM ledger_node; DELETE FROM ledger_edge');
    assert.equal(verify(centre.database).status, 1);
    await centre.start();
    assert.match(centre.log, new RegExp(`tree was not whole: ${whole} nodes and the edge were made again of \\d+ events`));
    assert.deepEqual(await Promise.all(paths.map((path) => fetched(centre, path))), before);
    assert.equal(verify(centre.database).status, 0);
    await centre.close();
});

test('verify names what another program altered', async () => {
    const centre = await Centre.open();
    sqlite(centre.database, 'UPDATE staff SET changed_at = changed_at + 1 WHERE id = 5; DELETE FROM document WHERE code = (SELECT min(code) FROM document)');
    const { status, stdout, stderr } = verify(centre.database);
    assert.equal(status, 1);
    assert.match(stdout, /^staff county 330482: its rows do not make the sum that was kept/m);
    assert.match(stdout, /^document county 330482: its number of rows \(now \/ as kept: \d+ \/ \d+\) is not what was kept/m);
    assert.equal(stdout.trim().split('\n').length, 2, stdout);
    assert.match(stderr, /2 differences were found/);
    await centre.close();
});

// Even somebody who has the keys: the name on a decision, its reason, the number of the identity paper, and a licence for another person.
test('verify names a document that does not say what its case was', async () => {
    const centre = await Centre.open();
    await centre.end('SIGTERM');
    const backup = backUp(centre.database);
    for (const [kind, fact, value] of [['decision', 'applicant_name', '李四冒名'], ['refusal', 'reason', '另一个理由'], ['receipt', 'id_masked', '330499********9999'],
        ['acceptance', 'accepted_day', '2014-01-02'], ['licence', 'applicant_name', '李四冒名']]) {
        const [code, text] = asked(centre.database, `SELECT code, content FROM document WHERE document_kind = '${kind}' ORDER BY code LIMIT 1`).trim().split('|');
        const content = JSON.parse(opened(centre.beside, 330482, 'document.content', code, text));
        assert.ok(content[fact] && content[fact] !== value, `${kind} ${JSON.stringify(content)}`);
        const altered = sealed(centre.beside, 330482, 'document.content', code, JSON.stringify({ ...content, [fact]: value }));
        sqlite(centre.database, `UPDATE document SET content = '${altered}' WHERE code = '${code}'`);
        const { status, stdout } = verify(centre.database);
        assert.equal(status, 1);
        assert.match(stdout, new RegExp(`^document ${code}: does not say what the (case|licence) was when it was written: ${fact}\\.$`, 'm'));
        assert.equal(stdout.match(/^document \w{16}: /gm).length, 1, stdout);
        restore(centre.database, backup);
    }
    const code = asked(centre.database, 'SELECT max(code) FROM document').trim();
    sqlite(centre.database, `UPDATE document SET content = '~1~' || substr(content, 5, 60) WHERE code = '${code}'`);
    assert.match(verify(centre.database).stdout, new RegExp(`^document ${code}: does not say what the (case|licence) was when it was written\\.$`, 'm'));
    restore(centre.database, backup);
    assert.equal(verify(centre.database).status, 0);
    await centre.start();
    await centre.close();
});

// The lines of verify about the security log, once another hand has run these statements.
function foundAfter(database, sql) {
    sqlite(database, sql);
    const { status, stdout } = verify(database);
    assert.equal(status, 1);
    return stdout.split('\n').filter((line) => /^security_\w+ \d/.test(line));
}

test('verify names what was done to the security log', async () => {
    const centre = await Centre.open();
    await centre.end('SIGTERM');
    sqlite(centre.database, "UPDATE timer SET at = 1, next_try = 1 WHERE kind = 'security.daily'"); // the day is over
    await centre.start();
    while (asked(centre.database, "SELECT COUNT(*) FROM event WHERE kind = 'security.head'").trim() !== '1') await new Promise((done) => setTimeout(done, 50));
    await centre.end('SIGTERM');
    const backup = backUp(centre.database);
    const [last, sealed] = asked(centre.database, "SELECT number, (SELECT payload FROM event WHERE kind = 'security.head') FROM security_log").split('|');
    const { count } = JSON.parse(sealed);
    assert.ok(count > 3 && Number(last) > count, `${count} of ${last} entries are sealed`);
    for (const [sql, found] of [
        ["UPDATE security_entry SET purpose = 'stop' WHERE number = 2", /^security_entry 2: .*is not what was recorded/],
        ['DELETE FROM security_entry WHERE number = 2', /^security_entry 2: .*is missing/],
        [`DELETE FROM security_entry WHERE number = ${last}`, new RegExp(`^security_entry ${last}: .*newest entries were removed`)],
        [`DELETE FROM security_entry WHERE number > 1; UPDATE security_log SET number = 1, hash = (SELECT hash FROM security_entry WHERE number = 1)`,
            new RegExp(`^security_entry ${count}: .*was shortened`)],
    ]) {
        const lines = foundAfter(centre.database, sql);
        assert.equal(lines.length, 1, lines.join('\n'));
        assert.match(lines[0], found);
        restore(centre.database, backup);
    }
    await centre.start();
    await centre.close();
});
