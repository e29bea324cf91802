// SPDX-License-Identifier: Apache-2.0
// The second factor (第二因素), from the county's demand to a lost telephone; and a crowd that tries passwords while the owner comes in.
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked, password } from './centre.mjs';
import { Browser, Program } from './people.mjs';
import { freshCode } from './telephone.mjs';

let centre, guard, head, secret, recovery;

before(async () => {
    centre = await Centre.open();
    guard = await new Browser(centre.address, 'en').signIn('quan');
});
after(() => centre.close());

async function showPassword(account) {
    const person = new Browser(centre.address, 'en');
    await person.open('/sign-in');
    return person.send('/sign-in', { account, password });
}

// ---- the way in ----

test('a demo county demands no second factor and says so', async () => {
    await guard.open('/desk/factors');
    assert.match(guard.text, /No role must use a second factor at present/);
});

test('the security administrator demands it of heads, and the ledger says so', async () => {
    await guard.send('/desk/factors', { roles: ['head', 'approver'] });
    assert.equal(guard.page('input[name=roles][checked]').toArray().length, 2);
    assert.equal(asked(centre.database, "SELECT count(*) FROM event WHERE kind = 'setting.second_factor'").trim(), '1');
});

test('a head enrols his telephone on the way in and keeps his recovery codes', async () => {
    head = await showPassword('ju');
    assert.equal(head.path, '/sign-in/enrol');
    assert.match(head.page('img.qr').attr('src'), /^data:image\/svg\+xml;base64,/);
    secret = head.page('code').first().text();
    await head.send('/sign-in/enrol', { code: '000000' });
    assert.equal(head.status, 422);
    assert.equal(head.page('code').first().text(), secret, 'the same secret after a slip');
    await head.send('/sign-in/enrol', { code: freshCode(secret) });
    recovery = head.page('ol.codes code').toArray().map((one) => head.page(one).text());
    assert.equal(new Set(recovery).size, 10);
    await head.follow('Saved, continue');
    assert.equal(head.status, 200);
    assert.equal(head.path, '/desk');
    for (const code of recovery) assert.ok(!asked(centre.database, 'SELECT hash FROM credential_recovery').includes(code.replaceAll('-', '')));
    assert.match(asked(centre.database, 'SELECT secret FROM credential_code'), /^~/, 'sealed');
    assert.equal(asked(centre.database, "SELECT account FROM security_entry WHERE purpose = 'code_enrolled'").trim(), 'ju', 'the log names him on the way in');
});

test('next time he is asked for a code, and no code is good twice', async () => {
    const again = await showPassword('ju'), code = freshCode(secret);
    assert.equal(again.path, '/sign-in/code');
    await again.send('/sign-in/code', { code });
    assert.equal(again.path, '/desk');
    const replayed = await showPassword('ju');
    await replayed.send('/sign-in/code', { code });
    assert.equal(replayed.status, 422);
    assert.match(replayed.text, /wrong or was used before/);
    assert.equal(replayed.page('header a').filter((_, link) => replayed.page(link).text().includes('Messages')).length, 0, 'a desk is not open yet');
    await replayed.send('/sign-in/code', { code: recovery[0].toLowerCase() });
    assert.equal(replayed.path, '/desk');
    const way = "SELECT purpose FROM security_entry WHERE account = 'ju' AND kind = 'sign_in' AND outcome = 'done' ORDER BY number DESC LIMIT 1";
    assert.equal(asked(centre.database, way).trim(), 'recovery', 'the log tells by what');
    const second = await showPassword('ju');
    await second.send('/sign-in/code', { code: recovery[0] });
    assert.equal(second.status, 422);
});

test('whoever has shown the password alone gets nowhere', async () => {
    const thief = await showPassword('ju');
    for (const path of ['/desk', '/desk/me', '/desk/code', '/desk/cases', '/desk/password']) {
        await thief.open(path);
        assert.match(thief.path, /^\/sign-in\?/, path);
    }
    const program = new Program(centre.address);
    program.cookies = new Map(thief.cookies);
    assert.equal((await program.post('/sign-in/enrol', { code: '123456' })).status, 409);
    assert.equal((await program.post('/sign-in/password', { new: 'a long new password', again: 'a long new password' })).status, 409);
    assert.equal((await program.post('/desk/recovery', { password })).status, 401);
    const elsewhere = new Program(centre.address);
    elsewhere.cookies = new Map([...thief.cookies].map(([name, value]) => [name, value.replace(/^./, (it) => (it === '0' ? '1' : '0'))]));
    assert.equal((await elsewhere.post('/sign-in/code', { code: freshCode(secret) })).status, 401);
});

