// SPDX-License-Identifier: Apache-2.0
// A case says itself whose it is: an application in another's name changes nothing of what others have said.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Program } from './people.mjs';
import { textsOf } from './sealed.mjs';

const owner = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const pretender = { ...owner, name: '李四冒名', telephone: '13911112222' };

let centre;
let item;
let clerk;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    clerk = await new Program(centre.address).signIn('cun');
});
after(() => centre.close());

const shownTo = async (who, path) => (await who.get(path)).body.applicant;
const receiptOf = (number) => JSON.parse(textsOf(centre, 'document', 'content', 'code', `WHERE document_kind = 'receipt' AND subject = 'case/${number}'`)[0]);

async function begun(who, path, fields) {
    const { status, body } = await who.post(path, fields);
    assert.equal(status, 201, JSON.stringify(body));
    return body.number;
}

test('an application from home with another’s number renames nobody and shows nothing of the other', async () => {
    const number = await begun(clerk, `/desk/apply/${item}`, owner);
    const before = (await clerk.get(`/desk/cases/${number}`)).body;
    const visitor = new Program(centre.address);
    const theirs = await begun(visitor, `/apply/${item}`, { ...pretender, place: before.place.code });

    assert.deepEqual(await shownTo(clerk, `/desk/cases/${number}`), before.applicant, 'the page of the case');
    assert.equal(before.applicant.name, owner.name);
    const told = await shownTo(visitor, `/track/${theirs}`);
    assert.deepEqual([told.name, told.telephone, told.contact, told.division], [pretender.name, pretender.telephone, '', 0]);
    assert.ok(!JSON.stringify((await visitor.get(`/track/${theirs}`)).body).includes(owner.telephone));

    await clerk.act(number, 'submit', { materials: before.materials.map((one) => one.name) });
    assert.equal(receiptOf(number).applicant_name, owner.name, 'what is written after it');
    const listed = (await clerk.get(`/desk?list=place&q=${number}`)).body.cases.find((one) => one.number === number);
    assert.deepEqual(listed.applicant, { party_kind: 'person', name: '张**例' }, 'the list, without number and telephone');
});

test('an application at a desk in another spelling leaves the earlier one as it was', async () => {
    const number = await begun(clerk, `/desk/apply/${item}`, owner);
    const other = await begun(clerk, `/desk/apply/${item}`, { ...owner, name: '张三', telephone: '13700000000' });
    assert.equal((await shownTo(clerk, `/desk/cases/${number}`)).name, owner.name);
    assert.equal((await shownTo(clerk, `/desk/cases/${other}`)).name, '张三');
});
