// SPDX-License-Identifier: Apache-2.0
// People as they are: with every paper of identity, with names of every length and script, with telephones as they write them.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const someone = { party_kind: 'person', name: '约翰示例', id_number: '330499198001010013', telephone: '13800004321' };
// Kind, as it is typed, as it is kept, as others see it.
const papers = [
    ['', '330499198001010013', '330499198001010013', '330499********0013', 'resident'],
    ['hmt_residence', '81000019900101001 9', '810000199001010019', '810000********0019'],
    ['hm_permit', 'h00000001', 'H00000001', 'H*****001'],
    ['tw_permit', '0000000102（B）', '00000001', '*****001'],
    ['permanent', '933840199001010013', '933840199001010013', '933840********0013'],
    ['passport', '美国 000000001', 'USA 000000001', 'USA ******001'],
    ['officer', '军字第0000001号', '军字第0000001号', '军字第*****01号'],
];

let centre;
let clerk;
let ofPerson;
before(async () => {
    centre = await Centre.open();
    ofPerson = centre.accounts.match(/try: (\S+)/)[1];
    clerk = await new Program(centre.address).signIn('cun');
});
after(() => centre.close());

const begin = (item, fields) => clerk.post(`/desk/apply/${item}`, fields);
const why = ({ body }) => body.errors.map((one) => one.detail).join(' ');

test('whoever has another paper than a resident card applies with it, and is found by it', async () => {
    for (const [id_kind, typed, kept, masked, kind = id_kind] of papers) {
        const begun = await begin(ofPerson, { ...someone, ...(id_kind && { id_kind }), id_number: typed });
        assert.equal(begun.status, 201, JSON.stringify(begun.body));
        const { applicant, materials } = (await clerk.get(`/desk/cases/${begun.body.number}`)).body;
        assert.deepEqual([applicant.id_kind, applicant.id_number], [kind, kept], 'a draft is shown to the clerk who took it down');
        const other = (await (await new Program(centre.address).signIn('zhuren')).get(`/desk/cases/${begun.body.number}`)).body.applicant;
        assert.equal(other.id_number, masked);
        await clerk.act(begun.body.number, 'submit', { materials: materials.map((one) => one.name) });
        const found = await clerk.post('/desk/find', { reason: 'asks', id_number: typed });
        assert.equal(found.status, 200, JSON.stringify(found.body));
        assert.ok(found.body.cases.some((one) => one.number === begun.body.number), `${kind}: ${JSON.stringify(found.body)}`);
    }
});

test('a form lets one choose the kind, and says of each what is wrong', async () => {
    const page = await new Browser(centre.address, 'zh').signIn('cun');
    await page.open(`/desk/apply/${ofPerson}`);
    const kinds = page.page('select[name=id_kind] option').toArray().map((one) => page.page(one).text().trim());
    assert.ok(kinds.includes('护照') && kinds.includes('军官证') && kinds.includes('港澳居民来往内地通行证'), kinds.join());
    for (const [id_kind, id_number, sentence] of [['passport', '000000001', '请在号码前写明国家'], ['hm_permit', 'A1', 'H 或 M 加 8 位数字'],
        ['credit_code', '91330482MAXXXX066X', '“统一社会信用代码”不是个人的证件'], ['', '33049920990101001X', '出生日期 2099-01-01 还没有到'],
        ['', '\u200b3304\u200b', '您输入了 4 位']]) {
        const answer = await begin(ofPerson, { ...someone, ...(id_kind && { id_kind }), id_number });
        assert.equal(answer.status, 422, JSON.stringify(answer.body));
        assert.ok(why(answer).includes(sentence), `${sentence}: ${why(answer)}`);
    }
});

