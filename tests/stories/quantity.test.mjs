// SPDX-License-Identifier: Apache-2.0
// Only one a year: who was accepted first is decided first; then nothing is left, and the page offers the reason.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from './centre.mjs';
import { Browser, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let item;
let granted; // in this year, before anybody limited it
let most;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
    const year = Date.UTC(new Date().getFullYear(), 0, 1) / 86400000;
    granted = Number(asked(centre.database, `SELECT COUNT(*) FROM case_now WHERE item = '${item}' AND decision = 'granted' AND decided_on >= ${year}`));
    most = granted + 1;
    const open = asked(centre.database, `SELECT number FROM case_now WHERE item = '${item}' AND state IN ('review', 'suspended')`).trim().split('\n').filter(Boolean);
    const reviewer = await new Program(centre.address).signIn('shen');
    for (const number of open) { // what was accepted before would come first
        const { status, body } = await reviewer.act(number, 'terminate', { reason: '申请人不再需要', end_ground: 'impossible' });
        assert.ok(status < 300, JSON.stringify(body));
    }
});
after(() => centre.close());

const at = async (account, path, language = 'zh') => (await new Browser(centre.address, language).signIn(account)).open(path);

// From today on the item is granted once more in this year; it has a form to download.
async function limit() {
    const keeper = await new Browser(centre.address, 'zh').signIn('xiang');
    const csv = await (await keeper.ask('/desk/items/table?format=csv')).text();
    const lines = csv.split('\r\n');
    const cells = (line) => line.slice(line.indexOf('"') + 1, line.lastIndexOf('"')).split('","');
    const row = cells(lines.find((one) => one.includes(`"${item}"`)));
    const head = cells(lines[0]);
    row[head.indexOf('quota')] = `${most};year;示例条例第一条`;
    const materials = row[head.indexOf('materials')].split('|');
    materials[0] = [...materials[0].split(';').concat(Array(9).fill('')).slice(0, 9), 'https://forms.example/blank.pdf', 'https://forms.example/sample.pdf'].join(';');
    row[head.indexOf('materials')] = materials.join('|');
    await keeper.open('/desk/items');
    await keeper.send('/desk/items/import', { publish: 'true' }, [['table', 'items.csv', Buffer.from(`${lines[0]}\r\n"${row.join('","')}"\r\n`), 'text/csv']]);
    assert.equal(keeper.status, 200, keeper.text);
}

async function toDecide() {
    const number = await (await new Program(centre.address).signIn('cun')).handIn(item, applicant);
    for (const [account, action, fields] of [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }]]) {
        const { status, body } = await (await new Program(centre.address).signIn(account)).act(number, action, fields);
        assert.ok(status < 300, `${action}: ${JSON.stringify(body)}`);
    }
    return number;
}

test('a limited number is granted in the order of acceptance, and refused when there is none left', async () => {
    await limit();
    const guide = await new Browser(centre.address, 'zh').open(`/items/${item}`);
    assert.ok(guide.text.includes(`每年准予${most}件，按受理先后顺序决定`) && guide.text.includes('免费下载'), guide.text);
    assert.deepEqual(guide.page('a[href^="https://forms.example/"]').toArray().map((one) => guide.page(one).attr('href')), ['https://forms.example/blank.pdf', 'https://forms.example/sample.pdf']);

    const [first, second] = [await toDecide(), await toDecide()];
    const approver = await at('pizhun', `/desk/cases/${second}`);
    assert.ok(approver.text.includes(`限定数量：每年${most}件，本年已准予${granted}件`) && approver.html.includes(`/desk/cases/${first}`), approver.text);
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 409);
    assert.ok(approver.text.includes('应当按受理先后顺序决定'), approver.text);
    await approver.open(`/desk/cases/${first}`);
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 200, approver.text);

    await approver.open(`/desk/cases/${second}`);
    await approver.send('/grant', { opinion: '同意' });
    assert.equal(approver.status, 409);
    assert.ok(approver.text.includes(`限定的${most}件已经全部准予`), approver.text);
    await approver.open(`/desk/cases/${second}`);
    assert.ok(approver.text.includes('已经用完，请作出不予决定'), approver.text);
    assert.match(approver.form('/refuse').find('[name=reason]').text(), new RegExp(`本年限定的${most}件已按受理先后顺序全部准予`));
    await approver.send('/refuse', {});
    assert.equal(approver.status, 200, approver.text);
    const other = await at('pizhun', `/desk/cases/${second}`, 'en');
    assert.ok(!other.text.includes('Limited number'), 'the number matters until the decision');
});
