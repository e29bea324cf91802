// SPDX-License-Identifier: Apache-2.0
// Personal data stay where they belong: masked by the kind of party, and in no address, no log and no answer that is kept.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre, asked } from './centre.mjs';
import { documentLinks } from './papers.mjs';
import { Browser, Program, newCode, scan } from './people.mjs';

// A person's name may be longer than an enterprise's.
const person = { party_kind: 'person', name: '阿卜杜热依木示例买买提江', id_number: '330499198001010013', telephone: '13800007777' };
const shop = { party_kind: 'enterprise', name: '湖店', id_number: '91350100M000100Y43', telephone: '0573-85550199', contact: '欧阳示例' };
const home = { party_kind: 'person', name: '司马示例光', id_number: '33049919800101003X', telephone: '13900008888' };
const secrets = [person, shop, home].flatMap((party) => [party.telephone, party.contact, ...(party === shop ? [] : [party.name, party.id_number])])
    .filter(Boolean);
const accounts = ['cun', 'zhen', 'fu', 'shou', 'shen', 'pizhun', 'ju', 'xiang', 'jian', 'zhuren', 'guan', 'quan', 'cha'];

let centre;
let item;
const addresses = []; // all that are asked or told
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    const { ask } = Browser.prototype;
    Browser.prototype.ask = async function noted(path, options) {
        const answer = await ask.call(this, path, options);
        addresses.push(path, answer.headers.get('location') ?? '');
        return answer;
    };
});
after(() => centre.close());

const at = async (account, path = '/desk') => (await new Browser(centre.address, 'zh').signIn(account)).open(path);

// One case from the counter of the village to the licence, as people do it in their browsers.
async function licensed(party) {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, party);
    assert.match(clerk.path, /\/desk\/cases\/\d{18}$/, clerk.text);
    const number = clerk.path.split('/').pop();
    const material = clerk.page('select[name=material] option').toArray().map((one) => clerk.page(one).attr('value'));
    await clerk.send('/attach', { material: material[0] }, [['papers', '扫描.pdf', scan(number), 'application/pdf']]);
    await clerk.send('/submit', { materials: [...new Set(material)].slice(1) });
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }],
        ['pizhun', 'grant', { opinion: '同意' }], ['zhen', 'issue', {}], ['cun', 'deliver', {}]]) {
        const who = await at(account, `/desk/cases/${number}`);
        while (who.page(`form[action$="/${action}"]`).length) await who.send(`/${action}`, fields);
    }
    const { body } = await (await new Program(centre.address).signIn('jian')).get(`/desk/cases/${number}`);
    assert.equal(body.state, 'delivered', JSON.stringify(body.state));
    return number;
}

const numbers = {};

test('the main ways of people, from the counter and from home', async () => {
    numbers.person = await licensed(person);
    numbers.shop = await licensed(shop);
    const villager = await new Browser(centre.address, 'zh').open(`/apply/${item}`);
    const place = villager.page('select[name=place] optgroup option').first().attr('value');
    await villager.send(`/apply/${item}`, { ...home, id_number: '330499198001010031', place });
    assert.equal(villager.status, 422, 'a wrong number');
    await villager.send(`/apply/${item}`, { ...home, place });
    await villager.send(`/apply/${item}`);
    assert.match(villager.path, /^\/track\/\d{18}\/begun$/, villager.text);
    numbers.home = villager.path.split('/')[2];
    await villager.open(`/track/${numbers.home}`);
    assert.ok(villager.text.includes(home.name) && villager.text.includes(home.telephone), 'it is his own');
    await villager.send('/attach', { material: villager.page('select[name=material] option').first().attr('value') },
        [['papers', '扫描.pdf', scan('home'), 'application/pdf']]);
    await villager.send('/submit');

    const applicant = await new Browser(centre.address, 'zh').open('/track');
    await applicant.send('/track', { number: numbers.person, code: await newCode(centre, numbers.person) });
    await applicant.send('/own-code', { id_number: person.id_number });
    await applicant.open('/messages');
    await applicant.open(`/track/${numbers.person}`);
    for (const [, link] of documentLinks(applicant)) assert.equal((await applicant.ask(link)).status, 200, link);
    await applicant.send('/rate', { level: 5 });
    await applicant.send('/leave');
});

