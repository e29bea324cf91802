// SPDX-License-Identifier: Apache-2.0
// An agent applies for others: he says for whom, brings his authorisation, and all are named on the papers.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, newCode } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const agent = { by_agent: 'true', agent_name: '钱代理', agent_id: '330499198505050043', agent_scope: '提交材料、签收文书' };
const letter = '授权委托书';

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = async (account, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account)).open(path);
const materialsOf = (browser) => [...new Set(browser.page('select[name=material] option').toArray().map((one) => browser.page(one).attr('value')))];

test('an application by an agent is not accepted before his authorisation is there', async () => {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, { ...applicant, ...agent, co_applicants: '李四示例 330499199007070038' });
    assert.equal(clerk.status, 200, clerk.text);
    const number = clerk.path.split('/').pop();
    assert.ok(clerk.text.includes('代理人') && clerk.text.includes('李四示例'), clerk.text);
    const materials = materialsOf(clerk);
    assert.equal(materials.at(-1), letter);
    await clerk.send('/submit', { materials: materials.filter((one) => one !== letter) });
    assert.equal(clerk.status, 200, clerk.text);
    const [, link] = documentLinks(clerk).find(([text]) => text === '收件回执');
    const receipt = (await paperOf(clerk, link)).text.replace(/\s/g, '');
    assert.ok(receipt.includes('张三示例、李四示例（委托代理人：钱代理）'), receipt);
    await (await at('zhen', `/desk/cases/${number}`)).send('/pass', { opinion: '已核对' });
    const reviewer = await at('shen', `/desk/cases/${number}`);
    assert.ok(reviewer.text.includes('钱*理') && !reviewer.text.includes('330499198505050043'), reviewer.text);
    await reviewer.send('/accept', {});
    assert.equal(reviewer.status, 409);
    assert.ok(reviewer.text.includes(`还缺必要材料：${letter}`), reviewer.text);
    await reviewer.send('/accept', { materials: [letter] });
    assert.equal(reviewer.status, 200, reviewer.text);
});

test('the page names what is wrong with agent and joint applicants, in both languages', async () => {
    const wrong = [
        [{ agent_name: '钱代理' }, '请勾选“由代理人办理”', 'tick “An agent applies”'],
        [{ ...agent, agent_id: applicant.id_number }, '代理人与申请人是同一人', 'the same person'],
        [{ ...agent, agent_id: '330499198505050044' }, '身份证', 'identity'],
        [{ ...agent, agent_name: '钱\u202e代理' }, '姓名', 'name'],
        [{ by_agent: 'true' }, '代理人姓名', 'Name of the agent'],
        [{ co_applicants: '李四示例' }, '第1行读不出', 'Line 1'],
        [{ co_applicants: '李四示例 330499199007070038\n张三示例 330499198001010013' }, '第2行与申请人', 'Line 2'],
        [{ co_applicants: `${'李四示例 330499199007070038\n'.repeat(200)}` }, '共同申请人', 'Joint applicants'],
    ];
    for (const [fields, chinese, english] of wrong)
        for (const [language, sentence] of [['zh', chinese], ['en', english]]) {
            const clerk = await at('cun', `/desk/apply/${item}`, language);
            await clerk.send(`/desk/apply/${item}`, { ...applicant, ...fields });
            assert.ok(clerk.status >= 400 && clerk.status < 500, `${clerk.status} ${JSON.stringify(fields)}`);
            assert.ok(clerk.text.includes(sentence), `${sentence}: ${clerk.text}`);
            assert.equal(clerk.page('[name=name]').attr('value'), applicant.name, 'what was typed stays');
        }
});

test('from home an agent says so too; what one must do in person he does not', async () => {
    const visitor = new Program(centre.address);
    const { towns } = (await visitor.get(`/apply/${item}`)).body;
    const { status, body } = await visitor.post(`/apply/${item}`, { ...applicant, ...agent, by_agent: true, place: towns[0].places[0].code });
    assert.equal(status, 201, JSON.stringify(body));
    const own = (await visitor.get(`/track/${body.number}`)).body;
    assert.deepEqual(own.applicant.agent, { name: agent.agent_name, id_number: agent.agent_id, scope: agent.agent_scope });
    assert.ok(own.materials.some((one) => one.name === letter && one.name_en === 'Letter of authorisation' && one.required));
    const registrar = await new Program(centre.address, 'zh').signIn('shou07');
    const refused = await registrar.post('/desk/apply/MZJ-01', { ...applicant, ...agent, by_agent: true });
    assert.equal(refused.status, 422);
    assert.ok(JSON.stringify(refused.body).includes('应当由本人到场办理'), JSON.stringify(refused.body));
});

test('an agent looks at the case by his own number, and does nothing that is the applicant’s alone', async () => {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, { ...applicant, ...agent });
    const number = clerk.path.split('/').pop();
    await clerk.send('/submit', { materials: materialsOf(clerk) });
    const by = await new Browser(centre.address, 'zh').open('/track');
    await by.send('/track', { number, code: await newCode(centre, number) });
    await by.send('/own-code', { id_number: '330499199007070038' });
    assert.equal(by.status, 422, 'of neither');
    await by.send('/own-code', { id_number: agent.agent_id });
    assert.equal(by.status, 200, by.text);
    await by.open(`/track/${number}`);
    assert.ok(by.text.includes(applicant.name), by.text);
    assert.equal(by.page('form[action$="/withdraw"]').length, 0, 'not offered');
    const [, link] = documentLinks(by).find(([text]) => text === '收件回执');
    assert.equal((await by.ask(link)).status, 200);
    const holder = await new Browser(centre.address, 'zh').open('/track');
    await holder.send('/track', { number, code: await newCode(centre, number) });
    await holder.send('/own-code', { id_number: applicant.id_number });
    await holder.open(`/track/${number}`);
    assert.equal(holder.page('form[action$="/withdraw"]').length, 1, 'the applicant may');
    await by.open(`/track/${number}`);
    assert.notEqual(by.path, `/track/${number}`, 'and the agent’s code has ended');
});
