// SPDX-License-Identifier: Apache-2.0
// The orders that Citus would be given, and every way in which tables may not be as it needs them. With Citus itself: citus.test.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { asked, newDatabase, newFolder, program } from './centre.mjs';

const folder = newFolder('distribute');
const database = newDatabase(null, 'distributed');
const run = (...words) => spawnSync(program, ['distribute', ...words], { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });

before(() => execFileSync(program, ['demo', '--database', database, '--files', folder, '--cases', '1'], { stdio: 'ignore' }));

test('every table but the list of migrations is distributed by county, what others point to first', () => {
    const { status, stdout, stderr } = run('--database', database, '--dry-run');
    assert.equal(status, 0, stderr);
    const given = [...stdout.matchAll(/create_distributed_table\('(\w+)', 'county', (\w+) =>/g)];
    const tables = asked(database, "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname = 'public'").trim().split('\n');
    assert.deepEqual(given.map(([, table]) => table).sort(), tables.filter((table) => table !== 'migration').sort());
    assert.deepEqual([...new Set(given.slice(1).map(([, , place]) => place))], ['colocate_with']);
    const at = (table) => given.findIndex((one) => one[1] === table);
    assert.ok(['staff', 'organ', 'division'].every((table) => at(table) < at('post')));
});

test('without Citus it is refused, and a file too', () => {
    const refused = run('--database', database);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /has no Citus/);
    assert.equal(refused.stdout, '');
    const file = join(folder, 'file.db');
    execFileSync(program, ['demo', '--database', file, '--cases', '1'], { stdio: 'ignore' });
    assert.match(run('--database', file, '--dry-run').stderr, /is a file/);
});

const faults = {
    'a table without county': ['CREATE TABLE odd (name TEXT PRIMARY KEY)', 'DROP TABLE odd', /^odd county: .*no county/m],
    'a county that may be null': ['CREATE TABLE odd (county BIGINT)', 'DROP TABLE odd', /^odd county: .*no county/m],
    'no primary key': ['CREATE TABLE odd (county BIGINT NOT NULL)', 'DROP TABLE odd', /^odd PRIMARY KEY:/m],
    'a key across counties': ['CREATE UNIQUE INDEX odd ON staff (account)', 'DROP INDEX odd', /^staff odd: a unique key/m],
    'a pointer across counties': ['ALTER TABLE migration ADD UNIQUE (number, room); CREATE TABLE odd (county BIGINT NOT NULL PRIMARY KEY, number BIGINT, room TEXT, CONSTRAINT far FOREIGN KEY (number, room) REFERENCES migration (number, room))',
        'DROP TABLE odd', /^odd far: a key that points/m],
    'a pointer that sets null': ['CREATE TABLE odd (county BIGINT NOT NULL PRIMARY KEY, staff BIGINT, CONSTRAINT gone FOREIGN KEY (county, staff) REFERENCES staff (county, id) ON DELETE SET NULL)',
        'DROP TABLE odd', /^odd gone: .*to null/m],
    'a constraint that waits': ['ALTER TABLE staff ADD CONSTRAINT later UNIQUE (county, id) DEFERRABLE', 'ALTER TABLE staff DROP CONSTRAINT later', /^staff later: .*deferrable/m],
    'a trigger': ['CREATE TRIGGER odd BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'DROP TRIGGER odd ON staff', /^staff odd: .*no triggers/m],
    'numbers of its own': ['CREATE TABLE odd (county BIGINT NOT NULL, id BIGSERIAL, PRIMARY KEY (county, id))', 'DROP TABLE odd', /^odd odd_id_seq: numbers/m],
};
for (const [name, [spoil, mend, told]] of Object.entries(faults)) {
    test(`${name} is named`, () => {
        asked(database, spoil);
        const { status, stdout, stderr } = run('--database', database, '--dry-run');
        asked(database, mend);
        assert.equal(status, 1, stdout);
        assert.match(stderr, told);
        assert.match(stderr, /faults, each named above/);
        assert.equal(stdout, '', 'nothing is ordered');
    });
}