test('names have one to a hundred characters, enterprises two hundred, and nothing that nobody sees', async () => {
    for (const name of ['丙', '长'.repeat(100), '买买提•艾力', '𠮷𪚥示例', 'བསོད་ནམས']) assert.equal((await begin(ofPerson, { ...someone, name })).status, 201, name);
    const dotted = await begin(ofPerson, { ...someone, name: '买买提・艾力' });
    assert.equal((await clerk.get(`/desk/cases/${dotted.body.number}`)).body.applicant.name, '买买提·艾力');
    for (const [name, told] of [['长'.repeat(101), '100'], ['张\u202e三', 'U+202E'], ['张\u200b三', 'ZERO WIDTH SPACE'], ['张\ue000', 'U+E000'], ['··', '']]) {
        const answer = await begin(ofPerson, { ...someone, name });
        assert.equal(answer.status, 422, name);
        assert.ok(why(answer).includes(told), `${told}: ${why(answer)}`);
    }
    const long = { party_kind: 'enterprise', name: '长'.repeat(200), id_number: '91330482MAXXXX066X', telephone: '0573-85012345转801' };
    assert.notEqual((await begin(ofPerson, { ...long, name: '长'.repeat(201) })).body.errors?.find((one) => one.field === 'name'), undefined);
    assert.equal((await begin(ofPerson, long)).body.errors?.find((one) => one.field === 'name'), undefined);
});

test('a telephone is taken as people write it, and told to be short only when it is', async () => {
    for (const [typed, kept] of [['0573-85012345转801', '0573-85012345-801'], ['＋８５２ ６１２３ ４５６７', '+85261234567'], ['+1 (212) 555-0123 ext 45', '+12125550123x45']]) {
        const begun = await begin(ofPerson, { ...someone, telephone: typed });
        assert.equal(begun.status, 201, JSON.stringify(begun.body));
        assert.equal((await clerk.get(`/desk/cases/${begun.body.number}`)).body.applicant.telephone, kept);
    }
    for (const [typed, reason] of [['1380000', '位数不够'], ['138000043211', '位数太多'], ['无', '无法识别']]) {
        const answer = await begin(ofPerson, { ...someone, telephone: typed });
        assert.equal(answer.status, 422);
        assert.match(why(answer), new RegExp(reason));
    }
});

test('an action whose paper no font can print is refused with the character, and nothing is changed', async () => {
    const number = await clerk.handIn(ofPerson, someone);
    await (await new Program(centre.address).signIn('zhen')).act(number, 'pass', { opinion: '齐全' });
    const shen = await new Program(centre.address).signIn('shen');
    for (const [character, told] of [['\u{30000}', 'U+30000'], ['\u{1f9ff}', 'U+1F9FF'], ['\u2067', 'U+2067'], ['\ue5e5', 'U+E5E5']]) {
        const before = (await shen.get(`/desk/cases/${number}`)).body;
        const answer = await shen.post(`/desk/cases/${number}/correct`, { seen: before.seen, reason: `缺${character}一页`, materials: [before.materials[0].name] });
        assert.equal(answer.status, 422, JSON.stringify(answer.body));
        assert.ok(JSON.stringify(answer.body).includes(told), JSON.stringify(answer.body));
        const after = (await shen.get(`/desk/cases/${number}`)).body;
        assert.deepEqual([after.seen, after.state], [before.seen, before.state]);
    }
    const { materials } = (await shen.get(`/desk/cases/${number}`)).body;
    await shen.act(number, 'correct', { reason: '缺一页，𠮷字看不清', materials: [materials[0].name] });
});

test('brackets of either width find the same enterprise', async () => {
    const shop = { party_kind: 'enterprise', name: '平湖（示例）括号店', id_number: '92330482MAXXXX090B', telephone: '0573-85012345' };
    const town = await new Program(centre.address).signIn('zhen');
    const number = await town.handIn('SWJ-02', shop);
    for (const name of ['平湖(示例)括号店', '平湖（示例）括号店', '平湖〔示例〕括号店']) {
        const { body } = await town.post('/desk/find', { reason: 'asks', name });
        assert.ok(body.cases.some((one) => one.number === number), name);
    }
});
