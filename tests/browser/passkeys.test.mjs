// SPDX-License-Identifier: Apache-2.0
// Passkeys in Chromium with its virtual authenticator: enrolled, used to sign in, removed; and what is no answer to our question
// is refused. Passkeys are of a host name, which the counties of a province have on this machine too.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { asked, password } from '../stories/centre.mjs';
import { Province } from '../stories/province.mjs';
import { Visitor, closeBrowsers, openBrowser } from './visitor.mjs';

let province;
let browser;
before(async () => { [province, browser] = await Promise.all([Province.open(), openBrowser()]); });
after(async () => {
    await closeBrowsers(browser);
    await province?.close();
});

const zh = { language: 'zh', width: 1280 };
const en = { language: 'en', width: 390 };
const said = {
    zh: { failed: '没有生成通行密钥', unused: '通行密钥未使用', twice: '已有您的通行密钥', unknown: '没有该通行密钥的记录', copied: '可能存在复制品' },
    en: { failed: 'No passkey was made', unused: 'The passkey was not used', twice: 'holds a passkey of yours already', unknown: 'does not know this passkey', copied: 'there may be a copy of it' },
};

// An authenticator in the visitor's browser that says yes at once.
async function plugIn(visitor, more = {}) {
    const wire = await visitor.context.newCDPSession(visitor.page);
    await wire.send('WebAuthn.enable');
    const { authenticatorId } = await wire.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
        hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...more } });
    return (what, words = {}) => wire.send(`WebAuthn.${what}`, { authenticatorId, ...words });
}

async function come(account, way, more) {
    const visitor = await Visitor.staff(browser, province.at('pinghu'), way, account);
    return { visitor, key: await plugIn(visitor, more) };
}

async function enrol(visitor, name = 'blue') {
    await visitor.open('/desk/me');
    await visitor.send('/desk/me/passkeys', { name, password });
    const codes = await visitor.page.locator('ol.codes code').allTextContents();
    if (codes.length) await visitor.follow('main a.button');
    return codes;
}

async function remove(visitor, typed = password) {
    await visitor.open('/desk/me');
    await visitor.follow('main a[href^="/desk/me/passkeys/"]');
    return visitor.send('/remove', { password: typed });
}

async function fillIn(visitor, name) {
    const form = visitor.page.locator('form[action="/desk/me/passkeys"]');
    await form.locator('[name=name]').fill(name);
    await form.locator('[name=password]').fill(password);
}

// The button on the page to sign in; the page of the passkey goes on by itself, unless it is told that something is wrong.
async function signIn(visitor) {
    await visitor.open('/sign-out-first'); // no page, so that nothing of the desk is left in sight
    await visitor.context.clearCookies();
    await visitor.open('/sign-in');
    await visitor.press(visitor.page.locator('form[action="/sign-in/by-passkey"] button'));
}

const told = (visitor, words) => visitor.page.locator('main', { hasText: words }).waitFor();
const logged = (what) => asked(province.database, `SELECT COUNT(*) FROM security_entry WHERE county = 330482 AND ${what}`).trim();

for (const way of [zh, en])
    test(`a passkey is enrolled, signs in by itself and is removed, ${way.language}`, async () => {
        const { visitor, key } = await come(way === zh ? 'cun' : 'zhen', way);
        await enrol(visitor);
        assert.equal(await visitor.page.locator('tbody th', { hasText: 'blue' }).count(), 1, await visitor.text());
        assert.equal((await key('getCredentials')).credentials.length, 1);
        await fillIn(visitor, 'again');
        await visitor.press(visitor.page.locator('form[action="/desk/me/passkeys"] button'));
        await told(visitor, said[way.language].twice);
        await signIn(visitor);
        await visitor.page.waitForURL('**/desk');
        await remove(visitor, 'wrong');
        assert.equal(visitor.status, 422, 'not without the password');
        await remove(visitor);
        assert.equal(await visitor.page.locator('tbody th', { hasText: 'blue' }).count(), 0);
        await signIn(visitor);
        await told(visitor, said[way.language].unknown);
        visitor.isContent();
        await visitor.leave();
    });

test('nobody is verified, and nothing is sent', async () => {
    const { visitor, key } = await come('jian', en);
    await enrol(visitor);
    await key('setUserVerified', { isUserVerified: false });
    await fillIn(visitor, 'again');
    await visitor.press(visitor.page.locator('form[action="/desk/me/passkeys"] button'));
    await told(visitor, said.en.failed);
    await signIn(visitor);
    await told(visitor, said.en.unused);
    assert.equal(new URL(visitor.page.url()).pathname, '/sign-in/passkey');
    visitor.isContent();
    await visitor.leave();
});

