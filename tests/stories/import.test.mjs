// SPDX-License-Identifier: Apache-2.0
// Tables as offices save them: with a byte-order mark, in GBK, with faults. All of a table or nothing.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asked, newDatabase, newFolder, openCounty, program } from './centre.mjs';

const data = join(dirname(fileURLToPath(import.meta.url)), '../../data');
const items = readFileSync(join(data, 'items.csv'), 'utf8');
let folder;
let database;

before(() => {
    folder = newFolder('import');
    database = newDatabase(folder, 'county');
    openCounty(database);
    for (const kind of ['divisions', 'organs']) assert.equal(taken(kind, join(data, `${kind}.csv`)).status, 0);
});

function taken(kind, file) {
    const { status, stderr } = spawnSync(program, ['import', kind, file, '--database', database], { encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8' } });
    return { status, stderr };
}

function takenBytes(bytes) {
    const file = join(folder, 'table.csv');
    writeFileSync(file, bytes);
    return taken('items', file);
}

const count = () => Number(asked(database, 'SELECT COUNT(*) FROM item'));
const inGbk = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text });

// The table with one cell changed: `line` as an editor counts them (no cell of ours has a line end in it).
function spoilt(line, from, to) {
    const lines = items.split('\n');
    assert.ok(lines[line - 1].includes(from), `line ${line} holds ${from}`);
    lines[line - 1] = lines[line - 1].replace(from, to);
    return lines.join('\n');
}

// Whether there is nothing of ours: no file, or on a server no table in the database that its administrator made.
const isUntouched = (place) => (process.env.PINGHU_DATABASE_SERVER
    ? asked(place, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").trim() === '0' : !existsSync(place));

test('nothing but pinghu init makes a database or a county', () => {
    const none = newDatabase(folder, 'none');
    for (const words of [['serve', '--listen', '127.0.0.1:0'], ['import', 'organs', join(data, 'organs.csv')], ['load', join(data, 'items.csv')]]) {
        const { status, stderr } = spawnSync(program, [...words, '--database', none], { encoding: 'utf8', env: { ...process.env, LANG: 'en' } });
        assert.equal(status, 1, stderr);
        assert.match(stderr, /pinghu init/);
        assert.ok(isUntouched(none), words[0]);
        const other = spawnSync(program, [...words, '--database', database, '--county', '330481'], { encoding: 'utf8', env: { ...process.env, LANG: 'en' } });
        assert.equal(other.status, 1, other.stderr);
        assert.match(other.stderr, /no county 330481.*pinghu init/);
    }
    const again = spawnSync(program, ['init', '--database', database, '--county', '330482', '--name', '平湖市', '--name-en', 'Pinghu'], { encoding: 'utf8', env: { ...process.env, LANG: 'en' } });
    assert.equal(again.status, 1);
    assert.match(again.stderr, /opened already/);
});

const init = (words, env = {}) => spawnSync(program, ['init', '--database', database, '--name', '海宁市', '--name-en', 'Haining', ...words], { encoding: 'utf8', env: { ...process.env, ...env } });

test('a county is opened under its own code, with its files in a folder that need not be there', () => {
    const nameless = init([]);
    assert.equal(nameless.status, 2, nameless.stderr);
    assert.match(nameless.stderr, /--county is missing/);
    const files = join(folder, 'haining', 'files');
    const opened = init(['--county', '330481', '--files', files]);
    assert.equal(opened.status, 0, opened.stderr);
    assert.ok(existsSync(files) && readdirSync(files).some((name) => name.endsWith('.key')));
    assert.equal(asked(database, 'SELECT COUNT(*) FROM member WHERE county = 330481').trim(), '3');
    assert.match(opened.stdout, new RegExp(`serve --county 330481 --database ${database.replace(/[?.+]/g, '\\$&')} --files ${files}`), 'what is to be done next can be done so');
    const elsewhere = join(folder, 'elsewhere');
    assert.equal(init(['--county', '330481', '--files', elsewhere]).status, 1);
    assert.ok(!existsSync(elsewhere), 'a refusal makes nothing');
    if (!process.env.PINGHU_DATABASE_SERVER) {
        const lost = spawnSync(program, ['init', '--county', '330483', '--database', join(folder, 'no', 'such.db'), '--name', '海宁市', '--name-en', 'Haining'], { encoding: 'utf8' });
        assert.equal(lost.status, 1);
        assert.ok(!existsSync(join(folder, 'no')));
    }
    const inTheWay = init(['--county', '330400', '--files', files]);
    assert.match(inTheWay.stderr, /330400/, 'a city is no county');
    const barred = init(['--county', '330483', '--files', join(data, 'items.csv', 'files')], { LANG: 'en' });
    assert.equal(barred.status, 1);
    assert.match(barred.stderr, /cannot be made/);
});

test('help shows Chinese in every locale', () => {
    const { stdout } = init(['--help'], { LC_ALL: 'C', LANG: 'C' });
    assert.match(stdout, /平湖市/);
    assert.doesNotMatch(stdout, /\?\?/);
});

test('faults are told by line and column, and nothing is imported', () => {
    for (const [bytes, ...told] of [
        [spoilt(2, ',working,', ',years,'), 'line 2', 'statutory_unit', 'years'],
        [spoilt(32, ',working,', ',fortnights,'), 'line 32', 'statutory_unit'],
        [items.replace('name_en', 'name_fr'), 'name_fr'],
        [items.split('\n').slice(1).join('\n'), 'code'],
        [Buffer.from('\x00\x01\x02'), '文件'],
        ['', '表'],
    ]) {
        const { status, stderr } = takenBytes(bytes);
        assert.equal(status, 1, stderr);
        assert.match(stderr, /[一-鿿]{4}/, 'a sentence in Chinese');
        for (const word of told.slice(0, -1)) assert.ok(stderr.includes(word), `${word}: ${stderr}`);
        assert.equal(count(), 0, 'nothing is imported');
    }
});

test('two faults of a table are both told', () => {
    const lines = spoilt(2, ',working,', ',years,').split('\n');
    lines[3] = lines[3].replace(',working,', ',weeks,');
    const { stderr } = takenBytes(lines.join('\n'));
    assert.ok(stderr.includes('line 2') && stderr.includes('line 4'), stderr);
});

test('GBK and a byte-order mark are read as what they are, and the same table twice changes nothing', () => {
    assert.equal(takenBytes(inGbk(items)).status, 0);
    assert.equal(count(), 91);
    assert.equal(takenBytes(`\ufeff${items}`).status, 0);
    assert.equal(count(), 91, 'it is the same table in another dress');
    const name = asked(database, 'SELECT COUNT(*) FROM item WHERE name LIKE \'%许可%\'');
    assert.ok(Number(name) > 10, 'the characters came through');
});
