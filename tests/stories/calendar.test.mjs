// SPDX-License-Identifier: Apache-2.0
// The State Council moves a holiday while cases are under way: by a page of the running centre, and by the verb.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program, newCode } from './people.mjs';

const holidays = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../data/holidays.csv'), 'utf8');
let centre;
let item;
let clerk;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    clerk = await new Program(centre.address).signIn('cun');
});
after(() => centre.close());

// The year's list with one more holiday, as it would be announced.
function listWith(day, ...more) {
    const known = holidays.split('\n').filter((line) => line.startsWith(day.slice(0, 4)) && !line.startsWith(day));
    return ['date,kind,name', ...known, `${day},holiday,台风`, ...more, ''].join('\n');
}

async function handedIn() {
    const made = await clerk.post(`/desk/apply/${item}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    const { status, body } = await clerk.act(made.body.number, 'submit');
    assert.equal(status, 201, JSON.stringify(body));
    return made.body.number;
}

const dueOf = async (number) => (await clerk.get(`/desk/cases/${number}`)).body.clocks.intake.due_day;
const ask = (sql) => asked(centre.database, sql).trim();
const verify = () => execFileSync(program, ['verify', '--database', centre.database], { encoding: 'utf8' });
const written = (day, language) => {
    const [year, month, of] = day.split('-').map(Number);
    const name = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(day));
    return language === 'zh' ? `${year}年${month}月${of}日` : `${of} ${name} ${year}`;
};

async function upload(browser, rows) {
    await browser.open('/desk/calendar');
    return browser.send('/desk/calendar/preview', {}, [['table', '放假.csv', Buffer.from(rows), 'text/csv']]);
}

test('a new holiday moves the dates of open cases, and everybody can see from when to when', async (t) => {
    const number = await handedIn();
    const was = await dueOf(number);
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    let is;

    await t.test('a list with a fault is told by its line, and changes nothing', async () => {
        await upload(administrator, listWith(was, `${was},workday,twice`));
        assert.equal(administrator.status, 422);
        const line = listWith(was).split('\n').length;
        assert.ok(administrator.text.includes(`Line ${line}`), administrator.text);
        assert.equal(ask('SELECT COUNT(*) FROM calendar_version'), '1');
    });

    await t.test('the administrator sees what would move before it does', async () => {
        await upload(administrator, listWith(was));
        assert.equal(administrator.status, 200, administrator.text);
        assert.match(administrator.text, /[1-9]\d* of \d+ open cases would move/);
        assert.ok(administrator.text.includes('台风'));
        assert.equal(await dueOf(number), was, 'nothing has moved yet');
    });

    await t.test('and takes it over', async () => {
        await administrator.send('/desk/calendar');
        assert.equal(administrator.status, 200, administrator.text);
        assert.equal(administrator.path, '/desk/calendar');
        assert.match(administrator.text, /[1-9]\d* of \d+ open cases moved/);
        is = await dueOf(number);
        assert.ok(is > was, `${is} comes after ${was}`);
        assert.equal(await dueOf(await handedIn()), is, 'who comes next is told the new date at once');
    });

    await t.test('the applicant reads it in words', async () => {
        const code = await newCode(centre, number);
        for (const language of ['zh', 'en']) {
            const applicant = await new Browser(centre.address, language).open('/track');
            await applicant.send('/track', { number, code });
            for (const day of [was, is])
                assert.ok(applicant.text.includes(written(day, language)), `${language} ${day}: ${applicant.text}`);
            assert.ok(applicant.text.includes(language === 'zh' ? '国务院调整了工作日' : 'State Council'), applicant.text);
        }
    });

    await t.test('the same list again changes nothing', async () => {
        await upload(administrator, listWith(was));
        assert.equal(administrator.page('form[action="/desk/calendar"]').length, 0);
        assert.match(administrator.text, /changes nothing/);
    });

    await t.test('a list looked at before another was taken over is refused', async () => {
        const program = await new Program(centre.address).signIn('guan');
        const { status, body } = await program.post('/desk/calendar', { rows: listWith(is), seen: 1 });
        assert.equal(status, 409);
        assert.equal(body.reason, 'cases.calendar_stale');
    });

    await t.test('who does not keep the calendar cannot change it', async () => {
        const { status } = await clerk.post('/desk/calendar', { rows: listWith(is), seen: 2 });
        assert.equal(status, 403);
    });

    await t.test('two versions are compared, on a page and as files', async () => {
        await administrator.open('/desk/calendar');
        await administrator.follow('Compare two versions');
        assert.equal(administrator.status, 200, administrator.text);
        const row = administrator.page(`tr:contains("${was}")`);
        assert.equal(row.find('ins').text(), 'day off, 台风', administrator.text);
        await administrator.send('/difference', { from: 2, to: 2 });
        assert.match(administrator.text, /say the same/);
        await administrator.send('/difference', { from: 1, to: 9 });
        assert.equal(administrator.status, 404);
        assert.match(administrator.text, /no version 9/);
        const csv = await administrator.ask('/desk/calendar/difference?from=1&to=2&format=csv');
        assert.match(csv.headers.get('content-disposition'), /calendar-1-2\.csv/);
        assert.ok((await csv.text()).includes(`"${was}","","day off, 台风"\r\n`));
        const file = join(centre.folder, 'difference.xlsx');
        writeFileSync(file, Buffer.from(await (await administrator.ask('/desk/calendar/difference?format=xlsx')).arrayBuffer()));
        assert.ok(execFileSync('unzip', ['-p', file, 'xl/sharedStrings.xml'], { encoding: 'utf8' }).includes('day off, 台风'));
    });

    await t.test('the events say what was done', () => {
        assert.ok(Number(ask("SELECT COUNT(*) FROM event WHERE kind = 'case.rescheduled'")) > 0);
        assert.equal(ask("SELECT COUNT(*) FROM event WHERE kind = 'calendar.changed'"), '1');
        verify();
    });
});

test('the verb does the same while the centre is closed', async () => {
    const number = await handedIn();
    const was = await dueOf(number);
    const file = join(centre.folder, 'holidays.csv');
    const list = ask('SELECT rows FROM calendar_version ORDER BY version DESC LIMIT 1');
    writeFileSync(file, `${list}\n${was},holiday,台风\n`);
    assert.equal((await centre.end('SIGTERM')).status, 0);
    execFileSync(program, ['import', 'calendar', file, '--database', centre.database]);
    await centre.start();
    clerk = await new Program(centre.address).signIn('cun');
    assert.ok(await dueOf(number) > was);
    assert.equal(ask("SELECT COUNT(*) FROM event WHERE kind = 'calendar.changed'"), '2');
    verify();
});

test('a list may come in force on a later day: until then limits stay, and everybody is told so', async () => {
    const number = await handedIn();
    const was = await dueOf(number);
    const tomorrow = new Date(Date.now() + 32 * 3600 * 1000).toISOString().slice(0, 10); // in the county
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    const upload = async (since) => {
        await administrator.open('/desk/calendar');
        await administrator.send('/desk/calendar/preview', { since }, [['table', '放假.csv', Buffer.from(listWith(was)), 'text/csv']]);
    };
    await upload('2014-01-01');
    assert.equal(administrator.status, 422);
    assert.match(administrator.text, /cannot come into force on a day that has passed/);
    assert.match(administrator.text, /What you typed is still here/);
    assert.equal(administrator.page('[name="_file"]').length, 1, 'the list that was sent is kept');
    await upload(tomorrow);
    assert.equal(administrator.status, 200, administrator.text);
    assert.match(administrator.text, /[1-9]\d* of \d+ open cases would move, if they are still open on /);
    assert.ok(administrator.text.includes(`Until ${written(tomorrow, 'en')} the present calendar holds`), administrator.text);
    await administrator.send('/desk/calendar');
    assert.equal(administrator.status, 200, administrator.text);
    assert.ok(administrator.text.includes(`in force from ${written(tomorrow, 'en')}`), administrator.text);
    assert.match(administrator.text, /On that day the limits of open cases are computed anew/);
    const onDay = async (day) => (await clerk.get(`/desk/calendar?on=${day}`)).body.on_version;
    assert.equal(await onDay(tomorrow), await onDay(new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10)) + 1);
    await administrator.open(`/desk/calendar?on=${tomorrow}`);
    assert.ok(administrator.text.includes(`On ${written(tomorrow, 'en')} version ${await onDay(tomorrow)} is in force`), administrator.text);
    assert.equal(await dueOf(number), was);
    assert.equal(ask("SELECT COUNT(*) FROM event WHERE kind = 'calendar.announced'"), '1');
    const announced = await onDay(tomorrow);
    const machine = await new Program(centre.address).signIn('guan');
    assert.equal((await machine.post('/desk/calendar', { rows: listWith(was), seen: announced })).status, 201); // from today, and not told from where
    assert.notEqual(await dueOf(number), was);
    await administrator.open('/desk/calendar');
    assert.match(administrator.text, new RegExp(`Version ${announced + 1} · in force in force from [^·]+ · imported [^·]+\\d ·`));
    assert.match(administrator.text, new RegExp(`Version ${announced} · replaced before it came into force`));
    assert.equal((await machine.post('/desk/calendar', { rows: listWith(tomorrow), since: tomorrow, seen: announced + 1 })).status, 201);
    await upload(''); // the table in force
    assert.match(administrator.text, new RegExp(`What is announced for a later day, up to version ${announced + 2}, will then not come into force`));
    verify();
});
