// SPDX-License-Identifier: Apache-2.0
// A mill applies, is granted what the approver writes down, and is handed its licence, which it refuses to take: the papers along
// the way name the organ in full, its number, its seal, and what one can do.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const mill = { party_kind: 'enterprise', name: '平湖示例磨坊', id_number: '92330482MAXXXX090B', telephone: '0573-85550111', contact: '周示例',
    representative: '吴示例', address: '新仓镇示例路8号' };
const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = async (account, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account)).open(path);

async function go(number, steps) {
    for (const [account, action, fields] of steps) {
        const who = await at(account, `/desk/cases/${number}`);
        await who.send(`/${action}`, fields);
        assert.equal(who.status, 200, `${action}: ${who.text}`);
    }
}

async function decided(party, ...decision) {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, party);
    const number = clerk.path.split('/').pop();
    const materials = [...new Set(clerk.page('select[name=material] option').toArray().map((one) => clerk.page(one).attr('value')))];
    await clerk.send('/submit', { materials });
    await go(number, [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', ...decision]]);
    return number;
}

async function paper(number, kind, { account = 'cun', language = 'zh' } = {}) {
    const who = await at(account, `/desk/cases/${number}`, language);
    const [, link] = documentLinks(who).findLast(([text]) => text === kind) ?? assert.fail(`no ${kind}:\n${who.text}`);
    const seen = await paperOf(who, link);
    return { ...seen, text: seen.text.replace(/\s/g, '') };
}

const says = (text, ...all) => { for (const one of all) assert.ok(text.includes(one), `“${one}” is not in: ${text}`); };

test('what is granted stands on decision and licence, and a refusal to take it is proved', async () => {
    const number = await decided(mill, 'grant', { opinion: '同意', granted: '面积120平方米，不含生食' });
    await go(number, [['zhen', 'issue', {}]]);
    const clerk = await at('cun', `/desk/cases/${number}`);
    await clerk.send('/deliver', { manner: 'left', receiver: '郑示例' });
    assert.equal(clerk.status, 422);
    says(clerk.text, '见证人');
    await clerk.send('/deliver', { manner: 'electronic' });
    assert.equal(clerk.status, 422);
    says(clerk.text, '电子送达须经受送达人同意');
    await clerk.send('/deliver', { manner: 'left', receiver: '郑示例', delivery_note: '拒收，村干部王示例见证' });
    assert.equal(clerk.status, 200, clerk.text);

    const receipt = await paper(number, '收件回执');
    says(receipt.text, '你单位于', '收件窗口', '便民服务点', '原件', '演示城市文书');
    const decision = await paper(number, '准予行政许可决定书');
    says(decision.text, '面积120平方米，不含生食', '92330482MAXXXX090B', '吴示例', '新仓镇示例路8号', '第三十八条第一款', '第四十四条', '联系电话');
    assert.match(decision.text, /平[^〔]+许〔\d{4}〕[1-9]\d*号/);
    const licence = await paper(number, '证照');
    says(licence.text, '正本', '副本', '面积120平方米，不含生食', '吴示例');
    const proof = await paper(number, '送达回证');
    says(proof.text, '留置送达', '郑示例', '拒收，村干部王示例见证', '准予行政许可决定书（平', '证照（平', '签名或者盖章');
});

test('the number of a person stands whole on his own licence and on the one that the desk hands over alone', async () => {
    const number = await decided({ ...villager, address: '新仓镇示例路9号' }, 'grant', { opinion: '同意' });
    await go(number, [['zhen', 'issue', {}]]);
    const staff = await paper(number, '证照', { account: 'shen' });
    says(staff.text, '330499********0013', '新仓镇示例路9号');
    assert.ok(!staff.text.includes(villager.id_number));
    says((await paper(number, '证照')).text, villager.id_number);
    const { body: { code } } = await (await new Program(centre.address).signIn('cun')).act(number, 'new-slip');
    const holder = await new Browser(centre.address, 'zh').open('/track');
    await holder.send('/track', { number, code });
    const [, link] = documentLinks(await at('cun', `/desk/cases/${number}`)).find(([text]) => text === '证照');
    const licenceOf = async () => (await paperOf(holder, link)).text;
    says(await licenceOf(), '330499********0013');
    await holder.send('/own-code', { id_number: villager.id_number });
    await holder.open(`/track/${number}`);
    says(await licenceOf(), villager.id_number);
});

test('a refusal tells the law and the facts, and the organ and the court of today', async () => {
    const number = await decided(villager, 'refuse', { reason: '场所没有消防通道' });
    const refusal = await paper(number, '不予行政许可决定书');
    says(refusal.text, '经审查查明：场所没有消防通道', '第三十八条第二款', '向平湖市人民政府申请行政复议', '六个月内依法直接向平湖市人民法院', '你于');
    assert.ok(!refusal.text.includes('上一级'), refusal.text);
    await go(number, [['cun', 'deliver', {}]]);
    const proof = await paper(number, '送达回证');
    says(proof.text, '直接送达', '张三示例', '不予行政许可决定书（平');
});
