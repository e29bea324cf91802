// SPDX-License-Identifier: Apache-2.0
// Every page beside the story, once for each role, the refused ones too, in the language asked for.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre, asked } from '../stories/centre.mjs';
import { scan, newCode } from '../stories/people.mjs';
import { Visitor, closeBrowsers, openBrowser, pdf } from './visitor.mjs';

const ways = { zh: { language: 'zh', width: 1280 }, en: { language: 'en', width: 390 } };
const party = { party_kind: 'person', name: '李四示例', id_number: '330499198001010013', telephone: '13800000000' };
const roles = { shou: [], ju: [], fu: [], guan: [], quan: [], cha: ['/desk?list=all'], jian: ['/desk/cases?of=decided&channel=centre', '/desk/cases?of=overdue&from=2014-01-01', '/desk/cases?of=refused&channel=online&item=SLJ-01', '/desk?list=all'], zhuren: ['/desk?list=all', '/desk/cases?of=open'] };

// Goes to each address and asserts with what status it answers.
async function tour(visitor, addresses) {
    for (const [address, status] of addresses) {
        await visitor.open(address);
        assert.equal(visitor.status, status, address);
    }
}

async function refused(visitor, status, action, fields) {
    await visitor.send(action, fields);
    assert.equal(visitor.status, status, await visitor.text());
    assert.equal(await visitor.page.locator('#problem').count(), 1, 'it says what is wrong');
}

const firstLink = (visitor, selector) => visitor.page.locator(selector).first().getAttribute('href');

