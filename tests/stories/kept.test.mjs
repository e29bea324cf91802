// SPDX-License-Identifier: Apache-2.0
// Nothing that somebody has typed or sent is lost: when the session ends meanwhile, when the form is refused, when the browser crashes, and
// when a colleague was faster.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { asked, Centre, password } from './centre.mjs';
import { Browser, newCode, Program, scan } from './people.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = async (account, path, language = 'en') => (await new Browser(centre.address, language).signIn(account)).open(path);
// Signs out at another browser, which ends all sessions of the account, as an administrator does who resets its password.
async function endSessionsOf(account) {
    const elsewhere = await new Browser(centre.address, 'en').signIn(account);
    await elsewhere.send('/sign-out');
}
const rows = () => asked(centre.database, 'SELECT COUNT(*) FROM http_kept').trim();
const formOf = (browser, action) => browser.form(action);
const typed = (browser, action, name) => formOf(browser, action).find(`[name="${name}"]`).text();

async function taken() {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, villager);
    const number = clerk.path.split('/').pop();
    const materials = [...new Set(clerk.page('select[name=material] option').toArray().map((one) => clerk.page(one).attr('value')))];
    return { clerk, number, materials };
}

async function handedIn() {
    const { clerk, number, materials } = await taken();
    await clerk.send('/submit', { materials });
    return number;
}

test('a session that ended meanwhile: the password is asked for on the spot, and the form is there again with its text', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const town = await at('zhen', path);
    await endSessionsOf('zhen');
    await town.send('/pass', { opinion: 'Seen on the spot; the yard is paved.' });
    assert.equal(town.status, 401);
    assert.match(town.text, /kept for an hour/);
    assert.equal(formOf(town, '/sign-in').find('[name=next]').attr('value'), path);
    assert.ok(!town.html.includes('the yard is paved'), 'the text is not carried in the page');
    await town.send('/sign-in', { account: 'zhen', password });
    assert.equal(town.path, path);
    assert.equal(typed(town, '/pass', 'opinion'), 'Seen on the spot; the yard is paved.');
    await town.send('/pass');
    assert.equal(town.status, 200, town.text);
    assert.match(town.text, /the yard is paved/);
    assert.equal(rows(), '0', 'it is gone when the form was sent');
    await town.open('/desk/cases/' + number);
    assert.doesNotMatch(town.text, /typed but not sent/);
});

test('so it is with files, which are sent with the form and not chosen again', async () => {
    const { clerk, number, materials } = await taken();
    await endSessionsOf('cun');
    await clerk.send('/attach', { material: materials[0] }, [['papers', '租赁合同.pdf', scan('late'), 'application/pdf']]);
    assert.equal(clerk.status, 401);
    assert.match(clerk.text, /kept for an hour/);
    await clerk.send('/sign-in', { account: 'cun', password });
    assert.equal(clerk.path, `/desk/cases/${number}`);
    const form = formOf(clerk, '/attach');
    assert.equal(form.find('[name=material] [selected]').attr('value'), materials[0]);
    assert.match(form.text(), /租赁合同.pdf/);
    await clerk.send('/attach');
    assert.equal(clerk.status, 200, clerk.text);
    const program = await new Program(centre.address).signIn('cun');
    const { body } = await program.get(`/desk/cases/${number}`);
    assert.equal(body.materials.find((one) => one.name === materials[0]).papers.length, 1);
    assert.equal(rows(), '0');
});

test('nobody else gets it: not another account on that page, not another browser of the account', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const town = await at('zhen', path);
    await endSessionsOf('zhen');
    await town.send('/pass', { opinion: 'For my eyes alone' });
    const elsewhere = await at('zhen', path);
    assert.ok(!elsewhere.html.includes('For my eyes alone'), 'another browser of the account');
    await town.send('/sign-in', { account: 'shen', password });
    await town.open(path);
    assert.ok(!town.html.includes('For my eyes alone'), 'another account in that browser');
    await town.send('/sign-out');
    await town.signIn('zhen');
    await town.open(path);
    assert.equal(typed(town, '/pass', 'opinion'), 'For my eyes alone');
    await town.send('/pass', { _drop: 'yes' }).catch(() => town.ask(`${path}/pass`, { method: 'POST', headers: { Accept: 'text/html' }, body: town.bodyOf(formOf(town, '/pass'), { _drop: 'yes' }, []) }));
    await town.open(path);
    assert.ok(!town.html.includes('For my eyes alone'), 'dropped');
    assert.equal(rows(), '0');
});