test('what somebody types to find a person is in no address', async () => {
    const anyone = await new Browser(centre.address, 'zh').open('/licences');
    await anyone.send('/licences', { q: person.name });
    assert.equal(anyone.status, 200);
    assert.match(anyone.path, /^\/licences\?.*q=~/);
    assert.equal(anyone.page('table.list tbody tr').length, 1, anyone.text);
    assert.equal(anyone.page('input[name=q]').attr('value'), person.name, 'he sees what he has typed');
    const found = anyone.path;
    const hrefs = anyone.page('[href]').toArray().map((one) => anyone.page(one).attr('href'));
    addresses.push(...hrefs);
    await anyone.open(found.replace(/(q=~1~[^&]{20})./, '$1A'));
    assert.equal(anyone.status, 422, 'an address that was altered');
    assert.match(anyone.text, /请重新输入要查找的内容/);
    await anyone.open(`/licences?q=${encodeURIComponent(shop.name)}&sort=holder`);
    addresses.splice(addresses.length - 2); // typed by hand
    addresses.push(...anyone.page('[href]').toArray().map((one) => anyone.page(one).attr('href')));
    await anyone.open('/licences?sort=holder');
    assert.ok(anyone.page('a[rel=next]').length, 'there is more than a page');
    assert.match(anyone.page('a[rel=next]').attr('href'), /after=~/);
    const first = anyone.page('table.list tbody a').first().attr('href');
    await anyone.open(anyone.page('a[rel=next]').attr('href'));
    assert.equal(anyone.status, 200);
    assert.notEqual(anyone.page('table.list tbody a').first().attr('href'), first);
});

test('who verifies a paper reads a person’s name masked however long it is, and an enterprise’s in full', async () => {
    const supervisor = await new Program(centre.address).signIn('jian');
    for (const [number, shown] of [[numbers.person, `阿${'*'.repeat(10)}江`], [numbers.shop, shop.name]]) {
        const { documents } = (await supervisor.get(`/desk/cases/${number}`)).body;
        assert.ok(documents.length >= 3);
        for (const { code } of documents)
            assert.equal((await new Program(centre.address).get(`/verify/${code}`)).body.applicant_name, shown);
    }
});

// Each GET route, filled with what there is, for everybody but the holder.
test('no page and no JSON shows a person in clear to who has not said why', async () => {
    const visitor = new Program(centre.address);
    const { routes } = (await visitor.get('/api')).body;
    const codes = asked(centre.database, 'SELECT code FROM document ORDER BY made_at DESC LIMIT 4').trim().split('\n');
    const licences = asked(centre.database, 'SELECT number FROM licence ORDER BY number DESC LIMIT 2').trim().split('\n');
    const fill = { number: [...Object.values(numbers), ...licences], code: [...codes, item], item: [item], county: ['330482'], list: ['inbox', 'register'], paper: ['1'] };
    const paths = routes.filter(({ method, path }) => method === 'GET' && !/\.\.\.|tile|\/documents|\/translations|papers/.test(path)).flatMap(({ path }) =>
        (path.match(/\{\w+\}/g) ?? []).reduce((all, part) => all.flatMap((one) => (fill[part.slice(1, -1)] ?? ['1']).map((value) => one.replace(part, value))), [path]));
    assert.ok(paths.length > 80, `${paths.length} addresses`);
    for (const account of [null, ...accounts]) {
        const who = new Program(centre.address, 'zh');
        if (account) await who.signIn(account);
        for (const path of [...paths, '/desk?list=place', '/desk?list=all', '/licences?format=json', '/desk?list=place&format=csv'])
            for (const Accept of ['application/json', 'text/html']) {
                const said = await (await who.ask(path, { headers: { Accept } })).text();
                for (const secret of secrets) assert.ok(!said.includes(secret), `${account} ${path} ${Accept}: ${secret}`);
            }
    }
});

