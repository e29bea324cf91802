// SPDX-License-Identifier: Apache-2.0
// A written promise stands for a paper: at the counter and from home, kept and not kept, checked and found untrue.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const words = {
    zh: { begin: '容缺受理或告知承诺', follows: '容缺后补', once: '只能承诺一次', sign: '签名', ticked: '勾选确认', kept: '已履行', withdrawn: '撤回受理', broken: '承诺不实', revoked: '已撤销' },
    en: { begin: 'Promise missing papers', follows: 'to follow later', once: 'one promise', sign: 'Signature', ticked: 'Ticked online', kept: 'kept', withdrawn: 'cceptance is withdrawn', broken: 'not true', revoked: 'revoked' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = (account, language) => new Browser(centre.address, language).signIn(account);
const program = (account) => new Program(centre.address).signIn(account);
const promisable = (materials, key) => materials.filter((one) => one[key]).map((one) => one.name);
async function elements() {
    const { body } = await new Program(centre.address).get(`/items/${item}`);
    return body.materials;
}

// Handed in at the village without these papers, and passed on by the town.
async function handedIn(lacking) {
    const clerk = await program('cun');
    const { number } = (await clerk.post(`/desk/apply/${item}`, applicant)).body;
    const { materials } = (await clerk.get(`/desk/cases/${number}`)).body;
    await clerk.act(number, 'submit', { materials: materials.map((one) => one.name).filter((name) => !lacking.includes(name)) });
    const town = await program('zhen');
    const passed = await town.act(number, 'pass', { opinion: '已核对' });
    assert.ok(passed.status < 300, JSON.stringify(passed.body));
    return number;
}

async function decided(number) {
    const [reviewer, approver] = [await program('shen'), await program('pizhun')];
    assert.ok((await reviewer.act(number, 'accept')).status < 300);
    assert.ok((await reviewer.act(number, 'pass', { opinion: '符合' })).status < 300);
    return approver.act(number, 'grant', { opinion: '同意' });
}

const textOf = async (browser, code, language) => (await paperOf(browser, language === 'en' ? `/translations/${code}/en` : `/documents/${code}`)).text.replace(/\s+/g, language === 'en' ? ' ' : '');

for (const language of ['zh', 'en']) {
    const said = words[language];

    test(`what follows is promised at the counter, counts for acceptance and is brought before the decision, ${language}`, async () => {
        const follows = promisable(await elements(), 'may_follow');
        assert.ok(follows.length, 'the item lets a paper follow');
        const number = await handedIn(follows);
        const reviewer = await program('shen');
        assert.equal((await reviewer.act(number, 'accept')).body.reason, 'cases.incomplete');
        const clerk = await at('cun', language);
        await clerk.open(`/desk/cases/${number}`);
        await clerk.follow(said.begin);
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.text.includes(said.follows) && clerk.text.includes(said.once), clerk.text);
        await clerk.send(`/of/${number}`, { materials: follows });
        assert.equal(clerk.status, 422, 'nothing is promised without the tick');
        await clerk.send(`/of/${number}`, { materials: follows, consent: 'true' });
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.page('main').text().includes(said.follows), clerk.text);
        const { body } = await (await program('cun')).get(`/desk/cases/${number}`);
        const letter = body.documents.find((one) => one.document_kind === 'following_letter') ?? assert.fail(JSON.stringify(body.documents));
        assert.ok((await textOf(clerk, letter.code, language)).includes(said.sign));
        const grant = await decided(number);
        assert.deepEqual([grant.status, grant.body.reason], [409, 'cases.incomplete']);
        const promised = asked(centre.database, `SELECT number FROM promise WHERE case_number = ${number}`).trim();
        const desk = await at('shen', language);
        await desk.open(`/desk/promises/${promised}`);
        await desk.send('/fulfil');
        assert.equal(desk.status, 422, 'who has not seen the paper cannot say so');
        await desk.send('/fulfil', { papers_seen: 'true' });
        assert.equal(desk.status, 200, desk.text);
        assert.ok(desk.text.includes(said.kept), desk.text);
        assert.ok((await (await program('pizhun')).act(number, 'grant', { opinion: '同意' })).status < 300);
    });

    test(`what is vouched for from home is granted, checked and found true, ${language}`, async () => {
        const vouched = promisable(await elements(), 'may_promise');
        const visitor = new Browser(centre.address, language), home = new Program(centre.address);
        const { place } = (await (await program('cun')).get(`/desk/cases/${await handedIn([])}`)).body;
        const { number } = (await home.post(`/apply/${item}`, { ...applicant, place: place.code })).body;
        visitor.cookies = home.cookies;
        const { seen, materials } = (await home.get(`/track/${number}`)).body;
        assert.ok((await home.post(`/track/${number}/submit`, { seen })).status < 300);
        await visitor.open(`/track/${number}`);
        await visitor.follow(said.begin);
        await visitor.send(`/of/${number}`, { materials: vouched, consent: 'true' });
        assert.equal(visitor.status, 200, visitor.text);
        const { body } = await home.get(`/track/${number}`);
        const letter = body.documents.find((one) => one.document_kind === 'vouching_letter') ?? assert.fail(JSON.stringify(body.documents));
        assert.ok((await textOf(visitor, letter.code, language)).includes(said.ticked));
        const reviewer = await program('shen');
        assert.ok((await (await program('zhen')).act(number, 'pass', { opinion: '已核对' })).status < 300);
        const others = materials.filter((one) => one.required).map((one) => one.name).filter((name) => !vouched.includes(name));
        assert.ok((await reviewer.act(number, 'accept', { materials: others })).status < 300);
        assert.ok((await reviewer.act(number, 'pass', { opinion: '符合' })).status < 300);
        assert.ok((await (await program('pizhun')).act(number, 'grant', { opinion: '同意' })).status < 300, 'granted with the promise');
        const promised = asked(centre.database, `SELECT number FROM promise WHERE case_number = ${number}`).trim();
        const desk = await at('shen', language);
        await desk.open('/desk/promises');
        assert.ok(desk.page(`a[href*="/desk/promises/${promised}"]`).length, 'it stands among those to be checked');
        await desk.open(`/desk/promises/${promised}`);
        await desk.send('/confirm', { opinion: '属实' });
        assert.ok(desk.text.includes(said.kept), desk.text);
    });

    test(`what was promised and did not come ends the application by itself, with a notice, ${language}`, async () => {
        const [number] = asked(centre.database, "SELECT MIN(subject) FROM event WHERE kind = 'case.acceptance_withdrawn'").trim().match(/\d{18}/);
        const watcher = await at('jian', language);
        const { body } = await (await program('jian')).get(`/desk/cases/${number}`);
        assert.equal(body.state, 'withdrawn');
        const notice = body.documents.find((one) => one.document_kind === 'unacceptance') ?? assert.fail(JSON.stringify(body.documents));
        assert.ok((await textOf(watcher, notice.code, language)).includes(said.withdrawn));
        const promised = asked(centre.database, `SELECT number FROM promise WHERE case_number = ${number}`).trim();
        await watcher.open(`/desk/promises/${promised}`);
        assert.equal(watcher.status, 200, watcher.text);
    });

    test(`what was not true takes the decision and the licence back, ${language}`, async () => {
        const vouched = promisable(await elements(), 'may_promise');
        const number = await handedIn(vouched);
        const clerk = await program('cun');
        const { seen } = (await clerk.get(`/desk/cases/${number}`)).body;
        assert.ok((await clerk.post(`/desk/promises/of/${number}`, { seen, materials: vouched, consent: true })).status < 300);
        assert.ok((await decided(number)).status < 300);
        assert.ok((await (await program('zhen')).act(number, 'issue')).status < 300);
        const promised = asked(centre.database, `SELECT number FROM promise WHERE case_number = ${number}`).trim();
        const licence = asked(centre.database, `SELECT number FROM licence WHERE case_number = ${number}`).trim();
        const reviewer = await program('shen');
        const mark = (await reviewer.get(`/desk/promises/${promised}`)).body.seen;
        const refused = await reviewer.post(`/desk/promises/${promised}/break`, { seen: mark, reason: 'x', basis: 'y' });
        assert.deepEqual([refused.status, refused.body.reason], [403, 'promises.not_yours']);
        const head = await at('ju', language);
        await head.open(`/desk/promises/${promised}`);
        await head.send('/break', { reason: '核查与承诺不符', basis: '《行政许可法》第六十九条第二款' });
        assert.equal(head.status, 200, head.text);
        assert.ok(head.text.includes(said.broken), head.text);
        const anyone = await new Browser(centre.address, language).open(`/licences/${licence}`);
        assert.ok(anyone.text.toLowerCase().includes(said.revoked), anyone.text);
        assert.equal((await reviewer.get(`/desk/cases/${number}`)).body.state, 'revoked');
    });
}

