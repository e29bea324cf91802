// SPDX-License-Identifier: Apache-2.0
// A dealer in dangerous chemicals applies: before anything is granted two officers see the shop, told to him beforehand, and both sign
// what they found; nobody writes of a check that nobody made.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, makeOwnCode, newCode, scan } from './people.mjs';

const item = 'AJJ-01'; // whose law demands a site check
const dealer = { party_kind: 'enterprise', name: '平湖示例化工店', id_number: '92330482MAXXXX090B', telephone: '0573-85550111', contact: '周示例',
    representative: '吴示例', address: '新仓镇示例路8号' };

let centre;
let organ;
before(async () => {
    centre = await Centre.open();
    organ = (await new Program(centre.address).get(`/items/${item}`)).body.organ;
});
after(() => centre.close());

const account = (name) => `${name}${String(organ).padStart(2, '0')}`;
const program = (name) => new Program(centre.address).signIn(account(name));
const at = async (name, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account(name))).open(path);
const says = (text, ...all) => { for (const one of all) assert.ok(text.includes(one), `“${one}” is not in: ${text}`); };

async function inReview() {
    const number = await (await program('shou')).handIn(item, dealer);
    const accepted = await (await program('shen')).act(number, 'accept');
    assert.equal(accepted.status, 201);
    const [beside] = accepted.body.beside;
    assert.equal(beside.state, 'to_appoint');
    return { number, visit: beside.subject_path };
}

const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
const staffOf = (browser) => browser.page('select[name=officer] option[value!=""]').toArray().map((one) => browser.page(one).attr('value'));
const record = { finding: 'fits', found: '店堂二十平方米，距民居三十米，有通风设备。', signature: 'signed' };

test('what the law wants seen is seen by two, and signed by both', async () => {
    const { number, visit } = await inReview();
    const reviewer = await at('shen', `/desk/cases/${number}`);
    await reviewer.send('/pass', { opinion: '符合条件' });
    assert.equal(reviewer.status, 409);
    says(reviewer.text, '须先现场核查', '《危险化学品安全管理条例》第三十五条第二款');
    await reviewer.open(visit);
    const [one] = staffOf(reviewer);
    await reviewer.send('/send-officers', { officer: one, companion: one, day: today(), half: 'morning', place: dealer.address });
    assert.equal(reviewer.status, 422);
    says(reviewer.text, '两名人员');
    const officers = { officer: staffOf(reviewer).find((id) => id !== one) ?? assert.fail('one alone'), companion: one };
    await reviewer.send('/send-officers', { ...officers, day: today(), half: 'morning', place: dealer.address });
    assert.equal(reviewer.status, 200, reviewer.text);
    const notice = await paperOf(reviewer, documentLinks(reviewer).find(([text]) => text === '现场核查通知书')[1]);
    says(notice.text.replace(/\s/g, ''), '现场核查通知书', dealer.name, dealer.address, '上午', '核通〔');

    const all = await Promise.all(['shou', 'shen', 'pizhun', 'ju'].map((name) => at(name, visit)));
    const two = all.filter((browser) => browser.page('form[action$="/record-visit"]').length);
    assert.equal(two.length, 2, 'the officers appointed, and nobody else, record it');
    await two[0].send('/add-photo', {}, [['papers', 'door.pdf', scan('the door'), 'application/pdf']]);
    says(two[0].text, '现场照片');
    const photo = await two[0].ask(two[0].page('a[href*="/papers/"]').attr('href'));
    assert.equal(photo.headers.get('content-type'), 'application/pdf');
    await two[0].send('/record-visit', { ...record, signature: 'refused' });
    assert.equal(two[0].status, 422);
    await two[0].send('/record-visit', record);
    assert.equal(two[0].page('form[action$="/sign-record"]').length, 0, 'who wrote it does not sign for the other');
    await two[1].open(visit);
    await two[1].send('/sign-record');
    says(two[1].text, '符合要求');
    const paper = await paperOf(two[1], documentLinks(two[1]).find(([text]) => text === '现场核查记录')[1]);
    says(paper.text.replace(/\s/g, ''), '现场核查记录', '店堂二十平方米', '已签');

    await reviewer.open(`/desk/cases/${number}`);
    await reviewer.send('/pass', { opinion: '经现场核查，符合条件' });
    assert.equal(reviewer.status, 200, reviewer.text);
    const approver = await at('pizhun', `/desk/cases/${number}`);
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 200, approver.text);
});

