// SPDX-License-Identifier: Apache-2.0
// Another program's hand in the database: what can be made again is, at the next start; the rest is named by verify.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync, execFileSync } from 'node:child_process';
import { Centre, program } from './centre.mjs';

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