test('nobody promises for others, in other counties, or what the item does not let be promised', async () => {
    const number = await handedIn(promisable(await elements(), 'may_follow'));
    const home = new Program(centre.address), elsewhere = await program('cun102001'), clerk = await program('cun');
    const { seen } = (await clerk.get(`/desk/cases/${number}`)).body;
    const promise = { seen, materials: ['取水许可申请书'], consent: true };
    const tries = [
        [await home.post(`/promises/of/${number}`, promise), [401, 403, 404]],
        [await elsewhere.post(`/desk/promises/of/${number}`, promise), [403]],
        [await clerk.post(`/desk/promises/of/${number}`, promise), [422]],
        [await clerk.post(`/desk/promises/of/330483140903000001`, promise), [404]],
        [await clerk.post(`/desk/promises/of/${number}`, { ...promise, materials: ['\u202e\u200b'.repeat(40)] }), [422]],
        [await clerk.post(`/desk/promises/of/${number}`, { ...promise, materials: 'x'.repeat(5000) }), [400, 413, 422]],
        [await clerk.post(`/desk/cases/${number}/promise`, promise), [404, 422]],
        [await clerk.post(`/desk/cases/${number}/unaccept`, promise), [403, 404, 409]],
    ];
    for (const [answer, statuses] of tries) assert.ok(statuses.includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
    assert.equal(asked(centre.database, `SELECT COUNT(*) FROM promise WHERE case_number = ${number}`).trim(), '0');
});
