// SPDX-License-Identifier: Apache-2.0
// A centre's old records are loaded; people go on where they ended. What is wrong with a file is named, what interrupts
// the loading leaves nothing twice.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const docs = join(dirname(fileURLToPath(import.meta.url)), '../../docs');
const head = 'number,step,at,item,kind,name,id_number,place,opinion\n';

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    await centre.end('SIGTERM');
});
after(async () => {
    await centre.start();
    await centre.close();
});

const words = (options) => ['load', '--database', centre.database, ...options];
const load = (file, { options = [], language = 'zh_CN.UTF-8' } = {}) =>
    spawnSync(program, words([file, ...options]), { encoding: 'utf8', env: { ...process.env, LANG: language } });
const verify = () => execFileSync(program, ['verify', '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const cases = () => {
    verify(); // what is counted is what the ledger says
    return Number(asked(centre.database, 'SELECT COUNT(*) FROM case_now'));
};
const loaded = () => Number(asked(centre.database, 'SELECT COUNT(*) FROM load_case'));

function file(name, text) {
    const path = join(centre.folder, name);
    writeFileSync(path, text);
    return path;
}

// A case of the item the story is told of, as far as it went in the old system.
const open = (number, steps = 4) => [
    `${number},收件,2014-06-03 09:10,${item},个人,何桂强,330499199407211004,330482103200,`,
    `${number},初审,2014-06-04,,,,,,情况属实`, `${number},受理,2014-06-05,,,,,,`, `${number},审查,2014-06-09,,,,,,同意`,
].slice(0, steps).map((row) => `${row}\n`).join('');

test('the sample is looked at, loaded and counted, in the language of the asker', () => {
    const before = cases();
    for (const [language, fine] of [['zh_CN.UTF-8', /3 件、20 步都没有错误/], ['en_GB.UTF-8', /3 cases with 20 steps have no faults/]]) {
        const { status, stdout, stderr } = load(join(docs, 'load-sample.csv'), { options: ['--check'], language });
        assert.equal(status, 0, stderr);
        assert.match(stderr, fine);
        assert.equal(stdout, '');
    }
    assert.equal(cases(), before, 'looking changes nothing');
    const { status, stdout, stderr } = load(join(docs, 'load-sample.csv'));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /已迁入 3 件、20 步/);
    assert.match(stdout, /^before,number,code\n2014-发改-0017,330482140303\d{6},\n2014-户-0231,330482140506\d{6},[0-9A-Z-]{13}\n2014-水-0005,330482140603\d{6},\n$/);
    assert.equal(cases(), before + 3, 'and the ledger says so, with all counters');
});

test('the same file again is refused, and so is one of its cases in another file', () => {
    const before = cases();
    const again = load(join(docs, 'load-sample.csv'));
    assert.equal(again.status, 1);
    assert.match(again.stderr, /已经全部迁入过（3 件）/);
    assert.equal(again.stdout.split('\n').length, 5, 'the numbers are told again');
    const sample = readFileSync(join(docs, 'load-sample.csv'), 'utf8');
    const other = load(file('other.csv', sample.replace('办结,2014-03-25', '办结,2014-03-27').replace(/^.*评价.*\n/m, '')), { language: 'en_GB.UTF-8' });
    assert.equal(other.status, 1);
    assert.match(other.stderr, /line 2, number: This number was loaded on .* from load-sample\.csv and is now case 330482 140303 \d{6}/);
    assert.equal(cases(), before);
});

test('a case that was open goes on at the desk where it waits', async () => {
    const { stdout, stderr } = load(file('open.csv', head + open('旧-7')));
    const [, number, code] = stdout.match(/旧-7,(\d{18}),([0-9A-Z-]{13})/) ?? assert.fail(stderr);
    await centre.start();
    const approver = await new Program(centre.address).signIn('pizhun');
    const { materials } = (await approver.get(`/desk/cases/${number}`)).body;
    const granted = await approver.act(number, 'grant', { opinion: '准予', materials: materials.filter(({ required }) => required).map(({ name }) => name) });
    assert.equal(granted.status, 201, JSON.stringify(granted.body));
    const page = await new Browser(centre.address, 'zh').signIn('pizhun');
    await page.open(`/desk/cases/${number}`);
    assert.match(page.text, /原编号 旧-7，迁入自 open\.csv/);
    assert.match(page.text, /原系统的记录/);
    const { body } = await approver.get(`/desk/cases/${number}`);
    assert.equal(body.state, 'granted');
    assert.equal(body.documents.length, 1, 'the decision made here, and none for what the old system did');
    assert.ok(body.history.some(({ event }) => event === 'overdue'), 'the limit that ran out in the old system');
    const applicant = await new Browser(centre.address, 'en').open('/track');
    await applicant.send('/track', { number, code });
    assert.match(applicant.text, /Formerly 旧-7/, 'the code leads the applicant to it');
    const beside = load(join(docs, 'load-sample.csv'), { language: 'en_GB.UTF-8' });
    assert.equal(beside.status, 1, 'not while the centre is open');
    assert.match(beside.stderr, /Another program is using the database/);
    await centre.end('SIGTERM');
    verify();
});