// ---- over HTTP: what is no answer to our question ----

async function post(path, cookie, fields, at = province.at('pinghu')) {
    const answer = await fetch(`${at}${path}`, { method: 'POST', redirect: 'manual', body: JSON.stringify(fields),
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Accept-Language': 'en', Cookie: cookie, 'Idempotency-Key': randomUUID() } });
    const own = answer.headers.get('set-cookie')?.match(/pinghu=[0-9a-f]{64}/)?.[0];
    const { reason, see } = await answer.json();
    return { status: answer.status, reason: reason?.replace('credentials.', ''), see, cookie: own };
}

const cookieOf = async (visitor) => (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
// The session that a request over HTTP has begun goes on in the visitor's browser.
async function carry(visitor, { cookie }) {
    const [name, value] = cookie.split('=');
    await visitor.context.addCookies([{ name, value, url: province.at('pinghu') }]);
}
const rows = () => asked(province.database, 'SELECT COUNT(*), SUM(count), SUM(used_at), SUM(removed_at) FROM passkey').trim();
const text64 = (text) => Buffer.from(text).toString('base64url');
const pressed = (visitor, path) => visitor.press(visitor.page.locator(`form[action="${path}"] button`));

// The answer that the page would have sent to `path`, had it come so far.
async function overheard(visitor, path, begin) {
    const heard = new Promise((done) => visitor.page.route(`**${path}`, (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        done(JSON.parse(new URLSearchParams(route.request().postData()).get('answer')));
        return route.abort();
    }));
    await begin();
    const answer = await heard;
    await visitor.page.unroute(`**${path}`);
    return answer;
}

const withOrigin = (client, origin) => text64(JSON.stringify({ ...JSON.parse(Buffer.from(client, 'base64url')), origin }));

test('an assertion is judged for the session that asked, and once', async () => {
    const { visitor } = await come('zhen', en);
    await enrol(visitor);
    const given = await overheard(visitor, '/sign-in/passkey', () => signIn(visitor));
    const own = await cookieOf(visitor), other = (await post('/sign-in/by-passkey', '', {})).cookie, before = rows();
    const wrong = [
        [other, given, 422, 'passkey_broken', 'of another session'],
        ['', given, 401, undefined, 'without a session'],
        [own, { ...given, asked: given.asked - 1 }, 422, 'passkey_broken', 'to another question'],
        [own, { ...given, asked: given.asked - 5 * 60 * 1000 - 60000 }, 422, 'passkey_late', 'after more than five minutes'],
        [own, { ...given, asked: given.asked + 60000 }, 422, 'passkey_late', 'before it was asked'],
        [own, { ...given, client: withOrigin(given.client, province.at('haining')) }, 422, 'passkey_origin', 'from another origin'],
        [own, { ...given, client: '' }, 422, 'passkey_broken', 'of no page'],
        [own, { ...given, client: '*' }, 422, 'passkey_broken', 'that is no base64url'],
        [own, { ...given, signature: text64('x') }, 422, 'passkey_broken', 'without its signature'],
        [own, { ...given, user: text64('330482/1') }, 422, 'passkey_unknown', 'in the name of another'],
        [own, { ...given, user: '' }, 422, 'passkey_unknown', 'that names nobody'],
        [own, { ...given, id: text64('x') }, 422, 'passkey_unknown', 'with a passkey that is none'],
        [own, { ...given, id: 7 }, 422, 'passkey_unknown', 'with a number for a name'],
        [own, [given], 422, 'passkey_broken', 'in a list'],
        [own, 'x'.repeat(16001), 422, undefined, 'longer than any'],
    ];
    for (const [cookie, answer, status, reason, what] of wrong) {
        const got = await post('/sign-in/passkey', cookie, { answer: typeof answer === 'string' ? answer : JSON.stringify(answer) });
        assert.equal(got.status, status, what);
        if (reason) assert.equal(got.reason, reason, what);
    }
    assert.equal((await post('/sign-in/passkey', own, { answer: '{' })).reason, 'passkey_broken');
    assert.equal((await post('/sign-in/passkey', own, {})).status, 422);
    assert.equal((await post('/sign-in/passkey', own, { answer: JSON.stringify(given) }, province.at('haining'))).status, 401, 'in another county');
    assert.equal((await post('/sign-in/password', own, { new: password, again: password })).status, 401, 'a step that wants an account');
    assert.equal(rows(), before, 'nothing has changed');
    assert.notEqual(logged("kind = 'sign_in' AND outcome = 'failed' AND purpose = 'passkey' AND account = 'zhen'"), '0');

    const well = await post('/sign-in/passkey', own, { answer: JSON.stringify(given), next: '/desk/me' });
    assert.deepEqual([well.status, well.see], [201, '/desk/me']);
    assert.equal((await post('/sign-in/passkey', own, { answer: JSON.stringify(given) })).status, 401, 'the session that asked is over');
    assert.equal((await post('/sign-in/passkey', well.cookie, { answer: JSON.stringify(given) })).status, 403, 'who is signed in is not asked');
    await visitor.leave();
});

test('an answer that enrols is taken once, from the one who was asked', async () => {
    const { visitor } = await come('guan', en);
    const { visitor: colleague } = await come('fu', en);
    await carry(visitor, await post('/desk/recovery', await cookieOf(visitor), { password })); // with recovery codes the session goes on
    await visitor.open('/desk/me');
    await fillIn(visitor, 'green');
    const given = await overheard(visitor, '/desk/me/passkeys', () => pressed(visitor, '/desk/me/passkeys'));
    const own = await cookieOf(visitor), before = rows(), answer = JSON.stringify(given);
    const enrolBy = (cookie, name, it) => post('/desk/me/passkeys', cookie, { name, password, answer: it });
    for (const [got, reason] of [[await enrolBy(await cookieOf(colleague), 'green', answer), 'passkey_broken'],
        [await enrolBy(own, 'green', JSON.stringify({ ...given, client: withOrigin(given.client, 'https://pinghu.localhost') })), 'passkey_origin'],
        [await enrolBy(own, 'green', JSON.stringify({ ...given, attestation: `${given.attestation}AAAA` })), 'passkey_broken'],
        [await enrolBy(own, 'green', JSON.stringify({ ...given, asked: given.asked - 6 * 60000 })), 'passkey_late']])
        assert.deepEqual([got.status, got.reason], [422, reason]);
    for (const name of ['', ' ', 'x'.repeat(41), 'a\u202eb', 'a\u200bb']) assert.equal((await enrolBy(own, name, answer)).status, 422, JSON.stringify(name));
    assert.equal(rows(), before, 'nothing has changed');
    assert.equal((await enrolBy(own, 'green', answer)).status, 201);
    const again = await enrolBy(own, 'green', answer);
    assert.deepEqual([again.status, again.reason], [409, 'passkey_taken']);

    const number = asked(province.database, 'SELECT MAX(number) FROM passkey').trim();
    const removeBy = (cookie, which, typed) => post(`/desk/me/passkeys/${which}/remove`, cookie, { password: typed });
    assert.equal((await removeBy(await cookieOf(colleague), number, password)).status, 404, "another's");
    for (const none of ['0', '-1', 'x', '99999999999999999999']) assert.equal((await removeBy(own, none, password)).status, 404, none);
    assert.equal((await removeBy(own, number, 'wrong')).reason, 'password_wrong');
    assert.equal((await post(`/desk/me/passkeys/${number}/remove`, own, {})).status, 422);
    assert.equal((await removeBy(own, number, password)).status, 201);
    assert.equal((await enrolBy(own, 'green', answer)).reason, 'passkey_taken', 'not even once it is removed');
    await visitor.leave();
    await colleague.leave();
});

test('a copy that counts on from an earlier use is refused and told to the security log', async () => {
    const { visitor, key } = await come('shen', en);
    await enrol(visitor);
    for (let i = 0; i < 2; i++) {
        await signIn(visitor);
        await visitor.page.waitForURL('**/desk');
    }
    const [credential] = (await key('getCredentials')).credentials;
    await key('removeCredential', { credentialId: credential.credentialId });
    await key('addCredential', { credential: { ...credential, signCount: 1 } });
    await signIn(visitor);
    await told(visitor, said.en.copied);
    assert.equal(logged("purpose = 'passkey_copied' AND account = 'shen'"), '1');
    visitor.isContent();
    await visitor.leave();
});

test('where no script runs the pages say what else can be done', async () => {
    const visitor = await Visitor.staff(browser, province.at('pinghu'), { ...zh, script: false }, 'cun');
    await visitor.open('/desk/me');
    assert.equal(await visitor.page.locator('[data-without]').isVisible(), true);
    await visitor.send('/desk/me/passkeys', { name: 'blue', password });
    assert.equal(visitor.status, 422);
    await visitor.context.clearCookies();
    await visitor.open('/sign-in');
    await visitor.send('/sign-in/by-passkey');
    assert.equal(await visitor.page.locator('[data-without]').isVisible(), true);
    await visitor.send('/sign-in/passkey');
    assert.equal(visitor.status, 422);
    visitor.isContent();
    await visitor.follow('main a[href="/sign-in"]');
    await visitor.leave();
});

// ---- as second factor ----

async function byPassword(visitor, account) {
    await visitor.context.clearCookies();
    await visitor.open('/sign-in');
    await visitor.page.locator('form[action="/sign-in"] [name=account]').fill(account);
    await visitor.page.locator('form[action="/sign-in"] [name=password]').fill(password);
    await pressed(visitor, '/sign-in');
}

test('whoever has a passkey is asked for it after the password, and for nothing less', async () => {
    const { visitor, key } = await come('pizhun', zh);
    const { visitor: colleague, key: theirs } = await come('shou', en);
    await enrol(visitor);
    await enrol(colleague);
    await byPassword(visitor, 'pizhun');
    await visitor.page.waitForURL('**/desk');
    await key('setUserVerified', { isUserVerified: false });
    await byPassword(visitor, 'pizhun');
    await told(visitor, said.zh.unused);
    const half = await cookieOf(visitor);
    const get = (path) => fetch(`${province.at('pinghu')}${path}`, { redirect: 'manual', headers: { Cookie: half, Accept: 'application/json' } });
    assert.equal((await get('/desk')).status, 401, 'the desk');
    assert.equal((await get('/sign-in/code')).status, 200, 'a recovery code will do');
    assert.equal((await post('/sign-in/code', half, { code: '000000' })).reason, 'code_wrong');
    assert.equal((await post('/sign-in/enrol-passkey', half, { name: 'blue', answer: '{}' })).status, 409);
    assert.equal((await post('/sign-in/enrol', half, { code: '000000' })).status, 409);
    assert.equal((await post('/sign-in/password', half, { new: 'Another-2014', again: 'Another-2014' })).status, 409);

    await byPassword(visitor, 'pizhun');
    await told(visitor, said.zh.unused);
    const asking = await visitor.page.locator('[data-passkey]').evaluate((one) => ({ ...one.dataset }));
    const { credentials: [other] } = await theirs('getCredentials');
    const foreign = { asked: Number(asking.asked), id: Buffer.from(other.credentialId, 'base64').toString('base64url'), client: '', authenticator: '', signature: '', user: '' };
    assert.equal((await post('/sign-in/passkey', await cookieOf(visitor), { answer: JSON.stringify(foreign) })).reason, 'passkey_unknown', "a colleague's passkey");
    await key('setUserVerified', { isUserVerified: true });
    await pressed(visitor, '/sign-in/passkey');
    await visitor.page.waitForURL('**/desk');
    visitor.isContent();
    await visitor.leave();
    await colleague.leave();
});

// Without the key, by one of the codes that came with it, which is good once.
async function byRecovery(visitor, account, code) {
    for (const status of [200, 422]) {
        await visitor.context.clearCookies();
        await visitor.open('/sign-out-first');
        const first = await post('/sign-in', '', { account, password });
        assert.equal(first.see, '/sign-in/passkey');
        await carry(visitor, first);
        await visitor.open('/sign-in/code');
        await visitor.send('/sign-in/code', { code });
        assert.equal(visitor.status, status);
    }
}

test('the last factor of somebody who must have one stays, until a colleague takes it away', async () => {
    const { visitor } = await come('ju', en);
    const guard = await Visitor.staff(browser, province.at('pinghu'), en, 'quan');
    const [code] = await enrol(visitor);
    const demand = async (roles) => assert.ok((await post('/desk/factors', await cookieOf(guard), { roles })).status < 300);
    await demand(['head']);
    await remove(visitor);
    assert.equal(visitor.status, 409, await visitor.text());
    await byRecovery(visitor, 'ju', code);
    const [staff, number] = asked(province.database, "SELECT staff, number FROM member WHERE county = 330482 AND account = 'ju'").trim().split('|');
    await guard.open(`/desk/people/${number}`);
    await guard.send('/ask-reset', { asked: 'factors', reason: 'the key is lost' });
    const second = await Visitor.staff(browser, province.at('pinghu'), zh, 'cha');
    await second.open('/desk/people?list=resets');
    await second.open(`/desk/people/${number}`);
    await second.send('/confirm-reset');
    second.isContent();
    await second.leave();
    assert.equal(asked(province.database, `SELECT COUNT(*) FROM passkey WHERE county = 330482 AND staff = ${staff} AND removed_at = 0`).trim(), '0');
    await byPassword(visitor, 'ju');
    await visitor.page.waitForURL('**/sign-in/enrol');
    await visitor.follow('main a[href^="/sign-in/enrol-passkey"]');
    await visitor.send('/sign-in/enrol-passkey', { name: 'green' });
    assert.equal(await visitor.page.locator('ol.codes code').count(), 10);
    await visitor.follow('main a.button');
    assert.equal(visitor.path, '/desk');
    await demand([]);
    visitor.isContent();
    guard.isContent();
    await visitor.leave();
    await guard.leave();
});
