// SPDX-License-Identifier: Apache-2.0
// The bulletin of a period: the same figures in every form, each traceable to the cases behind it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Centre, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const published = readFileSync(new URL('../../data/published.csv', import.meta.url), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')[0]);
const wide = { from: '2013-01-01', to: '2100-12-31' }; // whatever today is, all cases lie in it

let centre;
let folder;
before(async () => {
    centre = await Centre.open();
    folder = mkdtempSync(join(tmpdir(), 'pinghu-report-'));
});
after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await centre?.close();
});

function report(options, language = 'zh') {
    const words = Object.entries({ database: centre.database, lang: language, ...wide, ...options }).flatMap(([name, value]) => [`--${name}`, value]);
    const ended = spawnSync(program, ['report', ...words], { maxBuffer: 1 << 26, env: { ...process.env, LANG: 'en' } });
    return { status: ended.status, bytes: ended.stdout, said: ended.stderr.toString() };
}

const text = (options, language) => report(options, language).bytes.toString();
const keys = (options) => JSON.parse(text({ format: 'json', ...options }));

function file(options, name) {
    const output = join(folder, name);
    const { status, said } = report({ ...options, output });
    assert.equal(status, 0, said);
    return output;
}

test('JSON is an object from exactly the published keys to numbers', () => {
    const figures = keys();
    assert.equal(published.length, 69);
    assert.deepEqual(Object.keys(figures), published);
    for (const [key, value] of Object.entries(figures)) assert.ok(value === null || typeof value === 'number', key);
    assert.ok(figures['centre.cases'] > 0 && figures['towns.cases'] > 0);
    assert.equal(figures['powers.after_third_review'], null);
});

test('a percentage is written with the digits it has', () => {
    for (const [, digits] of text({ format: 'json' }).matchAll(/: -?\d+\.(\d+)/g)) assert.ok(digits.length <= 2, digits);
});

test('the text names every figure with its key, and what is not there yet', () => {
    const figures = keys();
    for (const language of ['zh', 'en']) {
        const said = text({ format: 'text' }, language);
        assert.match(said, new RegExp(`${figures['centre.cases']}\\[centre\\.cases\\]`));
        assert.match(said, new RegExp(`${figures['centre.speedup'].toFixed(2)}%\\[centre\\.speedup\\]`));
        assert.match(said, /\[powers\.after_third_review\]/);
    }
    assert.match(text({ format: 'text' }), /一、总体情况\n\n（一）/);
});

test('the PDF is a paper whose notes lead to the annex of keys', () => {
    const figures = keys();
    const said = execFileSync('pdftotext', ['-layout', file({ format: 'pdf' }, 'report.pdf'), '-'], { encoding: 'utf8' });
    assert.match(said, /政务服务简报/);
    const [, value, note] = said.replace(/\s+/g, '').match(/市行政服务中心([\d,]+)\[(\d+)\]件/);
    assert.equal(Number(value.replace(',', '')), figures['centre.cases']);
    assert.match(said, new RegExp(`^ *${note} .*centre\\.cases *$`, 'm'));
});