test('the applicant reads who comes and when, on the page of his case', async () => {
    const { number, visit } = await inReview();
    const reviewer = await at('shen', visit, 'en');
    const [officer, companion] = staffOf(reviewer);
    await reviewer.send('/send-officers', { officer, companion, day: today(), half: 'afternoon', place: dealer.address });
    const holder = await new Browser(centre.address, 'en').open('/track');
    await holder.send('/track', { number, code: await newCode(centre, number) });
    await makeOwnCode(centre, holder, number);
    await holder.follow('Site check');
    says(holder.text, 'afternoon', dealer.address, 'Notice of a site check');
    assert.equal(holder.page(`a[href="/track/${number}"]`).length, 1, 'and goes back to his case');
    assert.equal(holder.page('form[action$="/record-visit"]').length, 0);
    await holder.open('/messages');
    says(holder.text, 'Site check');
});

test('nobody else sees it, nor records it, nor claims one', async () => {
    const { visit } = await inReview();
    const stranger = await new Program(centre.address).signIn('shen');
    assert.equal((await stranger.get(visit)).status, 404);
    const taken = await stranger.post(`${visit}/send-officers`, { seen: 1, officer: 1, companion: 2, day: today(), half: 'morning', place: '别处' });
    assert.equal(taken.body.reason, 'visits.not_yours');
    assert.equal((await new Program(centre.address).get(visit)).status, 401);
    const reviewer = await program('shen');
    for (const [field, value, status] of [['place', '\u202e路', 422], ['place', 'x'.repeat(101), 422], ['officer', 999999, 422], ['day', '2014-02-30', 422], ['half', 'night', 422]]) {
        const { seen, staff } = (await reviewer.get(visit)).body;
        const fields = { seen, officer: Number(staff[0].id), companion: Number(staff[1].id), day: today(), half: 'morning', place: '新仓镇示例路8号', [field]: value };
        const answer = await reviewer.post(`${visit}/send-officers`, fields);
        assert.equal(answer.status, status, `${field} ${value}: ${JSON.stringify(answer.body)}`);
        assert.ok(answer.body.errors.some((one) => one.field === field && one.detail), JSON.stringify(answer.body));
    }
    assert.equal((await reviewer.get(visit)).body.state, 'to_appoint', 'a refusal changes nothing');
    assert.equal((await reviewer.get(visit.replace(/\d$/, (digit) => (Number(digit) + 5) % 10))).status, 404);
});

test('what goes to another organ is seen by that one alone', async () => {
    const { number, visit } = await inReview();
    const reviewer = await program('shen');
    const moved = await reviewer.act(number, 'transfer', { to_item: 'MZJ-04', reason: '属民政部门职权', basis: '《养老机构设立许可办法》第五条' });
    assert.ok(moved.status < 300, JSON.stringify(moved.body).slice(0, 300));
    const { state, seen, staff } = (await reviewer.get(visit)).body;
    assert.equal(state, 'no_visit');
    assert.equal(staff, undefined, 'nobody is chosen any more');
    const late = await reviewer.post(`${visit}/send-officers`, { seen, officer: 1, companion: 2, day: today(), half: 'morning', place: '新仓镇示例路8号' });
    assert.equal(late.body.reason, 'visits.not_now');
});

test('an organ sees for itself where no law demands it, and only then writes of it', async () => {
    const story = centre.accounts.match(/try: (\S+)/)[1];
    const clerk = await new Program(centre.address).signIn('cun');
    const number = await clerk.handIn(story, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    await (await new Program(centre.address).signIn('zhen')).act(number, 'pass', { opinion: '齐全' });
    const reviewer = await (await new Browser(centre.address, 'zh').signIn('shen')).open(`/desk/cases/${number}`);
    await reviewer.send('/accept');
    await reviewer.send('/pass', { opinion: '经实地核查，符合条件' });
    assert.equal(reviewer.status, 409);
    says(reviewer.text, '没有两名人员签好的核查记录');
    await reviewer.open(`/desk/cases/${number}`);
    await reviewer.follow('安排现场核查');
    await reviewer.send(`/of/${number}`, { reason: '核实取水口的位置' });
    says(reviewer.text, '待指派');
    await reviewer.send('/end-visit', { reason: '材料已能说明' });
    says(reviewer.text, '不再核查');
    const foreign = await program('shen');
    assert.equal((await foreign.get(`/desk/visits/of/${number}`)).body.reason, 'visits.not_yours_to_begin');
});