export function pages(language) {
    const way = ways[language];
    let centre;
    let browser;
    let item;
    let closed;
    let open;
    before(async () => {
        const options = ['--parts', '--smtp', 'smtp://127.0.0.1:1', '--mail-from', 'centre@pinghu.example']; // nobody listens there
        [centre, browser] = await Promise.all([Centre.open({ options }), openBrowser()]);
        item = centre.accounts.match(/try: (\S+)/)[1];
        const numbers = (where) => asked(centre.database, `SELECT number FROM case_now WHERE ${where} LIMIT 2`).trim().split('\n');
        closed = numbers("state = 'closed'");
        [open] = numbers("state = 'review'");
    });
    after(async () => {
        await closeBrowsers(browser);
        await centre?.close();
    });

    const visit = (name, tell, account) => test(`${name}, ${language}`, async () => {
        const one = await (account ? Visitor.staff(browser, centre.address, way, account) : Visitor.come(browser, centre.address, way));
        await tell(one);
        one.isContent();
        await one.leave();
    });

    visit('the portal', async (anyone) => {
        await tour(anyone, [['/', 200], ['/?size=large', 200], ['/?size=normal', 200], ['/items', 200], ['/items?q=canyin', 200], ['/items?q=zzzz', 200],
            ['/items?object=enterprise&online=true', 200], ['/items/register', 200],
            ['/items/register?on=2001-01-01', 200], ['/items?page=900', 200], [`/items/${item}?on=2001-01-01`, 404], ['/items/changes', 200], ['/items/changes?kind=cancelled', 200], ['/items/departments', 200], ['/items/places?level=village', 200], [`/items/${item}`, 200], ['/items/none', 404], ['/track', 200], ['/verify', 200],
            ['/verify?code=abcd', 422], ['/verify/0123456789abcdef', 200], ['/api', 200], ['/ledger', 200], ['/ledger/find?event=x', 422], ['/ledger/330482/event/9', 200], ['/ledger/330482/event/9?leaf=x', 200],
            ['/ledger/330482/event/99999999', 404], ['/licences', 200], ['/licences?q=x&filter=true', 200], ['/licences/330482000101000001', 404], ['/figures/compare', 200], ['/figures/places', 200], ['/figures/places?month=2014-13', 422], ['/nowhere', 404], ['/desk', 200], ['/track/330482140903000001', 200]]);
        await anyone.open('/track');
        await refused(anyone, 404, '/track', { number: '330482140903000001', code: '000000' });
    });

    // A question of which one part does not fit: its page says so beside that part, and the other parts stay chosen.
    async function askedAgain(visitor, address, wrong, kept = {}) {
        await visitor.open(address);
        assert.equal(visitor.status, 422, address);
        assert.equal(await visitor.page.locator('#problem').count(), 1, `${address} says what is wrong`);
        assert.equal(await visitor.page.locator(`main form [name=${wrong}]`).getAttribute('aria-invalid'), 'true', address);
        for (const [name, value] of Object.entries(kept))
            assert.equal(await visitor.page.locator(`main form [name=${name}]`).inputValue(), value, `${address}, ${name}`);
    }

    visit('a question that does not fit', async (anyone) => {
        await askedAgain(anyone, '/items/register?on=never&delegated=town', 'on', { delegated: 'town' });
        await askedAgain(anyone, '/items/changes?from=2026-02-30&level=province', 'from', { level: 'province' });
        await askedAgain(anyone, '/items/departments?on=never&delegated=village', 'on', { delegated: 'village' });
        await askedAgain(anyone, `/items?online=true&q=${'x'.repeat(201)}`, 'q');
        await tour(anyone, [['/items/places?level=moon', 422]]);
        assert.equal(await anyone.page.locator('nav.tabs').count(), 1, 'it is the page that was meant');
    });

    visit('a question of the head of the centre that does not fit', async (head) => {
        await askedAgain(head, '/desk/cases?of=open&from=never&to=2014-09-30&channel=online', 'from', { of: 'open', to: '2014-09-30', channel: 'online' });
        await askedAgain(head, '/figures?period=between&from=2014-09-30&to=2014-01-01', 'to', { from: '2014-09-30' });
        await askedAgain(head, '/figures/report?from=never&to=2014-09-30', 'from', { to: '2014-09-30' });
        await tour(head, [['/figures/report?from=2014-09-30&to=2014-01-01', 422]]);
        assert.deepEqual(await Promise.all(['from', 'to'].map((name) => head.page.inputValue(`#${name}`))), ['2014-09-30', '2014-01-01']);
        await askedAgain(head, '/figures/report/pdf?from=never', 'from');
    }, 'zhuren');

    visit('the wall screen', async (anyone) => {
        await anyone.open('/wall');
        assert.equal(anyone.status, 200);
        assert.equal(await anyone.page.locator('canvas[role=img]').count(), 2, 'the charts are drawn');
    });

    visit('the dashboard of the head of the centre', async (head) => {
        await tour(head, [['/figures', 200], ['/figures?period=today', 200], ['/figures?period=week', 200], ['/figures?from=2014-09-30&to=2014-01-01', 422]]);
        await head.open('/figures');
        assert.equal(await head.page.locator('canvas[role=img]').count(), 2, 'the charts are drawn');
        assert.equal(await head.page.locator('#trend-table tbody tr').first().isVisible(), false, 'the table is folded beside its chart');
    }, 'zhuren');

    test(`the wall screen stays fresh and says when it does not, ${language}`, async () => {
        const anyone = await Visitor.come(browser, centre.address, way);
        await anyone.page.clock.install();
        await anyone.open('/wall');
        await anyone.page.route('**/wall', async (route) => {
            const answer = await route.fetch();
            await route.fulfill({ response: answer, body: (await answer.text()).replace(/data-head="accepted" data-value="\d+"/, 'data-head="accepted" data-value="424242"') });
        });
        await anyone.page.clock.fastForward('00:10');
        await anyone.page.waitForSelector('[data-part=today] [data-value="424242"]');
        assert.equal(await anyone.page.locator('canvas[role=img]').count(), 2, 'the charts are still there');
        await anyone.page.unroute('**/wall');
        await anyone.page.route('**/wall', (route) => route.abort());
        await anyone.page.clock.fastForward('00:10');
        await anyone.page.waitForSelector('[data-stale]:not(:empty)');
        await anyone.leave();
    });

    test(`figures where no script runs, ${language}`, async () => {
        const anyone = await Visitor.come(browser, centre.address, { ...way, script: false });
        await anyone.open('/wall');
        assert.ok(await anyone.page.locator('#trend-table tbody tr').first().isVisible(), 'the tables are there');
        assert.equal(await anyone.page.locator('canvas').count(), 0);
        anyone.isContent();
        await anyone.leave();
    });

    visit('the other language is one click away', async (anyone) => {
        await anyone.open('/');
        anyone.language = language === 'zh' ? 'en' : 'zh';
        await anyone.follow('header a[hreflang]');
    });

    visit('an application from home, refused first', async (villager) => {
        await villager.open('/items?object=person&online=true');
        await villager.follow('.results a');
        await villager.follow('a[href^="/apply/"]');
        const place = await villager.page.locator('select[name=place] option').nth(3).getAttribute('value');
        await refused(villager, 422, villager.path, { ...party, id_number: '330499198001010014', place });
        assert.equal(await villager.page.locator('[name=name]').inputValue(), party.name, 'what was typed is kept');
        await villager.send(villager.path, { ...party, place });
        assert.equal(villager.status, 200, await villager.text());
        await villager.click(villager.page.locator('button[name=_change][value=telephone]'));
        await villager.send(villager.path.split('#')[0], { telephone: '13900000000' });
        assert.equal(await villager.page.locator('main input:visible').count(), 0, 'it is looked at once more');
        await villager.send(villager.path);
        assert.match(villager.path, /\/begun$/);
        await villager.follow('main a.button');
        await refused(villager, 422, '/attach');
        await villager.send('/attach', { papers: [pdf('one.pdf', scan(language))] });
        assert.equal(villager.status, 200, await villager.text());
        await villager.send('/submit');
        assert.equal(villager.status, 200, await villager.text());
        await villager.send('/withdraw', { reason: 'no longer needed' });
    });

    visit('what an applicant is told', async (holder) => {
        const [number] = closed, code = await newCode(centre, number);
        await holder.open('/track');
        await holder.send('/track', { number, code });
        await holder.open(`/track/${number}/accesses`);
        assert.equal(holder.status, 200);
        await holder.open('/messages');
        assert.ok(await holder.page.locator('ul.messages li').count() > 0, await holder.text());
        await holder.press(holder.page.locator('ul.messages button').last());
        await holder.page.waitForURL(`**/track/${number}`);
        await holder.open('/messages');
    });

    visit('what a seal of the ledger binds', async (anyone) => {
        await anyone.open('/ledger/330482/event/9');
        await refused(anyone, 422, '/event/9', { salt: 'abc', text: '1' });
        await anyone.send('/event/9', { salt: '00'.repeat(16), text: '1' });
        assert.equal(anyone.status, 200, await anyone.text());
    });

    visit('erasing the salt of a closed case', async (administrator) => {
        const number = language === 'zh' ? closed[0] : closed[1];
        await tour(administrator, [['/desk/erase', 200], ['/desk/erase?number=12', 422], ['/desk/erase/330482140903000001', 404], [`/desk/erase/${open}`, 200], [`/desk/erase/${number}`, 200]]);
        await refused(administrator, 422, `/desk/erase/${number}`, { reason: '    x    ', sure: 'true' });
        await administrator.send(`/desk/erase/${number}`, { reason: 'asked for in writing', sure: 'true' });
        assert.equal(administrator.status, 200, await administrator.text());
    }, 'quan');

    visit('a file handed in to have its seal judged', async (anyone) => {
        for (const paper of [pdf('scan.pdf', scan(language)), pdf('no.pdf', Buffer.from('GIF89a'))]) {
            await anyone.open('/verify');
            await anyone.send('/verify', { document: paper });
            assert.equal(anyone.status, 200, await anyone.text());
            assert.equal(await anyone.page.locator('.notice.warning').count(), 1, await anyone.text());
        }
    });

    visit('every component in every state', async (anyone) => {
        await anyone.open('/parts');
        assert.equal(anyone.status, 200);
        assert.equal(await anyone.page.locator('canvas[role=img]').count(), 1, 'the chart is drawn');
        const form = anyone.page.locator('form[action="/parts"]').first();
        const contact = form.locator('#contact');
        assert.equal(await contact.isVisible(), false, 'what follows from another answer is asked after it');
        await anyone.tick(form.locator('[name=party_kind][value=enterprise]'));
        assert.equal(await contact.isVisible(), true);
        const [answer] = await Promise.all([anyone.page.waitForNavigation(), anyone.press(form.locator('button').last())]);
        assert.equal(answer.status(), 422);
        assert.equal(await anyone.page.evaluate(() => document.activeElement.id), 'problem', 'focus goes to the summary');
        await anyone.arrive(answer);
        const links = await anyone.page.locator('#problem a').evaluateAll((all) => all.map((one) => one.hash));
        assert.ok(links.length >= 11, `${links}`);
        for (const link of links) {
            await anyone.press(anyone.page.locator(`#problem a[href="${link}"]`));
            await anyone.page.locator(`${link}:focus`).waitFor(); // the browser goes there when it has drawn
            assert.equal(await anyone.page.evaluate(() => `#${document.activeElement.id}`), link, 'the link leads to the field');
        }
    });

    visit('signing in with a wrong password', async (anyone) => {
        await anyone.open('/sign-in');
        await refused(anyone, 422, '/sign-in', { account: 'cha', password: 'wrong' });
    });

    visit('the desk of a village', async (clerk) => {
        await tour(clerk, [['/desk?list=place', 200], ['/desk/apply', 200], ['/desk/apply?q=zzzz', 200], ['/desk/me', 200], ['/desk/password', 200],
            ['/desk/find?number=12', 422], ['/desk/items', 403], ['/desk/cases/330482140903000001', 404]]);
        await clerk.open('/desk/find');
        await refused(clerk, 422, '/desk/find', { telephone: '12' });
        await clerk.open('/desk/find');
        await clerk.send('/desk/find', { name: '示例', reason: 'asks' });
        await clerk.open('/desk/password');
        await refused(clerk, 422, '/desk/password', { old: 'wrong', new: 'short', again: 'other' });
        await clerk.open('/desk/messages');
        await refused(clerk, 422, '/desk/messages/address', { address: 'cun' });
        await clerk.send('/desk/messages/address', { address: 'cun@pinghu.example' });
        await clerk.open(`/desk/apply/${item}`);
        await refused(clerk, 422, `/desk/apply/${item}`, { ...party, telephone: '12345678' });
    }, 'cun');

    visit('mistakes in a draft and later are put right', async (clerk) => {
        await clerk.open(`/desk/apply/${item}`);
        await clerk.send(`/desk/apply/${item}`, party);
        const { path } = clerk;
        await clerk.open(`${path}/edit`);
        await refused(clerk, 422, '/edit', { telephone: '12' });
        await clerk.open(path);
        await clerk.send('/attach', { papers: [pdf('wrong.pdf', scan(`${language} wrong`))] });
        const materials = await clerk.page.locator('form[action$="/submit"] [name=materials]').evaluateAll((boxes) => boxes.map((box) => box.value));
        await clerk.send('/submit', { materials });
        await clerk.open(`${path}/correct-applicant`);
        await clerk.send('/reveal', { reason: '核对身份证' });
        await refused(clerk, 422, '/correct-applicant', { reason: '登记有误' });
        await clerk.send('/correct-applicant', { telephone: '13911112222', reason: '登记有误' });
    }, 'cun');

    visit('what has changed since is told', async (clerk) => {
        await clerk.open(`/desk/apply/${item}`);
        await clerk.send(`/desk/apply/${item}`, party);
        const materials = await clerk.page.locator('form[action$="/submit"] [name=materials]').evaluateAll((boxes) => boxes.map((box) => box.value));
        await clerk.send('/submit', { materials });
        const { page, path } = clerk;
        clerk.page = await clerk.context.newPage();
        await clerk.open(path);
        await clerk.send('/attach', { papers: [pdf('one.pdf', scan(`${language} 1`))] });
        clerk.page = page;
        await refused(clerk, 409, '/attach', { papers: [pdf('two.pdf', scan(`${language} 2`))] });
        await refused(clerk, 422, '/attach', { papers: [pdf('no.pdf', Buffer.from('MZ'))] });
    }, 'cun');

    visit('the bulletin', async (supervisor) => {
        await tour(supervisor, [['/figures/report?from=2013-01-01&to=2100-12-31', 200], ['/figures/report?from=2013-01-01&to=2100-12-31&division=330482103000', 200],
            ['/figures/report?from=2014-09-30&to=2014-01-01', 422], ['/figures/report', 200]]);
        await supervisor.press(supervisor.page.locator('.bulletin details summary'));
        assert.ok(await supervisor.page.locator('.bulletin details tbody tr').count() > 69);
    }, 'jian');

    visit('the catalogue\'s desk', async (cataloguer) => {
        await tour(cataloguer, [['/desk/items', 200], ['/desk/items?q=zzzz', 200], ['/desk/items?list=items_waiting', 200], [`/desk/items/${item}`, 200], [`/desk/items/${item}/difference`, 200], [`/desk/items/${item}/difference?from=x`, 422]]);
        await cataloguer.open('/desk/items');
        await refused(cataloguer, 422, '/desk/items/import', { table: { name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from('code,colour\nA,red\n') } });
    }, 'xiang');

    visit('the calendar\'s desk', async (administrator) => {
        const list = (rows) => ({ table: { name: '2015.csv', mimeType: 'text/csv', buffer: Buffer.from(`date,kind,name\n${rows}`) } });
        await administrator.open('/desk/calendar');
        await refused(administrator, 422, '/desk/calendar/preview', list('2015-13-01,holiday,a\n'));
        await administrator.open('/desk/calendar');
        await administrator.send('/desk/calendar/preview', list(`2015-09-0${language === 'zh' ? 7 : 8},holiday,a\n`));
        await administrator.send('/desk/calendar');
        await tour(administrator, [['/desk/calendar/difference', 200], ['/desk/calendar/difference?to=99', 404]]);
    }, 'guan');

    visit('the outbox', async (administrator) => {
        await tour(administrator, [['/desk/outbox', 200], ['/desk/outbox?list=sent', 200], ['/desk/outbox?list=none', 422]]);
    }, 'guan');

    visit('the security log', async (auditor) => {
        await tour(auditor, [['/desk/security', 200], ['/desk/security?filter=true&kind=log', 200], ['/desk/security?kind=none', 422], ['/desk/security/keeping', 200]]);
    }, 'cha');

    visit('how long the security log is kept', async (administrator) => {
        await administrator.open('/desk/security/keeping');
        await refused(administrator, 422, '/keeping', { months: '3' });
        await administrator.send('/keeping', { months: '12' });
        assert.equal(administrator.status, 200, await administrator.text());
    }, 'quan');

    visit('the list behind a figure, asked for in vain', async (supervisor) => {
        await tour(supervisor, [['/desk/cases?from=2014-09-30&to=2014-01-01', 422], ['/desk/cases?item=XX-99', 422], ['/desk/cases?division=330499000000', 422]]);
    }, 'jian');

    visit('a list that is not one\'s own', async (clerk) => {
        await tour(clerk, [['/desk/cases', 200], ['/desk/cases?division=330482000000', 403]]);
    }, 'cun');

    for (const [account, addresses] of Object.entries(roles))
        visit(`the desk of ${account}`, async (person) => {
            await tour(person, addresses.map((address) => [address, 200]));
            const found = await person.page.locator('table.list tbody a').count() ? await firstLink(person, 'table.list tbody a') : '/desk/me';
            await person.open(found);
        }, account);

    visit('a document that is ours', async (anyone) => {
        const supervisor = await Visitor.staff(browser, centre.address, way, 'jian');
        const cases = await supervisor.page.locator('table.list tbody a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
        for (const path of cases) {
            await supervisor.page.goto(path);
            if (!await supervisor.page.locator('a[href^="/documents/"]').count()) continue;
            await anyone.open((await firstLink(supervisor, 'a[href^="/documents/"]')).replace('/documents/', '/verify/'));
            assert.equal(anyone.status, 200);
            break;
        }
        await supervisor.leave();
    });
}