test('two administrators take a lost telephone away from somebody who decides, and nobody his own', async () => {
    const pageOf = (account) => `/desk/people/${asked(centre.database, `SELECT number FROM member WHERE account = '${account}'`).trim()}`;
    const offered = (person, action) => person.page(`form[action$="/${action}"]`).length;
    await guard.open(pageOf('quan'));
    for (const action of ['reset-password', 'reset-factors', 'ask-reset']) assert.equal(offered(guard, action), 0, action);
    await guard.open(pageOf('ju'));
    assert.match(guard.text, /set up on/);
    assert.equal(offered(guard, 'reset-factors'), 0, 'not by one alone');
    await guard.send('/ask-reset', { asked: 'factors', reason: 'Telephone lost, asked in person' });
    assert.match(guard.text, /Waiting for confirmation: Second factors/);
    assert.equal(offered(guard, 'confirm-reset'), 0, 'who asked does not confirm');
    await head.open('/desk/messages');
    assert.match(head.text, /Somebody asks to reset what you sign in with/, 'the one concerned is told and still signed in');
    await head.open('/desk/me');
    assert.match(head.text, /To be reset: Second factors[^.]*\. .+ asks; it takes effect when another administrator confirms it/);
    await head.send('/desk/me/decline-reset');
    assert.equal(head.path, '/desk/me');
    assert.doesNotMatch(head.text, /To be reset/);
    await guard.open(pageOf('ju'));
    assert.match(guard.text, /Reset refused by the person concerned/);
    await guard.send('/ask-reset', { asked: 'factors', reason: 'Telephone lost, asked in person' });
    assert.equal(offered(guard, 'withdraw-reset'), 1);
    assert.equal(offered(guard, 'refuse-reset'), 0, 'who asked withdraws');
    const second = await new Browser(centre.address, 'en').signIn('guan');
    await second.open('/desk/messages');
    assert.match(second.text, /A reset for ju waits for confirmation/);
    await second.open('/desk/people?list=resets');
    await second.follow('ju');
    assert.match(second.text, /Telephone lost, asked in person/);
    await second.send('/confirm-reset');
    assert.equal(second.status, 200, second.text);
    await head.open('/desk');
    assert.match(head.path, /^\/sign-in\?/, 'open sessions have ended');
    assert.equal((await showPassword('ju')).path, '/sign-in/enrol');
    const log = asked(centre.database, "SELECT account, purpose FROM security_entry WHERE purpose IN ('ask-reset', 'confirm-reset') ORDER BY number").trim();
    assert.match(log, /^quan\|ask-reset\nquan\|ask-reset\nguan\|confirm-reset$/);
});

test('a telephone of somebody who decides nothing is taken away by one, and he is told', async () => {
    await guard.open(`/desk/people/${asked(centre.database, "SELECT number FROM member WHERE account = 'shou'").trim()}`);
    await guard.send('/reset-factors', { reason: 'Telephone lost, asked in person' });
    assert.equal(guard.status, 200, guard.text);
    assert.match(guard.text, /Second factors reset/);
    assert.match(asked(centre.database, "SELECT template FROM message m JOIN staff s ON m.recipient = 'staff/' || s.id WHERE account = 'shou' ORDER BY m.id DESC LIMIT 1"), /reset_done/);
});

// ---- a crowd ----

// From an address of its own of the loopback network.
function attempt(i, n) {
    const body = JSON.stringify({ account: 'shou', password: `Guess-2014-${i}-${n}` });
    const { hostname, port } = new URL(centre.address);
    return new Promise((done, failed) => {
        const asking = request({ hostname, port, method: 'POST', path: '/sign-in', localAddress: `127.0.0.${100 + i}`,
            headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Content-Length': body.length, 'Idempotency-Key': `guess-${i}-${n}` } },
        (answer) => { answer.resume(); answer.on('end', () => done(answer.statusCode)); });
        asking.on('error', failed);
        asking.end(body);
    });
}

test('thirty-two try passwords at once, and the owner signs in', async () => {
    const owner = await new Program(centre.address).signIn('shou');
    await owner.post('/sign-out');
    const told = [];
    const crowd = Array.from({ length: 32 }, async (_, i) => {
        for (let n = 0; n < 10; n++) told.push(await attempt(i, n));
    });
    for (let i = 0; i < 5; i++) {
        await owner.signIn('shou');
        await owner.post('/sign-out');
    }
    await Promise.all(crowd);
    await owner.signIn('shou');
    assert.equal(told.length, 320);
    const judged = told.filter((status) => status === 422).length;
    assert.ok(told.every((status) => status === 422 || status === 429), `answered: ${[...new Set(told)]}`);
    assert.ok(judged <= 5 + 2 * 32, `${judged} guesses were judged`);
    const stranger = await new Program(centre.address).post('/sign-in', { account: 'shou', password });
    assert.equal(stranger.status, 429);
    assert.equal(stranger.body.reason, 'http.wait');
});