test('a file that was cut is named, and the good rest is loaded when asked', () => {
    const before = cases();
    const cut = file('cut.csv', (head + open('C-1') + open('C-2')).slice(0, -20));
    const { status, stdout, stderr } = load(cut);
    assert.equal(status, 1);
    assert.match(stderr, /文件在第 9 行中断/);
    assert.equal(stdout, '');
    assert.equal(cases(), before, 'nothing is loaded');
    const rest = load(cut, { options: ['--rest'] });
    assert.equal(rest.status, 1);
    assert.match(rest.stderr, /其余 1 件已迁入/);
    assert.match(rest.stdout, /^before,number,code\nC-1,\d{18},[0-9A-Z-]{13}\n$/);
    assert.equal(cases(), before + 1);
});

test('what breaks the order of the law is told with its line, as a sentence', () => {
    const { status, stderr } = load(file('order.csv', `${head}${open('O-1')}${open('O-2', 1)}O-2,准予,2014-06-06,,,,,,准予\n`));
    assert.equal(status, 1);
    assert.match(stderr, /^第 7 行“step”：此时办件为“已收件”，等待“初审”，不能“准予”/m);
    assert.match(stderr, /共 1 处错误，已逐行列出，1 件不能迁入。一件也没有迁入/);
    assert.doesNotMatch(stderr, /\{\{|load\./);
});

test('old licences stand in the register under both numbers, and are loaded once', async () => {
    for (const [language, fine] of [['zh_CN.UTF-8', /3 份证照都没有错误/], ['en_GB.UTF-8', /3 licences have no faults/]])
        assert.match(load(join(docs, 'load-licences.csv'), { options: ['--licences', '--check'], language }).stderr, fine);
    const { status, stdout, stderr } = load(join(docs, 'load-licences.csv'), { options: ['--licences'] });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /已迁入证照 3 份/);
    const [, number] = stdout.match(/^before,number\n(?:.+\n)*?浙平卫公字2011-0042,(330482110512\d{6})\n/) ?? assert.fail(stdout);
    assert.match(load(join(docs, 'load-licences.csv'), { options: ['--licences'] }).stderr, /已经全部迁入过（3 件）/);
    const wrong = load(file('wrong.csv', 'number,item,kind,name,id_number,issued,valid_to\nX-1,WJJ-01,个人,何桂强,330499199407211004,2014-13-01,\n'),
        { options: ['--licences'], language: 'en_GB.UTF-8' });
    assert.match(wrong.stderr, /^line 2, issued: “2014-13-01” is no day/m);
    assert.match(wrong.stderr, /^pinghu: 1 fault was named by line \(left out: 1\)\. Nothing was loaded\. Please correct it and run this again\.$/m);
    const coming = file('coming.csv', 'number,item,kind,name,id_number,issued,valid_from,valid_to\n将-1,WJJ-01,个人,何桂强,330499199407211004,2014-03-01,2199-01-01,2199-12-31\n');
    assert.equal(load(coming, { options: ['--licences'] }).status, 0);
    verify();
    await centre.start();
    const anyone = await new Browser(centre.address, 'zh').open('/');
    await anyone.open(`/licences?q=${encodeURIComponent('将-1')}`);
    assert.ok(anyone.page('table.list tbody tr').text().includes('尚未生效'), anyone.text);
    await anyone.open('/licences?item=NOPE');
    assert.equal(anyone.status, 422);
    assert.ok(anyone.text.includes('事项库里没有这个编号'), anyone.text);
    await anyone.open('/');
    await anyone.open(anyone.page('ul.doors a[href="/licences"]').attr('href'));
    await anyone.open(`/licences?q=${encodeURIComponent('浙平卫公字2011')}`);
    const grouped = number.match(/\d{6}/g).join(' ');
    assert.ok(anyone.text.includes(grouped), anyone.text);
    assert.match(await (await fetch(`${centre.address}/licences?format=csv`)).text(), /浙平卫公字2011-0042/);
    await anyone.open(anyone.page('table.list tbody a').attr('href'));
    assert.ok(anyone.text.includes('浙平卫公字2011-0042') && anyone.text.includes('公共场所卫生许可证'), anyone.text);
    const clerk = await new Browser(centre.address, 'en').signIn('guan');
    await clerk.open(`/desk/licences/${number}`);
    assert.match(clerk.text, /Formerly 浙平卫公字2011-0042/);
    await centre.end('SIGTERM');
});

const MANY = 600;
test('killed again and again, it goes on where it stopped', { timeout: 240000 }, async () => {
    const before = cases(), there = loaded();
    const many = file('many.csv', head + Array.from({ length: MANY }, (_, i) => open(`M-${i}`)).join(''));
    let kills = 0;
    // A kill may come when the last case is in and its program has not said so: then nothing is left to load.
    while (loaded() < there + MANY) {
        const known = loaded();
        const child = spawn(program, words([many]), { stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (chunk) => { said += chunk; });
        const ended = new Promise((done) => { child.once('exit', done); });
        let over = false;
        ended.then(() => { over = true; });
        while (!over && (kills === 3 || loaded() === known)) await new Promise((go) => { setImmediate(go); });
        if (!over) {
            child.kill('SIGKILL');
            kills++;
        }
        const status = await ended;
        assert.ok(status === 0 || status === null, `ended with ${status}: ${said}`);
        verify();
    }
    assert.ok(kills > 0, 'it was killed while it loaded');
    assert.equal(loaded(), there + MANY);
    assert.equal(cases(), before + MANY, 'each was loaded once');
});