test('a form without the proof of the session that has ended is kept for nobody', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const town = await at('zhen', path);
    await endSessionsOf('zhen');
    const post = (fields, headers = {}) => town.ask(`${path}/pass`, { method: 'POST', headers: { Accept: 'text/html', ...headers }, body: new URLSearchParams(fields) });
    const token = formOf(town, '/pass').find('[name=_token]').attr('value');
    for (const [fields, headers, status] of [
        [{ opinion: 'x', _token: '0'.repeat(token.length), _key: 'k1' }, {}, 401],
        [{ opinion: 'x', _key: 'k2' }, {}, 401],
        [{ opinion: 'x', _token: token, _key: 'k3' }, { Origin: 'https://elsewhere.example' }, 403],
        [{ opinion: 'x', _token: token, _key: 'k4' }, { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ])
        assert.equal((await post(fields, headers)).status, status);
    assert.equal(rows(), '0');
    for (let i = 0; i < 8; i++) await post({ opinion: `number ${i}`, _token: token, _key: `m${i}` });
    assert.equal(rows(), '1', 'one for a form');
    assert.equal(asked(centre.database, "SELECT COUNT(*) FROM http_kept WHERE content LIKE '%number%'").trim(), '0', 'it is sealed');
});

test('what is typed at length is saved without being sent, and there again in another browser', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const town = await at('zhen', path);
    const save = (fields, accept = 'application/json') => town.ask(`${path}/pass`, { method: 'POST', headers: { Accept: accept }, body: town.bodyOf(formOf(town, '/pass'), { _save: 'yes', ...fields }, []) });
    assert.equal((await save({ opinion: 'half a sent' })).status, 201);
    assert.equal((await save({ opinion: 'half a sentence' })).status, 201);
    assert.equal((await save({ opinion: 'half a sentence' }, 'text/html')).headers.get('location'), path);
    const after = await at('zhen', path);
    assert.equal(typed(after, '/pass', 'opinion'), 'half a sentence');
    assert.match(after.text, /typed but not sent/);
    assert.ok(!(await at('shen', path)).html.includes('half a sentence'), 'a colleague sees nothing of it');
    assert.equal((await save({ opinion: 'x'.repeat(300000) })).status, 413, 'it is bounded');
    const refused = await town.ask(`${path}/pass`, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ opinion: 'x', _save: 'yes' }) });
    assert.equal(refused.status, 403, 'without the proof nothing is saved');
    await after.send('/pass');
    assert.equal(after.status, 200, after.text);
    await town.open(path);
    assert.ok(!/typed but not sent/.test(town.text));
});

test('the files of a form that is refused are there when it is shown again', async () => {
    const { clerk, number, materials } = await taken();
    const first = clerk.form('/attach', [1]).find('[name=seen]').attr('value');
    const program = await new Program(centre.address).signIn('cun');
    const hidden = await new Browser(centre.address, 'en').signIn('cun');
    await hidden.open(`/desk/cases/${number}`);
    await hidden.send('/attach', { material: materials[1] }, [['papers', 'other.pdf', scan('other'), 'application/pdf']]);
    await clerk.send('/attach', { material: materials[0], seen: first }, [['papers', '合同.pdf', scan('stale'), 'application/pdf']]);
    assert.equal(clerk.status, 409, 'somebody was faster');
    assert.match(formOf(clerk, '/attach').text(), /合同.pdf/);
    await clerk.send('/attach');
    assert.equal(clerk.status, 200, clerk.text);
    const { body } = await program.get(`/desk/cases/${number}`);
    assert.deepEqual(body.materials.slice(0, 2).map((one) => one.papers.length), [1, 1]);
});

test('two people on one case: the second learns who did what and when, finds what he typed, and goes on by the button', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    await (await at('zhen', path)).send('/pass', { opinion: 'complete' });
    const [second, first] = [await at('shen', path), await at('shen', path)];
    await first.send('/reveal', { reason: 'to compare with the register' });
    await second.send('/accept');
    assert.equal(second.status, 409);
    const [name] = asked(centre.database, "SELECT name FROM staff WHERE account = 'shen'").trim().split('\n');
    const said = second.page('#problem').text();
    assert.ok(said.includes(name), `${name}: ${said}`);
    assert.match(said, new RegExp(`\\d{1,2} \\w+ 20\\d\\d, \\d\\d:\\d\\d`));
    assert.match(said, /press the button again/);
    await second.send('/accept');
    assert.equal(second.status, 200, second.text);
});

test('what was typed into a form that is not open any more stands in the refusal', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const [second, first] = [await at('zhen', path), await at('zhen', path)];
    await first.send('/pass', { opinion: 'first' });
    await second.send('/pass', { opinion: 'The neighbours were asked, too: no objection.' });
    assert.equal(second.status, 403, 'the case is at the bureau now');
    assert.match(second.page('#problem').text(), /no objection/);
});

