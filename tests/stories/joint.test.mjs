// SPDX-License-Identifier: Apache-2.0
// Somebody opens a restaurant with one application: the market bureau takes in for the fire brigade too and accepts for both; when both
// have granted, the next stage begins, and when that is granted all is done.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Desks } from './parts.mjs';
import { Program } from './people.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let desks;
before(async () => {
    centre = await Centre.open();
    desks = await Desks.of(centre, ['SJJ-03', 'XFDD-03', 'SJJ-02', 'DSJ-01']);
});
after(() => centre.close());

const program = (name, code) => desks.program(name, code);
const account = (name, code) => desks.account(name, code);
const at = (who, path, language) => desks.at(who, path, language);
const granted = (code, number) => desks.granted(code, number);
const says = (text, ...all) => { for (const one of all) assert.ok(text.includes(one), `“${one}” is not in: ${text}`); };

async function begun(language = 'zh') {
    const number = await (await program('shou', 'SJJ-03')).handIn('SJJ-03', villager);
    const clerk = await at(account('shou', 'SJJ-03'), `/desk/cases/${number}`, language);
    await clerk.follow(language === 'zh' ? '联合办理（一件事）' : 'Handle jointly');
    const materials = clerk.page('input[name=materials]').toArray().map((one) => clerk.page(one).attr('value'));
    await clerk.send(`/of/${number}`, { service: 'LB-01', materials });
    assert.equal(clerk.status, 200, clerk.text);
    return { number, clerk, whole: clerk.path };
}

const partsOf = async (whole) => (await (await program('shen', 'SJJ-03')).get(whole)).body;

const names = { 'DSJ-01': '税务登记', 'SJJ-03': '餐饮服务许可', 'SJJ-02': '个体工商户', 'XFDD-03': '消防' };
const caseOf = (body, code) => body.parts.find((part) => part.item_name.includes(names[code])).case_number_grouped.replace(/\D/g, '');

test('one application, one acceptance, and the next stage upon notice of the former’s end', async () => {
    const { whole, clerk } = await begun();
    says(clerk.text, '待统一受理', '餐饮服务许可', '消防');
    const reviewer = await at(account('shen', 'SJJ-03'), whole);
    await reviewer.send('/accept-joint', { opinion: '材料齐全' });
    assert.equal(reviewer.status, 200, reviewer.text);
    says(reviewer.text, '联合办理中');
    const paper = await paperOf(reviewer, documentLinks(reviewer).find(([text]) => text === '联合办理受理通知书')[1]);
    says(paper.text.replace(/\s/g, ''), '统一受理', '餐饮服务许可', '全部办结');
    const body = await partsOf(whole);
    assert.equal(paper.text.replace(/\s/g, '').includes('暂定'), Boolean(body.provisional_day), 'paper and page agree');
    assert.equal(reviewer.text.includes('暂定'), Boolean(body.provisional_day));
    const fire = await at(account('shen', 'XFDD-03'), `/desk/cases/${caseOf(body, 'XFDD-03')}`);
    says(fire.text, '审查中', '联办事项', '联办件');
    await granted('XFDD-03', caseOf(body, 'XFDD-03'));
    assert.equal((await partsOf(whole)).state, 'joint_running');
    await granted('SJJ-03', caseOf(body, 'SJJ-03'));
    await reviewer.open(whole);
    says(reviewer.text, '待启动下一阶段', '联合办理阶段办结告知书');
    await reviewer.send('/start-next', { opinion: '材料齐全' });
    assert.equal(reviewer.status, 200, reviewer.text);
    const shop = caseOf(await partsOf(whole), 'SJJ-02');
    await granted('SJJ-02', shop);
    assert.equal((await partsOf(whole)).state, 'joint_waits', 'the tax office waits for the business licence itself');
    await desks.does('shou', 'SJJ-02', shop, 'issue');
    const tax = caseOf(await partsOf(whole), 'DSJ-01');
    const papers = (await (await program('shen', 'DSJ-01')).get(`/desk/cases/${tax}`)).body.materials;
    assert.ok(papers.find((one) => one.name === '营业执照').in_register, 'the licence is there as its paper');
    await desks.does('shou', 'DSJ-01', tax, 'accept', 'grant');
    assert.equal((await partsOf(whole)).state, 'joint_done');
});

test('the head of the centre extends, nobody else, and once', async () => {
    const { whole } = await begun('en');
    const head = await at('zhuren', whole, 'en');
    assert.equal(head.page('form[action$="/extend-joint"]').length, 0, 'nothing runs yet');
    await (await at(account('shen', 'SJJ-03'), whole)).send('/accept-joint', { opinion: '材料齐全' });
    await head.open(whole);
    await head.send('/extend-joint', { reason: 'Two organs wait for each other' });
    assert.equal(head.status, 200, head.text);
    says(head.text, 'extended by fifteen working days');
    assert.equal(head.page('form[action$="/extend-joint"]').length, 0);
    const stranger = await new Program(centre.address).signIn('cun');
    assert.equal((await stranger.post(`${whole}/extend-joint`, { seen: 4, reason: '？' })).body.reason, 'joint.not_yours');
    assert.equal((await stranger.post(`/desk/joint/of/${whole.split('/').pop()}`, { service: 'LB-01' })).status, 403);
    assert.equal((await new Program(centre.address).get(whole)).status, 401);
});

test('only the leading desk begins one, of its own services, once', async () => {
    const { number } = await begun();
    const clerk = await program('shou', 'SJJ-03');
    assert.equal((await clerk.post(`/desk/joint/of/${number}`, { service: 'LB-01' })).body.reason, 'joint.begun_already');
    const other = await clerk.handIn('SJJ-03', villager);
    assert.equal((await clerk.post(`/desk/joint/of/${other}`, { service: 'LB-02' })).body.reason, 'joint.which_service');
    assert.equal((await (await program('shou', 'XFDD-03')).post(`/desk/joint/of/${other}`, { service: 'LB-01' })).body.reason, 'joint.not_yours_to_begin');
});
