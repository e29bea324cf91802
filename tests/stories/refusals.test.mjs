// SPDX-License-Identifier: Apache-2.0
// Bad input: refused with a clear sentence in the asker's language, and nothing is changed.
import { test, after, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Centre, asked, password } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
let people;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    people = {};
    for (const account of ['cun', 'zhen', 'shen', 'pizhun', 'jian', 'zhen102', 'cun102001'])
        people[account] = await new Program(centre.address, 'zh').signIn(account);
});
after(() => centre.close());

// An answer that refuses: a problem document with a sentence for people and a reason for programs.
function refused(answer, status, reason) {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.type, /application\/problem\+json/);
    assert.equal(answer.body.status, status);
    if (reason) assert.equal(answer.body.errors?.[0]?.reason ?? answer.body.reason, reason, JSON.stringify(answer.body));
    const sentence = answer.body.errors?.[0]?.detail ?? answer.body.detail;
    assert.match(sentence, /[一-鿿]{4}/, 'a sentence in Chinese');
    assert.doesNotMatch(sentence, /\{\{|_/, 'no tag and no key in it');
}

async function begun() {
    const answer = await people.cun.post(`/desk/apply/${item}`, applicant);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.number;
}

async function done(account, number, action, fields) {
    const answer = await people[account].act(number, action, fields);
    assert.equal(answer.status, 201, `${action}: ${JSON.stringify(answer.body)}`);
    return answer.body;
}

async function atTheDepartment() {
    const number = await begun();
    const { materials } = (await people.cun.get(`/desk/cases/${number}`)).body;
    await done('cun', number, 'submit', { materials: materials.map((one) => one.name) });
    await done('zhen', number, 'pass', { opinion: '齐全' });
    return { number, materials };
}

const events = async (number) => (await people.shen.get(`/desk/cases/${number}`)).body.history.length;

test('wrong check digits', async () => {
    for (const [kind, id] of [['person', '330499198001010014'], ['person', '33049919800230001X'], ['enterprise', '91350100M000100Y4Z'],
        ['enterprise', 'D2143569-Y']])
        refused(await people.cun.post(`/desk/apply/${item}`, { ...applicant, party_kind: kind, id_number: id }), 422);
});

test('a page says what is wrong beside the field, and keeps what was typed', async () => {
    for (const [language, sentence] of [['zh', /校验|不对|核对/], ['en', /compare the number with the card/]]) {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open(`/desk/apply/${item}`);
        await clerk.send(`/desk/apply/${item}`, { ...applicant, id_number: '330499198001010014' });
        assert.equal(clerk.status, 422);
        assert.match(clerk.page('#id_number-error').text(), sentence);
        assert.equal(clerk.page('#name').attr('value'), applicant.name);
        assert.equal(clerk.page('[role=alert] a[href="#id_number"]').length, 1);
        await clerk.send(`/desk/apply/${item}`, { id_number: applicant.id_number });
        assert.equal(clerk.status, 200, 'the same form mended is taken');
    }
});

test('an error of the search above every desk leads to its field', async () => {
    const clerk = await new Browser(centre.address, 'en').signIn('cun');
    await clerk.send('/desk/find', { number: '12' });
    assert.equal(clerk.status, 422);
    assert.ok(clerk.page(clerk.page('[role=alert] a').attr('href')).is('header input'));
});

test('who is signed in at a desk is told at once where to take an application in', async () => {
    for (const language of ['zh', 'en']) {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        await clerk.open(`/apply/${item}`);
        assert.equal(clerk.status, 409);
        assert.ok(clerk.text.includes(`/desk/apply/${item}`), clerk.text);
    }
    refused(await people.cun.post(`/apply/${item}`, { ...applicant, place: '330482103201' }), 409, 'portal.not_at_the_desk');
});

test('a form from home that is refused keeps the desk that was chosen', async () => {
    const villager = new Browser(centre.address, 'zh');
    await villager.open(`/apply/${item}`);
    const desk = villager.page('select[name=place] optgroup option').eq(2).attr('value');
    await villager.send(`/apply/${item}`, { ...applicant, place: desk, id_number: '330499198001010014' });
    assert.equal(villager.status, 422);
    assert.deepEqual(villager.page('select[name=place] option[selected]').map((_, option) => option.attribs.value).get(), [desk]);
    await villager.send(`/apply/${item}`, { id_number: applicant.id_number });
    assert.equal(villager.status, 200, 'the same form mended is taken');
    assert.match(villager.path, /^\/apply\//, 'but looked at once more before it is done');
    assert.ok(villager.text.includes(applicant.id_number));
    const asked = villager.page;
    villager.page('main form').append('<input name="_change" value="telephone">');
    await villager.send(`/apply/${item}`);
    assert.equal(villager.page('#telephone').attr('value'), applicant.telephone, 'to change one thing, the others stay');
    assert.equal(villager.page('#problem').length, 0);
    villager.page = asked;
    villager.page('[name=_change]').remove();
    await villager.send(`/apply/${item}`);
    assert.match(villager.path, /^\/track\/\d{18}\/begun$/);
    assert.match(villager.text, /\d{6} \d{6} \d{6}.*查询码：[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}。/);
});

test('all that is wrong is told at once, at the field and above, where links lead to it', async () => {
    for (const [language, title] of [['zh', /^填写有误：/], ['en', /^Error: /]]) {
        const villager = new Browser(centre.address, language);
        await villager.open(`/apply/${item}`);
        assert.doesNotMatch(villager.title, title);
        await villager.send(`/apply/${item}`, { party_kind: 'person', id_number: '330499198001010014', telephone: '12' });
        assert.match(villager.title, title);
        const wrong = ['name', 'id_number', 'telephone', 'place'];
        assert.deepEqual(villager.page('#problem a').map((_, a) => a.attribs.href.slice(1)).get(), wrong);
        for (const name of wrong) {
            const field = villager.page(`#${name}`);
            assert.equal(field.attr('aria-invalid'), 'true', name);
            assert.ok(field.attr('aria-describedby').split(' ').includes(`${name}-error`), name);
            assert.ok(villager.page(`#${name}-error`).text().length > 5, name);
        }
        assert.equal(villager.page('#telephone').attr('value'), '12', 'what was typed stays');
        assert.equal(villager.page('[name=party_kind][checked]').attr('value'), 'person');
    }
});

test('an action without what it needs: all of it is told, in its own form', async () => {
    const { number, materials } = await atTheDepartment();
    refused(await people.shen.act(number, 'correct'), 422, 'cases.needed');
    const reviewer = await new Browser(centre.address, 'zh').signIn('shen');
    await reviewer.open(`/desk/cases/${number}`);
    await reviewer.send('/correct', { reason: '   ' });
    assert.equal(reviewer.status, 422);
    assert.deepEqual(reviewer.page('#problem a').map((_, a) => a.attribs.href).get().sort(), ['#materials-correct', '#reason-correct']);
    for (const id of ['materials-correct', 'reason-correct']) assert.equal(reviewer.page(`#${id}`).length, 1, id);
    assert.equal(reviewer.page('#reason-correct').attr('aria-invalid'), 'true');
    assert.equal(reviewer.page('#action-correct[open]').length, 1, 'it stands open');
    await reviewer.send('/correct', { materials: materials[0].name, reason: '请补交' });
    assert.equal(reviewer.status, 200, reviewer.text);
});

test('a second correction notice', async () => {
    const { number, materials } = await atTheDepartment();
    const asked = { materials: [materials[0].name], reason: '请补交' };
    await done('shen', number, 'correct', asked);
    await done('cun', number, 'supply', { materials: asked.materials });
    refused(await people.shen.act(number, 'correct', asked), 409, 'cases.corrected_already');
});

test('accepting twice', async () => {
    const { number } = await atTheDepartment();
    await done('shen', number, 'accept');
    const before = await events(number);
    refused(await people.shen.act(number, 'accept'), 409, 'cases.not_now');
    assert.equal(await events(number), before);
});

test('an action by someone of another organ, town or level', async () => {
    const number = await begun();
    refused(await people.cun102001.post(`/desk/cases/${number}/submit`, { seen: 1 }), 403, 'cases.not_yours');
    const { materials } = (await people.cun.get(`/desk/cases/${number}`)).body;
    await done('cun', number, 'submit', { materials: materials.map((one) => one.name) });
    const { seen } = (await people.cun.get(`/desk/cases/${number}`)).body;
    for (const account of ['zhen102', 'cun', 'shen', 'pizhun', 'jian'])
        refused(await people[account].post(`/desk/cases/${number}/pass`, { seen, opinion: '越权' }), 403, 'cases.not_yours');
    const stranger = new Program(centre.address);
    refused(await stranger.post(`/desk/cases/${number}/pass`, { seen, opinion: '越权' }), 401);
    const grant = (language) => people.cun.post(`/desk/cases/${number}/grant`, { seen, opinion: '越权' }, undefined, { 'Accept-Language': language });
    assert.match((await grant('en')).body.law, /^Administrative Licensing Law, article /);
    assert.match((await grant('zh')).body.law, /^《行政许可法》/);
});

test('a case of another town is not even shown', async () => {
    const number = await begun();
    refused(await people.cun102001.get(`/desk/cases/${number}`), 403);
    refused(await people.zhen102.get(`/desk/cases/${number}`), 403);
});

test('the receipt is for the desk that took the case in', async () => {
    const { number } = await atTheDepartment();
    const documents = async (account) => (await people[account].get(`/desk/cases/${number}`)).body.documents;
    const [{ code }] = await documents('cun');
    const receipt = (account) => people[account].ask(`/documents/${code}`, { headers: { Accept: 'application/json' } });
    const own = await receipt('cun');
    assert.equal(own.headers.get('content-type'), 'application/pdf');
    await own.arrayBuffer();
    for (const account of ['zhen', 'shen', 'pizhun', 'jian', 'zhen102', 'cun102001']) {
        const answer = await receipt(account);
        assert.equal(answer.status, 403, account);
        assert.equal((await answer.json()).reason, 'files.receipt_is_private', account);
    }
    for (const account of ['zhen', 'shen', 'jian']) {
        assert.deepEqual(await documents(account), [], account);
        const page = await (await new Browser(centre.address).signIn(account)).open(`/desk/cases/${number}`);
        assert.equal(page.page(`a[href*="${code}"]`).length, 0, account);
    }
});

test('a draft is in clear at its own desk alone, and one from home is nobody else’s', async () => {
    const number = await begun();
    const shown = async (account) => (await people[account].get(`/desk/cases/${number}`)).body.applicant?.id_number;
    assert.equal(await shown('cun'), applicant.id_number);
    for (const account of ['shen', 'zhen', 'jian']) assert.notEqual(await shown(account), applicant.id_number, account);
    const holder = new Program(centre.address);
    const { place } = (await people.cun.get(`/desk/cases/${number}`)).body;
    const home = (await holder.post(`/apply/${item}`, { ...applicant, place: place.code })).body.number;
    assert.equal((await holder.get(`/track/${home}`)).body.applicant.id_number, applicant.id_number);
    for (const account of Object.keys(people)) {
        refused(await people[account].get(`/desk/cases/${home}`), 403, 'cases.not_your_case');
        refused(await people[account].post(`/desk/cases/${home}/submit`, { seen: 1 }), 403, 'cases.not_yours');
        assert.ok(!JSON.stringify((await people[account].get(`/desk?q=${home}`)).body.cases).includes(home), account);
    }
    const { seen } = (await holder.get(`/track/${home}`)).body;
    assert.equal((await holder.post(`/track/${home}/withdraw`, { seen, reason: '不办了' })).status, 201);
    for (const account of Object.keys(people)) {
        refused(await people[account].get(`/desk/cases/${home}`), 403, 'cases.not_your_case');
        assert.ok(!JSON.stringify((await people[account].get(`/desk?q=${home}`)).body.cases).includes(home), `${account}, withdrawn`);
    }
});

test('an action on a stale page: what changed is told', async () => {
    const { number } = await atTheDepartment();
    const { seen } = (await people.shen.get(`/desk/cases/${number}`)).body;
    await done('shen', number, 'accept');
    const late = await people.shen.post(`/desk/cases/${number}/accept`, { seen });
    refused(late, 409, 'cases.stale');
    assert.equal(late.body.event, 'accepted');
});

test('the same key twice does a thing once', async () => {
    const { number } = await atTheDepartment();
    const { seen } = (await people.shen.get(`/desk/cases/${number}`)).body;
    const key = randomUUID();
    const first = await people.shen.post(`/desk/cases/${number}/accept`, { seen }, key);
    const again = await people.shen.post(`/desk/cases/${number}/accept`, { seen }, key);
    assert.equal(first.status, 201);
    assert.deepEqual(Object.keys(first.body).sort(), ['number', 'number_grouped', 'seen', 'state']);
    assert.equal(first.applied, null);
    assert.deepEqual(again.body, first.body);

    const path = `/desk/cases/${number}/accept`;
    const whole = await people.shen.postAndSee(path, { seen }, key);
    assert.equal(whole.status, 201, 'the preference is no part of what the key stands for');
    assert.equal(whole.applied, 'return=representation');
    assert.deepEqual(whole.body.history, (await people.shen.get(`/desk/cases/${number}`)).body.history);
    await done('shen', number, 'pass', { opinion: '符合条件' });
    const present = await people.shen.postAndSee(path, { seen }, key);
    assert.ok(present.body.seen > first.body.seen, 'a replay shows the present');
    assert.deepEqual((await people.shen.post(path, { seen }, key)).body, first.body, 'and what was kept is the answer of then');
});

test('an application sent again is the same case for the applicant alone', async () => {
    const place = Number((await people.cun.get(`/desk/apply/${item}`)).body.place.code);
    const key = randomUUID(), fields = { ...applicant, place }, path = `/apply/${item}`;
    const first = new Program(centre.address), stranger = new Program(centre.address);
    const { status, body } = await first.post(path, fields, key);
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual((await first.post(path, fields, key)).body, body);
    assert.equal((await first.get(`/track/${body.number}`)).status, 200, 'the session is begun');
    refused(await first.post(path, { ...fields, name: '李四示例' }, key), 422, 'http.key_used');
    assert.notEqual((await first.post(path, fields)).body.number, body.number, 'another key is another case');

    refused(await stranger.post(path, fields, key), 409, 'http.begun_already');
    refused(await stranger.get(`/track/${body.number}`), 401, 'http.show_number');
});

test('Back after applying: the check page sent again leads to the same case', async () => {
    const villager = await new Browser(centre.address).open(`/apply/${item}`);
    await villager.send(`/apply/${item}`, { ...applicant, place: villager.page('select[name=place] optgroup option').eq(2).attr('value') });
    const looked = villager.page;
    await villager.send(`/apply/${item}`);
    const begunAt = villager.path;
    assert.match(begunAt, /^\/track\/\d{18}\/begun$/);
    villager.page = looked;
    await villager.send(`/apply/${item}`);
    assert.equal(villager.path, begunAt, villager.text);
});

test('an applicant’s ways do not sign a clerk out', async () => {
    const place = Number((await people.cun.get(`/desk/apply/${item}`)).body.place.code);
    const home = new Program(centre.address);
    const { number } = (await home.post(`/apply/${item}`, { ...applicant, place })).body;
    const { code } = (await home.get(`/track/${number}/begun`)).body;
    const clerk = await new Program(centre.address).signIn('cun');
    refused(await clerk.post(`/apply/${item}`, { ...applicant, place }), 409, 'portal.not_at_the_desk');
    assert.equal((await clerk.post('/track', { number, code })).status, 201);
    assert.equal((await clerk.get(`/track/${number}`)).body.masked, false, 'he sees it as its holder');
    refused(await clerk.get(`/desk/cases/${number}`), 403, 'cases.not_your_case');
    assert.equal((await clerk.get('/desk')).status, 200);
});

test('a place that is none, and a name that nobody sees: told at the field', async () => {
    const place = (await people.cun.get(`/desk/apply/${item}`)).body.place.code;
    for (const wrong of ['330482999999', '330483000000', '1']) {
        const answer = await new Program(centre.address).post(`/apply/${item}`, { ...applicant, place: Number(wrong) });
        refused(answer, 422, 'portal.which_place');
        assert.equal(answer.body.errors[0].field, 'place');
    }
    for (const name of ['\u200b\u200b\u200b', '\u202e张三示例', '\u3164\u3164']) {
        const answer = await new Program(centre.address).post(`/apply/${item}`, { ...applicant, name, place: Number(place) });
        refused(answer, 422);
        assert.deepEqual(answer.body.errors.map((one) => one.field), ['name'], JSON.stringify(name));
    }
    for (const [number, fields] of [['330499198001010014', ['party_kind', 'id_number']], [applicant.id_number, ['party_kind']]]) {
        const { name, telephone } = applicant;
        const answer = await new Program(centre.address).post(`/apply/${item}`, { name, telephone, id_number: number, place: Number(place) });
        assert.deepEqual(answer.body.errors.map((one) => one.field), fields, 'a number is judged before its kind is chosen');
    }
    const villager = await new Browser(centre.address).open(`/apply/${item}`);
    await villager.send(`/apply/${item}`, { ...applicant, place });
    assert.ok(villager.text.includes(villager.page('main p.quiet').text()) && villager.page('main p.quiet').text().length > 2, 'the item is named');
});

test('an applicant learns nothing of other cases, and the code only at the beginning', async () => {
    const place = Number((await people.cun.get(`/desk/apply/${item}`)).body.place.code);
    const holder = new Program(centre.address);
    const { number } = (await holder.post(`/apply/${item}`, { ...applicant, place })).body;
    const other = await begun();
    for (const it of [other, '330482140903999999']) {
        refused(await holder.get(`/track/${it}`), 404, 'cases.another_number');
        refused(await holder.get(`/track/${it}/papers/1`), 404, 'cases.another_number');
        refused(await holder.post(`/track/${it}/withdraw`, { seen: 1, reason: '不办了' }), 404, 'cases.another_number');
    }
    const shown = async (person, it) => (await person.ask(`/track/${it}/begun`, { headers: { Accept: 'text/html' } }));
    assert.equal((await shown(holder, number)).status, 200);
    const staff = await shown(people.cun, other);
    assert.equal(staff.status, 303);
    assert.equal(staff.headers.get('location'), `/track/${other}`);
    const { seen } = (await holder.get(`/track/${number}`)).body;
    assert.equal((await holder.post(`/track/${number}/withdraw`, { seen, reason: '不办了' })).status, 201);
    assert.equal((await shown(holder, number)).status, 303, 'it is begun no more');
});

// ---- uploads ----

async function upload(name, bytes, type = 'application/pdf') {
    const clerk = await new Browser(centre.address, 'zh').signIn('cun');
    const number = await begun();
    await clerk.open(`/desk/cases/${number}`);
    const material = clerk.page('select[name=material] option').first().attr('value');
    await clerk.send('/attach', { material }, [['papers', name, bytes, type]]);
    return { clerk, number };
}

test('a zero-byte paper and a program called a paper', async () => {
    const bad = [['空.pdf', Buffer.alloc(0)], ['setup.pdf', Buffer.from('MZ\x90\x00 this is a program')], ['readme.pdf', Buffer.from('plain text')],
        ['photo.jpg', Buffer.from('GIF89a is no photograph')]];
    for (const [name, bytes] of bad) {
        const { clerk, number } = await upload(name, bytes);
        assert.equal(clerk.status, 422, name);
        assert.match(clerk.page('[role=alert]').text(), new RegExp(name), 'it is named');
        const { body } = await people.cun.get(`/desk/cases/${number}`);
        assert.ok(body.materials.every((one) => one.papers.length === 0), 'nothing was kept');
    }
});

// A raw conversation, for what no decent program sends. Resolves to the status line's number.
function raw(head, body = []) {
    const { hostname, port } = new URL(centre.address);
    return new Promise((done, fail) => {
        const socket = connect(Number(port), hostname);
        let said = '';
        socket.on('data', (chunk) => {
            said += chunk;
            const status = said.match(/^HTTP\/1\.1 (\d{3})/);
            if (status && status[1] !== '100') { done({ status: Number(status[1]), said }); socket.destroy(); }
        });
        socket.on('error', (error) => (said ? done({ status: 0, said }) : fail(error)));
        socket.on('close', () => done({ status: 0, said }));
        socket.write(head);
        (async () => {
            for await (const piece of body) {
                if (socket.destroyed) return;
                if (!socket.write(piece)) await new Promise((go) => { socket.once('drain', go); socket.once('close', go); });
                await new Promise(setImmediate); // an answer that is there is heard before more is said
            }
        })().catch(fail);
    });
}

const host = () => new URL(centre.address).host;

test('a 2 GB upload is refused before it has all come', async () => {
    const { number } = await atTheDepartment();
    const size = 2 * 1024 ** 3;
    const piece = Buffer.alloc(1 << 20, 0x25);
    let sent = 0;
    function* pieces() {
        yield '--x\r\nContent-Disposition: form-data; name="papers"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n';
        for (; sent < size; sent += piece.length) yield piece;
    }
    const { status } = await raw(`POST /desk/cases/${number}/attach HTTP/1.1\r\nHost: ${host()}\r\nCookie: ${people.cun.cookie}\r\n` +
        `Content-Type: multipart/form-data; boundary=x\r\nIdempotency-Key: big\r\nAccept: application/json\r\nContent-Length: ${size + 200}\r\n\r\n`, pieces());
    assert.equal(status, 413);
    assert.ok(sent < size / 2, `${sent} bytes were taken`);
});

test('broken UTF-8, broken JSON, too many fields, a huge header', async () => {
    const common = `Host: ${host()}\r\nCookie: ${people.cun.cookie}\r\nAccept: application/json\r\nIdempotency-Key: odd\r\n`;
    const post = (type, body) => raw(`POST /desk/apply/${item} HTTP/1.1\r\n${common}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`, [body]);
    const json = 'application/json';
    const odd = [
        [await post(json, Buffer.from('{"name": "\xff\xfe"}', 'latin1')), 400],
        [await post(json, Buffer.from('{"name": ')), 400],
        [await post(json, Buffer.from('['.repeat(100000))), 400],
        [await post(json, Buffer.from('"text"')), 400],
        [await post(json, Buffer.from(`{${Array.from({ length: 10000 }, (_, i) => `"f${i}":1`).join(',')}}`)), 400],
        [await post('application/x-www-form-urlencoded', Buffer.from(Array.from({ length: 10000 }, (_, i) => `f${i}=1`).join('&'))), 400],
        [await post('text/plain', Buffer.from('name=1')), 415],
    ];
    for (const [{ status, said }, wanted] of odd) assert.equal(status, wanted, said.slice(0, 300));
    const { status } = await raw(`GET / HTTP/1.1\r\nHost: ${host()}\r\nX-Long: ${'x'.repeat(1 << 20)}\r\n\r\n`);
    assert.ok([400, 413, 431, 0].includes(status), `${status}`);
    assert.equal((await new Program(centre.address).get('/track')).status, 200, 'the centre is still open');
});

test('a form of another site', async () => {
    const { number } = await atTheDepartment();
    const { seen } = (await people.shen.get(`/desk/cases/${number}`)).body;
    const answer = await people.shen.ask(`/desk/cases/${number}/accept`, {
        method: 'POST', body: new URLSearchParams({ seen, _key: 'x' }),
        headers: { Origin: 'https://elsewhere.example', Accept: 'application/json' },
    });
    assert.equal(answer.status, 403);
    const tokenless = await people.shen.ask(`/desk/cases/${number}/accept`, {
        method: 'POST', body: new URLSearchParams({ seen, _key: 'x' }), headers: { Accept: 'application/json' },
    });
    assert.equal(tokenless.status, 403);
});

test('a password tried again and again locks the account for a while', async () => {
    const thief = new Program(centre.address);
    let answer;
    for (let i = 0; i < 12; i++) answer = await thief.post('/sign-in', { account: 'ju', password: `Wrong-${i}` });
    refused(answer, 429, 'http.wait');
    refused(await thief.post('/sign-in', { account: 'ju', password }), 429, 'http.wait');
    const clerk = await new Program(centre.address).post('/sign-in', { account: 'shou', password });
    assert.equal(clerk.status, 201, 'others may go on');
});

test('what does not exist, and a method that is not offered', async () => {
    refused(await people.cun.get('/no/such/page'), 404);
    refused(await people.cun.get('/desk/cases/330482140903999999'), 404);
    refused(await people.cun.post('/items', {}), 405);
});