test('a program says by If-Match of which state it acts', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const zhen = await new Program(centre.address).signIn('zhen');
    const { seen } = (await zhen.get(path)).body;
    const stale = await zhen.post(`${path}/pass`, { opinion: 'x' }, undefined, { 'If-Match': `"${seen - 1}"` });
    assert.deepEqual([stale.status, stale.body.reason, stale.body.actor_kind], [409, 'cases.stale', 'staff']);
    assert.equal((await zhen.post(`${path}/pass`, { opinion: 'x' }, undefined, { 'If-Match': `"${seen}"` })).status, 201);
});

test('an applicant whose session ended shows number and code again, and is led back to his form', async () => {
    const number = await handedIn(), path = `/track/${number}`;
    const home = await new Browser(centre.address, 'en').open('/track');
    await home.send('/track', { number, code: await newCode(centre, number) });
    assert.equal(home.path, path);
    const code = await newCode(centre, number); // which ends what was open by the one before
    await home.send('/own-code', { id_number: villager.id_number });
    assert.equal(home.status, 401, home.text);
    assert.match(home.text, /kept for an hour/);
    assert.equal(formOf(home, '/track').find('[name=next]').attr('value'), path);
    await home.send('/track', { number, code });
    assert.equal(home.path, path);
    assert.equal(formOf(home, '/own-code').find('[name=id_number]').attr('value'), villager.id_number);
    await home.send('/own-code');
    assert.equal(home.path, `${path}/slip`, home.text);
    await home.open(path);
    assert.doesNotMatch(home.text, /typed but not sent/);
});

test('the way back leads to no other site', async () => {
    const number = await handedIn(), code = await newCode(centre, number);
    for (const next of ['//elsewhere.example/', 'https://elsewhere.example/', '/\\elsewhere.example'])
        for (const [path, fields, own] of [['/track', { number, code }, `/track/${number}`], ['/sign-in', { account: 'zhen', password }, '/desk']]) {
            const sent = new URLSearchParams({ ...fields, next, _key: `${path}${next}` });
            const answer = await new Browser(centre.address).ask(path, { method: 'POST', headers: { Accept: 'text/html' }, body: sent });
            assert.equal(answer.headers.get('location'), own, `${path} ${next}`);
        }
});

test('after signing out in another tab the way in is offered, with what was typed to be copied', async () => {
    const number = await handedIn(), path = `/desk/cases/${number}`;
    const town = await at('zhen', path);
    const form = formOf(town, '/pass'), body = town.bodyOf(form, { opinion: 'Typed in the other tab' }, []);
    await town.send('/sign-out');
    await town.show(await town.ask(`${path}/pass`, { method: 'POST', headers: { Accept: 'text/html' }, body }), `${path}/pass`);
    assert.equal(town.status, 401);
    assert.match(town.text, /Typed in the other tab/);
    assert.equal(formOf(town, '/sign-in').find('[name=next]').attr('value'), path);
});

test('a file that is refused for what it is, is not kept; nor is a refused form shown on a page that is opened anew', async () => {
    const { clerk, number, materials } = await taken();
    await clerk.send('/attach', { material: materials[0] }, [['papers', 'program.pdf', Buffer.from('MZ no paper'), 'application/pdf']]);
    assert.equal(clerk.status, 422);
    assert.equal(clerk.page('[name=_file]').length, 0);
    await clerk.open(`/desk/cases/${number}`);
    assert.doesNotMatch(clerk.text, /typed but not sent/);
    await clerk.send('/attach', { material: materials[0] }, [['papers', 'good.pdf', scan('good'), 'application/pdf']]);
    assert.equal(clerk.status, 200, clerk.text);
});

test('two administrators on one setting: the second is told before it is changed over', async () => {
    const settings = [
        ['guan', '/desk/calendar', '/calendar/hours', { by_office_hours: 'true' }, {}],
        ['quan', '/desk/security/keeping', '/security/keeping', { months: 12 }, { months: 18 }],
        ['quan', '/desk/factors', '/desk/factors', { roles: ['auditor'] }, { roles: ['auditor', 'supervisor'] }],
        ['xiang', '/desk/items', '/items/reform', { day: '2014-03-01' }, { day: '2014-03-02' }],
    ];
    for (const [account, page, action, one, other] of settings) {
        const [first, second] = [await at(account, page), await at(account, page, 'zh')];
        await first.send(action, one);
        assert.equal(first.status, 200, `${page} ${first.text}`);
        await second.send(action, other);
        assert.equal(second.status, 409, `${page} ${second.text}`);
        assert.match(second.page('#problem').text(), /别人已改过这项设置/);
        await second.send(action, other);
        assert.equal(second.status, 200, `${page} ${second.text}`);
    }
});
