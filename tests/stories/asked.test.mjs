// SPDX-License-Identifier: Apache-2.0
// A bureau that reviews a case asks another one for its opinion: that one reads the papers of the letter while it is asked, and answers by
// the day; nothing is decided before.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Centre, program } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, scan } from './people.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = async (account, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account)).open(path);
const says = (text, ...all) => { for (const one of all) assert.ok(text.includes(one), `“${one}” is not in: ${text}`); };
// The next working day.
function soon() {
    const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
    return execFileSync(program, ['due', today, '1'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0];
}

async function inReview() {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, villager);
    const number = clerk.path.split('/').pop();
    const materials = [...new Set(clerk.page('select[name=material] option').toArray().map((one) => clerk.page(one).attr('value')))];
    await clerk.send('/attach', { material: materials[0] }, [['papers', 'one.pdf', scan('one'), 'application/pdf']]);
    await clerk.send('/attach', { material: materials[1] }, [['papers', 'two.pdf', scan('two'), 'application/pdf']]);
    await clerk.send('/submit', { materials: materials.slice(2) });
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}]]) {
        const who = await at(account, `/desk/cases/${number}`);
        await who.send(`/${action}`, fields);
        assert.equal(who.status, 200, who.text);
    }
    return { number, materials };
}

async function ask(number, fields, language = 'zh') {
    const reviewer = await at('shen', `/desk/cases/${number}`, language);
    await reviewer.follow(language === 'zh' ? '征求其他部门意见' : 'Ask another department');
    const other = reviewer.page('select[name=asked] option[value!=""]').first().attr('value');
    await reviewer.send(`/of/${number}`, { asked: other, question: '取水口是否影响航道？', day: soon(), ...fields });
    return { reviewer, other: `shen${String(other).padStart(2, '0')}` };
}

test('a bureau asks another one, which reads what it was sent and answers', async () => {
    const { number, materials } = await inReview();
    const { reviewer, other } = await ask(number, { shared: [materials[0]] });
    assert.equal(reviewer.status, 200, reviewer.text);
    says(reviewer.text, '待答复');
    const letter = await paperOf(reviewer, documentLinks(reviewer)[0][1]);
    says(letter.text.replace(/\s/g, ''), '征求意见函', '取水口是否影响航道？', materials[0]);

    const asked = await at(other, '/desk/consultations');
    await asked.open(asked.page(`a[href="${reviewer.path}"]`).attr('href') ?? assert.fail(asked.text));
    assert.equal(asked.page('a[href*="/papers/"]').length, 1, 'the paper that was sent, and no other');
    assert.equal((await asked.ask(asked.page('a[href*="/papers/"]').attr('href'))).headers.get('content-type'), 'application/pdf');
    assert.ok(!asked.text.includes('张三示例'), 'the applicant is masked');
    const approver = await at('pizhun', `/desk/cases/${number}`);
    await (await at('shen', `/desk/cases/${number}`)).send('/pass', { opinion: '符合条件' });
    await approver.open(`/desk/cases/${number}`);
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 409);
    says(approver.text, '请等答复');
    await asked.send('/give-opinion', { agreement: 'objects' });
    assert.equal(asked.status, 422);
    says(asked.text, '请写明条件或者理由');
    await asked.send('/give-opinion', { agreement: 'agrees_if', answer: '须设警示标志' });
    assert.equal(asked.status, 200, asked.text);
    assert.equal(asked.page('a[href*="/papers/"]').length, 0, 'asked no more, it reads no more');
    await approver.open(`/desk/cases/${number}`);
    says(approver.text, '有条件同意');
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 200, approver.text);
});

test('nobody else reads it, and no day or organ is taken that does not fit', async () => {
    const { number, materials } = await inReview();
    const late = await ask(number, { day: '2099-01-04', shared: [materials[0]] }, 'en');
    assert.equal(late.reviewer.status, 422);
    says(late.reviewer.text, 'legal deadline');
    const clerkless = await new Program(centre.address).signIn('shen');
    const odd = await clerkless.post(`/desk/consultations/of/${number}`, { asked: 7, question: '？', day: soon(), shared: ['没有的材料'] });
    assert.equal(odd.body.reason, 'consultations.no_such_paper');
    const { reviewer, other } = await ask(number, { shared: [materials[0]] });
    const again = await clerkless.post(`/desk/consultations/of/${number}`, { asked: Number(other.slice(4)), question: '？', day: soon() });
    assert.equal(again.body.reason, 'consultations.asked_already');
    const path = reviewer.path;
    const stranger = await new Program(centre.address).signIn('cun');
    assert.equal((await stranger.get(path)).status, 404);
    const asked = await new Program(centre.address).signIn(other);
    const [{ link }] = (await asked.get(path)).body.papers;
    const papers = (await (await new Program(centre.address).signIn('shen')).get(`/desk/cases/${number}`)).body.materials.flatMap((one) => one.papers);
    for (const one of papers) {
        const answer = await asked.ask(link.replace(/\d+$/, one.paper), { headers: { Accept: 'application/json' } });
        assert.equal(answer.status, link.endsWith(`/${one.paper}`) ? 200 : 404);
    }
    assert.equal((await stranger.ask(link, { headers: { Accept: 'application/json' } })).status, 404);
    assert.equal((await asked.get(`/desk/cases/${number}`)).status, 403, 'the case itself stays closed to it');
    assert.equal((await asked.post(`${path}/give-opinion`, { seen: 2, answer: '随便' })).body.reason, 'consultations.needed');
    assert.equal((await asked.post(`${path}/take-back`, { seen: 2, reason: '不必' })).body.reason, 'consultations.not_yours');
    assert.equal((await stranger.post(`/desk/consultations/of/${number}`, { asked: 3, question: '？', day: soon() })).status, 403);
});
