// SPDX-License-Identifier: Apache-2.0
// A couple marries: the registrar decides on the spot, by one press, with the papers of every step; what is not complete stays as it was.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const couple = { party_kind: 'person', name: '周示例', id_number: '330499198001010013', telephone: '13800000000', co_applicants: '吴示例 330499199007070038' };
const item = 'MZJ-01';
const words = {
    zh: { button: '当场办结', incomplete: '还缺必要材料', delivered: '已送达', kind: '即办件', several: '请推举代表人', role: '审批员' },
    en: { button: 'Decide on the spot', incomplete: 'Still missing', delivered: 'Delivered', kind: 'On the spot', role: 'Approver' },
};

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

const eventsOf = (number) => Number(asked(centre.database, `SELECT COUNT(*) FROM event WHERE subject = 'case/${number}'`));

async function begun(language) {
    const clerk = await (await new Browser(centre.address, language).signIn('shou07')).open(`/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, couple);
    assert.equal(clerk.status, 200, clerk.text);
    return { clerk, number: clerk.path.split('/').pop() };
}
const papersOf = (browser) => browser.page('form[action$="/on-spot"] [name=materials]').toArray().map((one) => browser.page(one).attr('value'));

for (const language of ['zh', 'en'])
    test(`a marriage is registered by one press, with all its papers (${language})`, async () => {
        const said = words[language];
        const { clerk, number } = await begun(language);
        const papers = papersOf(clerk);
        assert.ok(clerk.text.includes(said.button) && papers.length >= 3, clerk.text);

        await clerk.send('/on-spot', { materials: papers.slice(1), opinion: '双方自愿，符合条件' });
        assert.equal(clerk.status, 409);
        assert.ok(clerk.text.includes(said.incomplete), clerk.text);
        assert.equal(eventsOf(number), 0, 'nothing is left of what was refused');

        await clerk.send('/on-spot', { materials: papers, opinion: '双方自愿，符合条件', receiver: '周示例' });
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.text.includes(said.delivered) && clerk.text.includes(said.kind), clerk.text);
        const kinds = asked(centre.database, `SELECT kind FROM event WHERE subject = 'case/${number}' ORDER BY sequence`).trim().split('\n');
        assert.deepEqual(kinds, ['case.drafted', 'case.received', 'case.accepted', 'case.granted', 'case.issued', 'case.delivered']);
        assert.equal(new Set(documentLinks(clerk).map(([, link]) => link)).size, 5, 'receipt, acceptance, decision, what is issued, proof of delivery');
    });

test('the papers name both, and a list says of which kind the case was', async () => {
    const { clerk, number } = await begun('zh');
    await clerk.send('/on-spot', { materials: papersOf(clerk), opinion: '双方自愿，符合条件' });
    const [, link] = documentLinks(clerk).find(([text]) => text === '行政确认书');
    const text = (await paperOf(clerk, link)).text.replace(/\s/g, '');
    assert.ok(text.includes('周示例、吴示例'), text);
    const [, licence] = documentLinks(clerk).find(([kind]) => kind === '证照');
    assert.ok((await paperOf(clerk, licence)).text.replace(/\s/g, '').includes('周示例、吴示例'));
    const clerkProgram = await new Program(centre.address).signIn('shou07');
    const csv = await (await clerkProgram.ask('/desk/cases?of=granted&item=MZJ-01&format=csv')).text();
    assert.match(csv, /办件类型/);
    assert.match(csv.split('\n').find((line) => line.includes(number)), /即办件/);
});

test('who holds not all the posts takes the steps one by one', async () => {
    const clerk = await new Program(centre.address, 'zh').signIn('shou');
    const own = centre.accounts.match(/try: (\S+)/)[1];
    const village = await new Program(centre.address).signIn('cun');
    const number = await village.handIn(own, { party_kind: 'person', name: '周示例', id_number: '330499198001010013', telephone: '13800000000' });
    const slow = await village.act(number, 'on-spot', { opinion: '同意' });
    assert.equal(slow.status, 409);
    assert.equal(slow.body.reason, 'cases.not_on_spot');
    const { body: { number: draft } } = await (await new Program(centre.address).signIn('shou07')).post(`/desk/apply/${item}`, couple);
    const { seen } = (await (await new Program(centre.address).signIn('shou07')).get(`/desk/cases/${draft}`)).body;
    const other = await clerk.post(`/desk/cases/${draft}/on-spot`, { seen, opinion: '同意' });
    assert.equal(other.status, 403);
    assert.equal(other.body.reason, 'cases.not_your_case');
    const town = await (await new Program(centre.address).signIn('zhen')).post('/desk/apply/SWJ-02', { party_kind: 'enterprise', name: '平湖示例回收站', id_number: '92330482MAXXXX090B', telephone: '0573-85550111' });
    const lacks = await (await new Program(centre.address, 'zh').signIn('zhen')).act(town.body.number, 'on-spot', { opinion: '同意' });
    assert.equal(lacks.status, 403, JSON.stringify(lacks.body));
    assert.equal(lacks.body.reason, 'cases.spot_not_yours');
    assert.ok(lacks.body.detail.includes(words.zh.role) || lacks.body.detail.includes('审核员'), lacks.body.detail);
});