test('a draft at the counter is in clear to the clerk who takes it down, and masked for his colleagues', async () => {
    const [clerk, colleague] = [await new Program(centre.address).signIn('cun'), await new Program(centre.address).signIn('zhen')];
    const { number } = (await clerk.post(`/desk/apply/${item}`, home)).body;
    assert.equal((await clerk.get(`/desk/cases/${number}`)).body.applicant.name, home.name);
    const { status, body } = await colleague.get(`/desk/cases/${number}`);
    assert.equal(status, 200);
    assert.deepEqual([body.masked, body.applicant.name, body.applicant.id_number], [true, '司***光', '330499********003X']);
});

test('of two windows at one draft the second is told that it has been changed, and changes nothing', async () => {
    const clerk = await new Program(centre.address, 'en').signIn('cun');
    const { number } = (await clerk.post(`/desk/apply/${item}`, home)).body;
    const opened = (await clerk.get(`/desk/cases/${number}`)).body;
    const window = await new Browser(centre.address, 'en').signIn('cun');
    await window.open(`/desk/cases/${number}`);
    await window.send('/attach', { material: opened.materials[0].name }, [['papers', 'a.pdf', scan('of two windows'), 'application/pdf']]);
    assert.equal(window.status, 200);
    const stale = await clerk.post(`/desk/cases/${number}/submit`, { seen: opened.seen, materials: [] });
    assert.deepEqual([stale.status, stale.body.reason], [409, 'subject.draft_stale']);
    assert.match(stale.body.detail, /changed since you opened the page/);
    const now = (await clerk.get(`/desk/cases/${number}`)).body;
    assert.equal(now.state, 'draft');
    assert.equal((await clerk.post(`/desk/cases/${number}/submit`, { seen: now.seen, materials: [] })).status, 201);
    assert.equal((await clerk.post(`/desk/cases/${number}/reveal`, { seen: now.seen, reason: 'to see' })).body.reason, 'cases.stale', 'a page of the draft is of no use any more');
});

test('no address, no log and no kept answer has a name, a number or a telephone', () => {
    const kept = execFileSync(...(centre.database.startsWith('postgresql:') ? ['pg_dump', ['--data-only', '-t', 'http_done', centre.database]]
        : ['sqlite3', ['-readonly', centre.database, '.dump http_done']]), { encoding: 'utf8', maxBuffer: 1 << 30 });
    assert.ok(kept.includes(numbers.person) && addresses.length > 60);
    const said = [centre.log, kept, ...addresses, ...addresses.map((one) => decodeURIComponent(one))];
    for (const secret of secrets) for (const text of said) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 300)}`);
});

test('why personal data are asked for stands where they are asked, in both languages', async () => {
    for (const [language, words] of [['zh', ['第十七条', '第四十七条', '满30天']], ['en', ['arts. 17 and 35', 'art. 47', '30 days']]]) {
        const clerk = await new Browser(centre.address, language).signIn('cun');
        for (const path of [`/desk/apply/${item}`, '/']) assert.ok((await clerk.open(path)).page('a[href="/privacy"]').length, path);
        const visitor = await new Browser(centre.address, language).open(`/apply/${item}`);
        await visitor.open(visitor.page('main a[href="/privacy"]').attr('href'));
        for (const word of words) assert.ok(visitor.text.includes(word), `${word}: ${visitor.text}`);
    }
});

test('the notice tells the settings of this centre', async () => {
    const own = await Centre.open({ options: ['--draft-days', '12', '--keeping-years', '20', '--limits', 'case-idle-minutes=7,case-session-minutes=90,kiosk-idle-minutes=4'] });
    const administrator = await new Program(own.address).signIn('quan');
    assert.equal((await administrator.post('/desk/security/keeping', { months: 9 })).status, 201);
    const { text } = await new Browser(own.address, 'en').open('/privacy');
    await own.close();
    for (const said of ['deleted 12 days after', '20 years, unless the service says otherwise', 'after 7 idle minutes, and after 90 minutes', 'after 4 idle minutes', 'kept for 9 months'])
        assert.ok(text.includes(said), `${said}: ${text}`);
});
