// SPDX-License-Identifier: Apache-2.0
// Decisions and their names: a town that was entrusted, a town that examines first, an authority above.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';
import { readFileSync } from 'node:fs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const document = { document: '关于委托镇（街道）实施许可的通知', document_number: '平政发〔2014〕45号' };
const today = () => new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
const words = {
    zh: { entrusted: '受委托机关：平湖市新仓镇人民政府', up: '上报函', result: '上级机关决定转送书', with: '上级机关办理', below: '初审时限', guide: '受理、审查后上报，由嘉兴市示例局决定' },
    en: { entrusted: 'Entrusted authority: People\'s Government of Xincang', up: 'Letter to the authority above', result: 'Decision of the authority above', with: 'with the authority above', below: 'First examination', guide: 'accepts, examines and sends up; Jiaxing Example Bureau decides' },
};

let centre;
let item;
before(async () => {
    centre = await Centre.open();
    item = centre.accounts.match(/try: (\S+)/)[1];
});
after(() => centre.close());

const at = (account, language) => new Browser(centre.address, language).signIn(account);
const act = async (account, number, action, fields) => {
    const { status, body } = await (await new Program(centre.address).signIn(account)).act(number, action, fields);
    assert.equal(status, 201, JSON.stringify(body));
    return body;
};
const paper = async (browser, language, title) => {
    const [, link] = documentLinks(browser).filter(([text]) => text.includes(title)).at(-1) ?? assert.fail(`no ${title}:\n${browser.text}`);
    const address = language === 'en' ? `${link.replace('/documents/', '/translations/').replace('.pdf', '')}/en` : link;
    return (await paperOf(browser, address)).text.replace(/\s+/g, language === 'en' ? ' ' : '');
};
const handedIn = async () => (await new Program(centre.address).signIn('cun')).handIn(item, applicant);

// The row of the story's item with other cells, published at once.
async function publish(change) {
    const rows = readFileSync(new URL('../../data/items.csv', import.meta.url), 'utf8').trim().split('\n');
    const names = rows[0].split(',');
    const cells = rows.find((line) => line.startsWith(`${item},`)).match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g).map((cell) => cell.replace(/,$/, '')).slice(0, names.length);
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    const changed = { ...row, ...change(row) };
    const table = Buffer.from(`${Object.keys(changed).join(',')}\n${Object.values(changed).join(',')}\n`);
    const keeper = await at('xiang', 'en');
    await keeper.open('/desk/items');
    await keeper.send('/desk/items/import', { publish: 'true', since: today() }, [['table', 'items.csv', table, 'text/csv']]);
    assert.equal(keeper.status, 200, keeper.text);
}

test('a town that examines first has its own twenty days and sends the file up', async () => {
    await publish((row) => ({ steps: row.steps.replace('prereview;town;reviewer|accept;county;reviewer|', 'accept;town/county;reviewer|review;town;reviewer|'), powers: 'town;examines;《示例条例》第五条' }));
    for (const language of ['zh', 'en']) {
        const number = await handedIn();
        await act('zhen', number, 'accept', {});
        const town = await at('zhen', language);
        await town.open(`/desk/cases/${number}`);
        assert.ok(town.text.includes(words[language].below), town.text);
        await town.send('/pass', { opinion: '初审同意' });
        assert.equal(town.status, 200, town.text);
        const { body } = await (await new Program(centre.address).signIn('shen')).get(`/desk/cases/${number}`);
        assert.equal(body.clocks.promise.used, 0, 'the days of the county begin now');
        assert.ok(!body.actions.some((one) => one.action === 'correct'), 'nobody asks the applicant again');
    }
});

test('what an authority above decides is sent up, and its result comes back', async () => {
    await publish((row) => ({ steps: row.steps.replace(/issue;[^|]*\|/, ''), handling: 'forwarded', above: 'prefecture;嘉兴市示例局;Jiaxing Example Bureau;15;working;《示例条例》第六条' }));
    for (const language of ['zh', 'en']) {
        const said = words[language];
        const number = await handedIn();
        await act('zhen', number, 'pass', { opinion: '已核对' });
        await act('shen', number, 'accept', {});
        await act('shen', number, 'pass', { opinion: '符合条件' });
        const approver = await at('pizhun', language);
        await approver.open(`/desk/cases/${number}`);
        assert.equal(approver.page('form[action$="/grant"]').length, 0, 'nobody decides here');
        await approver.send('/send-up', { opinion: '拟同意' });
        assert.equal(approver.status, 200, approver.text);
        assert.ok(approver.text.includes(said.with), approver.text);
        assert.ok((await paper(approver, language, said.up)).includes(language === 'zh' ? '嘉兴市示例局' : 'Jiaxing Example Bureau'));
        await approver.send('/grant', { opinion: '上级已准予', above_number: '' });
        assert.equal(approver.status, 422);
        await approver.send('/grant', { opinion: '上级已准予', above_number: '嘉示许〔2014〕7号' });
        assert.equal(approver.status, 200, approver.text);
        assert.ok((await paper(approver, language, said.result)).includes('嘉示许〔2014〕7号'));
        const guide = await new Browser(centre.address, language).open(`/items/${item}`);
        assert.ok(guide.text.includes(said.guide), guide.text);
    }
});

test('an entrusted town decides in the name of the organ, and the paper names both', async () => {
    await publish(() => ({ powers: '' }));
    const keeper = await at('xiang', 'en');
    await keeper.open(`/desk/items/${item}`);
    await keeper.send('/change', { kind: 'delegated', level: 'town', power_source: 'entrusted', day: today(), ...document });
    assert.equal(keeper.status, 200, keeper.text);
    const { body: guide } = await new Program(centre.address).get(`/items/${item}`);
    for (const language of ['zh', 'en']) {
        const number = await handedIn();
        await act('zhen', number, 'pass', { opinion: '已核对' });
        await act('zhen', number, 'accept', {});
        await act('zhen', number, 'pass', { opinion: '符合条件' });
        await act('fu', number, 'grant', { opinion: '同意' });
        const town = await at('zhen', language);
        await town.open(`/desk/cases/${number}`);
        const decision = await paper(town, language, language === 'zh' ? '准予行政许可' : 'ecision');
        assert.ok(decision.includes(words[language].entrusted), decision);
        assert.ok(decision.replace(/\s/g, '').includes(document.document_number), decision);
        assert.ok(language === 'en' || decision.includes(guide.organ_name), decision);
    }
});
