// SPDX-License-Identifier: Apache-2.0
// Somebody asks when a limit ends: by the calendar that the program carries, and by that of his county.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, program } from './centre.mjs';

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

const due = (...words) => spawnSync(program, ['due', ...words], { encoding: 'utf8', env: { ...process.env, LANG: 'C' } });

function ends(day, ...words) {
    const { status, stdout, stderr } = due(...words);
    assert.equal(status, 0, stderr);
    assert.equal(stdout.split('\n')[0], day, stdout);
    return stdout + stderr;
}

test('the day a limit ends on, with the days that did and did not count', () => {
    const explained = ends('2014-10-09', '2014-09-26', '5');
    assert.match(explained, /not counted: 1 October 2014.* to 7 October 2014.*国庆节/);
    assert.match(explained, /counted: 28 September 2014.*worked in exchange \(国庆节\)/);
    assert.match(ends('2014-10-08', '2014-09-24', '7', '--unit', 'calendar'), /Its last day, 1 October 2014.*rest day \(国庆节\)/);
    assert.match(ends('2015-02-28', '2014-11-29', '3', '--unit', 'months'), /3 months/);
    assert.match(ends('2014-09-03', '2014-09-03', '0'), /the same day: done on 3 September 2014/);
    assert.match(ends('2014-10-09', '2014-09-26', '5', '--lang', 'zh'), /不计入.*国庆节[^]*计入：.*调休上班/);
});

test('each wrong word has a sentence of its own, and nothing is guessed', () => {
    const wrong = [
        [['2014-09-26'], /Give two things/], [['2014-09-26', '5', '6'], /Give two things/], [['2014-9-26', '5'], /“2014-9-26” is not a day/],
        [['2014-09-26', 'x'], /“x” is not a limit. Give a whole number from 0 to 10000/], [['2014-09-26', '10001'], /is not a limit/],
        [['2014-09-26', '481', '--unit', 'months'], /from 0 to 480/], [['2014-09-26', '5', '--unit', 'weeks'], /“weeks” is not a unit/],
        [['2014-09-26', '5', '--lang', 'fr'], /“fr” is not a language/], [['2012-12-31', '5'], /No holidays are known before 1 January 2013/],
        [['2199-01-01', '5'], /at the latest/],
    ];
    for (const [words, sentence] of wrong) {
        const { status, stdout, stderr } = due(...words);
        assert.equal(status, 2, words.join(' '));
        assert.equal(stdout, '', words.join(' '));
        assert.match(stderr, sentence, words.join(' '));
    }
    const { status, stderr } = due('2014-09-26', '5', '--database', join(centre.folder, 'none.db'));
    assert.equal(status, 1);
    assert.match(stderr, /none\.db/);
});

test('a year that is not announced has the holidays of the regulation, and its days are provisional', () => {
    const explained = ends('2029-10-09', '2029-09-27', '5');
    assert.match(explained, /provisional/);
    assert.match(explained, /国庆节/);
});

test('by the calendar of the county', async () => {
    await centre.end('SIGTERM');
    const table = join(centre.folder, '2014.csv');
    writeFileSync(table, 'date,kind,name\n2014-10-08,holiday,台风\n');
    const taken = spawnSync(program, ['import', 'calendar', table, '--database', centre.database], { encoding: 'utf8' });
    assert.equal(taken.status, 0, taken.stderr);
    assert.match(ends('2014-10-02', '2014-09-24', '6', '--database', centre.database), /not counted/);
    ends('2014-10-08', '2014-09-24', '6');
    await centre.start();
});
