// SPDX-License-Identifier: Apache-2.0
// Messages reach people: each once, on their pages at once, by mail or by the web hook where the centre has a way out;
// and what the administrator sees and does when it does not arrive.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Centre, asked, program } from './centre.mjs';
import { Browser, Program, newCode } from './people.mjs';
import { Hook, Smtp } from './post.mjs';

let smtp;
let hook;
let centre;
let item;
before(async () => {
    [smtp, hook] = [await Smtp.open(), await Hook.open()];
    Object.assign(process.env, hook.env);
    centre = await Centre.open({ options: ['--smtp', smtp.address, '--mail-from', 'centre@pinghu.example', '--web-hook', hook.address, '--public-url', 'http://127.0.0.1:8080'] });
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(async () => {
    await centre?.close();
    await Promise.all([smtp?.close(), hook?.close()]);
});

const person = (account) => new Program(centre.address, 'en').signIn(account);
const stateOf = (id) => asked(centre.database, `SELECT state FROM message WHERE county = 330482 AND id = ${id}`).trim();
const rows = (where) => asked(centre.database, `SELECT id FROM message WHERE county = 330482 AND ${where} ORDER BY id`).trim().split('\n').filter(Boolean);
const unread = (browser) => browser.page('nav.tools .count').text().trim();

async function until(fact) {
    for (const limit = Date.now() + 30_000; Date.now() < limit; await new Promise((done) => { setImmediate(done); }))
        if (await fact()) return;
    throw new Error(`it never happened: ${fact}\n${centre.log}`);
}

// A case of which papers are missing: its number, and the names of those asked for.
async function lacking() {
    const [cun, shen] = [await person('cun'), await person('zhen')];
    const { body } = await cun.post(`/desk/apply/${item}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    const seen = await cun.get(`/desk/cases/${body.number}`);
    const materials = seen.body.materials.map(({ name }) => name);
    await cun.act(body.number, 'submit', { materials });
    const answer = await shen.act(body.number, 'correct', { materials: materials.slice(0, 1), reason: '不清楚' });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return { number: body.number, materials };
}

async function holderOf({ number }, language = 'en') {
    const visitor = new Browser(centre.address, language);
    await visitor.open('/track');
    return visitor.send('/track', { number, code: await newCode(centre, number) });
}

test('an applicant whose papers are missing is told once: on his page, and by the web hook', async () => {
    const one = await lacking();
    await until(() => hook.calls.some(({ to }) => to === `holder/${one.number}`));
    const [call, ...more] = hook.calls.filter(({ to }) => to === `holder/${one.number}`);
    assert.equal(more.length, 0);
    assert.deepEqual(hook.faults, [], 'what is posted is signed');
    assert.equal(call.telephone, '13800000000');
    assert.equal(call.link, `http://127.0.0.1:8080/track/${one.number}`);
    assert.ok(call.text.includes(one.materials[0]) && call.language === 'zh', call.text);
    const [id, ...others] = rows(`recipient = 'holder/${one.number}'`);
    assert.equal(others.length, 0, 'one row for one message');
    assert.match(call.key, new RegExp(`^330482\\.${id}\\.\\d+$`));
    await until(() => stateOf(id) === 'sent');

    const applicant = await holderOf(one);
    assert.equal(unread(applicant), '1 unread');
    await applicant.follow('Messages');
    assert.equal(applicant.heading, 'Messages');
    assert.ok(applicant.text.includes(one.materials[0]), applicant.text);
    await applicant.send('/open');
    assert.equal(applicant.path, `/track/${one.number}`);
    assert.equal(unread(applicant), '');
});

test('who holds one case sees no message of another, nor opens it', async () => {
    const [mine, other] = [await lacking(), await lacking()];
    const [id] = rows(`recipient = 'holder/${other.number}'`);
    const applicant = await holderOf(mine, 'zh');
    await applicant.open('/messages');
    assert.equal(applicant.page('ul.messages li').length, 1);
    applicant.page('form').filter((_, form) => applicant.page(form).attr('action')?.endsWith('/open')).attr('action', `/messages/${id}/open`);
    await applicant.send(`/messages/${id}/open`);
    assert.equal(applicant.status, 404);
    assert.ok(applicant.text.includes('没有给您的这条消息'), applicant.text);
});

test('a desk whose papers have come has a message, and by mail who wants it', async () => {
    const reviewer = await new Browser(centre.address, 'zh').signIn('zhen');
    await reviewer.open('/desk/messages');
    await reviewer.send('/address', { address: 'zhen@pinghu.example\r\nBcc: all@pinghu.example' });
    assert.equal(reviewer.status, 422);
    await reviewer.send('/address', { address: '王@pinghu.example' });
    assert.ok(reviewer.page('.field .error').text().includes('无法向这个邮箱发信'), reviewer.text);
    await reviewer.send('/address', { address: 'zhen@pinghu.example' });
    assert.equal(reviewer.page('input[name=address]').attr('value'), 'zhen@pinghu.example');

    const one = await lacking();
    const supplied = await (await person('cun')).act(one.number, 'supply', { materials: one.materials.slice(0, 1) });
    assert.equal(supplied.status, 201, JSON.stringify(supplied.body));
    await until(() => smtp.mails.length);
    const [mail] = smtp.mails;
    assert.equal(mail.from, '平湖政务服务中心 <centre@pinghu.example>');
    assert.deepEqual([mail.sender, mail.to], ['centre@pinghu.example', ['zhen@pinghu.example']]);
    assert.match(mail.subject, /^材料已补交：/);
    assert.ok(mail.lines.every((line) => line.length <= 78 && /^[\x20-\x7e]*$/.test(line)), mail.lines.join('\n'));
    assert.ok(mail.body.includes('所缺材料已补交') && mail.body.includes(`http://127.0.0.1:8080/desk/cases/${one.number}\r\n`), mail.body);
    await reviewer.open('/desk');
    assert.equal(unread(reviewer), '1 条未读');
    await reviewer.open('/desk/messages');
    await reviewer.send('/read');
    assert.equal(unread(reviewer), '');
    assert.equal(smtp.mails.length, 1, 'and once only');
});

test('what cannot be sent waits, and the administrator sees why, tries again and gives up', async () => {
    hook.mood = 500;
    const one = await lacking();
    const [id] = rows(`recipient = 'holder/${one.number}'`);
    await until(() => stateOf(id) === 'waiting' && hook.calls.some(({ to }) => to === `holder/${one.number}`));
    await until(() => asked(centre.database, `SELECT trouble FROM message WHERE county = 330482 AND id = ${id}`).includes('500'));
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    await administrator.open('/desk/outbox');
    assert.ok(administrator.text.includes('HTTP 500'), administrator.text);
    for (const personal of [one.number, '13800000000', '张三示例', one.materials[0]])
        assert.ok(!administrator.html.includes(personal), personal);
    const file = await (await person('guan')).get('/desk/outbox?format=json');
    assert.match(file.body.messages.find((row) => row.id === id).recipient, /^holder\/\d+\*+\d*$/, 'masked in files too');

    hook.mood = 204;
    await administrator.send(`/desk/outbox/${id}/again`);
    await until(() => stateOf(id) === 'sent');
    const ours = hook.calls.filter(({ to }) => to === `holder/${one.number}`);
    assert.ok(ours.length >= 2, 'sent anew; the centre itself may have tried meanwhile');
    assert.deepEqual([...new Set(ours.map(({ key }) => key))], [ours[0].key], 'the same message by its key');
    await administrator.open(`/desk/outbox?list=sent&q=${id}`);
    assert.equal(administrator.page('table.list tbody tr').length, 1);
    assert.ok(administrator.page(`th .number:contains("${id}")`).length, administrator.text);

    hook.mood = 500;
    const two = await lacking();
    const [given] = rows(`recipient = 'holder/${two.number}'`);
    await until(() => asked(centre.database, `SELECT trouble FROM message WHERE county = 330482 AND id = ${given}`).includes('500'));
    await administrator.open('/desk/outbox');
    await administrator.send(`/desk/outbox/${given}/give-up`);
    assert.equal(stateOf(given), 'failed');
    hook.mood = 404;
    const three = await lacking();
    const [refused] = rows(`recipient = 'holder/${three.number}'`);
    await until(() => stateOf(refused) === 'failed');
    hook.mood = 204;
});

test('a server killed while it sends leaves the message claimed, for nobody knows what became of it', async () => {
    smtp.hangs = true;
    const before = smtp.mails.length;
    const one = await lacking();
    await (await person('cun')).act(one.number, 'supply', { materials: one.materials.slice(0, 1) });
    await until(() => smtp.mails.length > before);
    const [id] = rows("state = 'sending'");
    await centre.end('SIGKILL');
    smtp.hangs = false;
    await centre.start();
    assert.equal(stateOf(id), 'sending');
    const administrator = await new Browser(centre.address, 'en').signIn('guan');
    await administrator.open('/desk/outbox');
    assert.ok(administrator.text.includes('being sent'), administrator.text);
    assert.equal(administrator.page(`form[action="/desk/outbox/${id}/again"]`).length, 0, 'it cannot be sent anew meanwhile');
});

test('a way out that does not fit is refused before the centre opens', () => {
    for (const [options, sentence] of [[['--smtp', 'mail.example'], 'is no address of a mail server'], [['--smtp', 'smtp://mail.example'], 'Mail needs a sender'],
        [['--web-hook', 'http://gate.example/x'], 'is no address for the web hook']]) {
        const { status, stderr } = spawnSync(program, ['serve', '--database', centre.database, '--listen', '127.0.0.1:0', ...options],
            { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' }, timeout: 60_000 });
        assert.equal(status, 1);
        assert.ok(stderr.includes(sentence), stderr);
    }
});