// The sheets of a workbook: {name: {cell: {formula, value}}}.
function workbook(path) {
    const part = (name) => execFileSync('unzip', ['-p', path, name], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const strings = [...part('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>([^<]*)<\/t><\/si>/g)].map(([, one]) => one);
    const names = [...part('xl/workbook.xml').matchAll(/<sheet name="([^"]+)"/g)].map(([, one]) => one);
    return Object.fromEntries(names.map((name, i) => {
        const xml = part(`xl/worksheets/sheet${i + 1}.xml`);
        const cells = [...xml.matchAll(/<c r="([A-Z]+\d+)"([^>]*?)>(?:<f>([^<]*)<\/f>)?(?:<v>([^<]*)<\/v>)?<\/c>/g)].map(([, at, kind, formula, value]) =>
            [at, { formula, value: kind.includes('t="s"') ? strings[Number(value)] : kind.includes('t="str"') ? value ?? '' : Number(value) }]);
        return [name, { frozen: /<pane [^>]*state="frozen"/.test(xml), cells: Object.fromEntries(cells) }];
    }));
}

// Evaluates the formulas that the program writes: IF(N(x)=0…), ROUND, SUM over one column.
function worth(cells, formula) {
    const value = (at) => cells[at]?.value ?? '';
    const sum = formula.match(/^SUM\(([A-Z]+)(\d+):[A-Z]+(\d+)\)$/);
    if (sum) {
        let all = 0;
        for (let row = Number(sum[2]); row <= Number(sum[3]); row++) all += Number(value(sum[1] + row)) || 0;
        return all;
    }
    const N = (x) => (typeof x === 'number' ? x : 0);
    const ROUND = (x, digits) => Number(`${Math.round(Number(`${x}e${digits}`))}e-${digits}`);
    const plain = formula.replace(/&quot;/g, '"').replace(/\b([A-Z]+\d+)\b/g, (at) => JSON.stringify(value(at)))
        .replace(/=(?=["0])/g, '===').replace(/^IF\(OR\((.*?),(.*?)\),/, 'IF(($1||$2),').replace(/\bIF\((.*),(""),(.*)\)$/, '($1)?$2:$3');
    return new Function('N', 'ROUND', `return ${plain}`)(N, ROUND);
}

test('the workbook has a sheet for each chapter, frozen heads, and formulas that come to what is written beside', () => {
    const sheets = workbook(file({ format: 'xlsx' }, 'report.xlsx'));
    assert.deepEqual(Object.keys(sheets), ['总体情况', '事项', '部门办件', '三级联动', '网上审批', '时限', '满意度', '指标键']);
    let formulas = 0;
    for (const [name, { frozen, cells }] of Object.entries(sheets)) {
        assert.ok(frozen, name);
        for (const [at, { formula, value }] of Object.entries(cells)) {
            if (!formula) continue;
            const made = worth(cells, formula);
            assert.ok(made === value || Math.abs(made - value) < 1e-9, `${name} ${at}: =${formula} is ${made}, not ${value}`);
            formulas++;
        }
    }
    assert.ok(formulas > 100, `${formulas} formulas`);
    const { cells } = sheets['总体情况']; // cases that are open are not compared: the text says "—", and so does the sheet
    for (const at of ['H13', 'L13']) assert.deepEqual(cells[at], { formula: undefined, value: '—' }, at);
});

test('the workbook\'s sheet of keys says what the JSON says', () => {
    const figures = keys();
    const { cells } = workbook(file({ format: 'xlsx' }, 'keys.xlsx'))['指标键'];
    const rows = Object.entries(cells).filter(([at, { value }]) => at.startsWith('F') && value in figures);
    assert.equal(rows.length, 69);
    for (const [at, { value: key }] of rows) {
        const cell = cells[`B${at.slice(1)}`];
        const said = typeof cell?.value !== 'number' ? null : cell.formula || !Number.isInteger(figures[key]) ? Math.round(cell.value * 10000) / 100 : cell.value;
        assert.equal(said, figures[key], key);
    }
});

test('beside the running centre the page says what the verb says', async () => {
    const staff = await new Browser(centre.address).signIn('jian');
    await staff.open(`/figures/report?${new URLSearchParams(wide)}`);
    assert.equal(staff.status, 200, staff.text);
    const figures = keys();
    for (const key of ['centre.cases', 'towns.cases', 'towns', 'items.now.total'])
        assert.equal(Number(staff.page(`p a[data-key="${key}"]`).first().text().replace(/,/g, '')), figures[key], key);
    assert.equal(staff.page('p a[data-key="centre.speedup"]').first().text(), `${figures['centre.speedup'].toFixed(2)}%`);
    assert.equal(staff.page('article p a:not([href])').length, 0, 'each figure of the text leads somewhere');
});

test('a page downloads what the verb writes', async () => {
    const staff = await new Browser(centre.address).signIn('jian');
    await staff.open(`/figures/report?${new URLSearchParams(wide)}`);
    const heads = { PDF: '%PDF', XLSX: 'PK', JSON: '{', HTML: '<!doctype html>', TEXT: '政务' };
    for (const [name, head] of Object.entries(heads)) {
        const link = staff.page('a').filter((_, a) => staff.page(a).text() === name).first().attr('href');
        const answer = await staff.ask(link, { headers: { Accept: '*/*' } });
        assert.equal(answer.status, 200, link);
        assert.match(answer.headers.get('content-disposition'), /^attachment/);
        assert.ok(Buffer.from(await answer.arrayBuffer()).toString().startsWith(head), name);
    }
    assert.equal((await staff.ask(`/figures/report/exe?${new URLSearchParams(wide)}`)).status, 404);
});

test('what a town reports is of that town alone', () => {
    const town = keys({ division: '330482103000' });
    const whole = keys();
    assert.ok(town['towns.cases'] <= whole['towns.cases']);
    assert.equal(town['items.now.total'], null, 'the catalogue is the county\'s');
    assert.match(text({ format: 'text', division: '330482103000' }), /新仓镇政务服务情况/);
});

test('bad days, a period turned round and an unknown division are told in a sentence', () => {
    const told = { 'is not a day': { from: '2014-02-30' }, 'Turn the two round': { from: '2014-10-01', to: '2014-09-30' }, 'no division': { division: '330482999000' } };
    for (const [sentence, options] of Object.entries(told)) {
        const { status, said } = report(options);
        assert.equal(status, 1, sentence);
        assert.match(said, new RegExp(`^pinghu: .*${sentence}`), said);
    }
    const { status, said } = report({ format: 'doc' });
    assert.equal(status, 2);
    assert.match(said, /text, html, pdf, xlsx or json/);
});

test('the page refuses the same, and keeps what was typed', async () => {
    const staff = await new Browser(centre.address, 'en').signIn('jian');
    await staff.open('/figures/report?from=2014-10-01&to=2014-09-30');
    assert.equal(staff.status, 422);
    assert.match(staff.text, /Turn the two round/);
    await staff.open('/figures/report?from=2014-02-30&to=2014-09-30');
    assert.equal(staff.status, 422);
});

test('every list behind a figure is as long as the figure says', async () => {
    const staff = await new Program(centre.address).signIn('jian');
    const { body } = await staff.get(`/figures/report?${new URLSearchParams(wide)}`);
    const figures = body.annex.filter((one) => one.path?.startsWith('/desk/cases?') && !/_days$|speedup(\.awaited)?$|growth$/.test(one.key)); // cases, not days
    const cells = body.chapters.flatMap((one) => one.sections).flatMap((one) => one.grids).flatMap((one) => [...one.rows, one.total])
        .flatMap((one) => one?.cells ?? []).filter((one) => one.path && one.kind === 'count' && !one.key.endsWith('_days'));
    assert.ok(figures.length > 20 && cells.length > 100);
    for (const one of [...figures, ...cells]) {
        const list = await staff.get(one.path);
        assert.equal(list.status, 200, one.path);
        assert.equal(list.body.total, one.top >= 0 ? one.top : one.value, `${one.key} ${one.path}`);
    }
});

test('what was published stands beside what is computed', async () => {
    const anyone = await new Browser(centre.address, 'en').open('/figures/compare');
    assert.equal(anyone.status, 200);
    assert.equal(anyone.page('tbody tr').length, 69);
    assert.match(anyone.page('tbody tr').filter((_, row) => anyone.page(row).text().includes('centre.cases')).text(), /664,548/);
});
