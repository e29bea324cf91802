// SPDX-License-Identifier: Apache-2.0
// A restaurant is opened as one thing, once: found by everyday words, applied for from home with each paper sent once, five items of four organs,
// what one issues being the paper of the next, and all of it followed by one number and code.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Desks } from './parts.mjs';
import { Browser, Program, scan } from './people.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const codes = ['SJJ-03', 'XFDD-03', 'SJJ-02', 'DSJ-01', 'ZFJ-01'];

let centre;
let desks;
before(async () => {
    centre = await Centre.open();
    desks = await Desks.of(centre, codes);
});
after(() => centre.close());

const says = (text, ...all) => { for (const one of all) assert.ok(text.includes(one), `“${one}” is not in: ${text}`); };
const wholeOf = async (path) => (await (await desks.program('shen', 'SJJ-03')).get(`/desk${path}`)).body;

// A browser at home with a draft of the first item, on the page of the whole bundle.
async function drafted(language) {
    const home = new Program(centre.address, language);
    const place = Number((await home.get('/apply/SJJ-03')).body.towns[0].places[0].code);
    const { number } = (await home.post('/apply/SJJ-03', { ...villager, place })).body;
    const browser = new Browser(centre.address, language);
    browser.cookies = home.cookies;
    await browser.open(`/track/${number}`);
    await browser.follow(language === 'zh' ? '联合办理（一件事）' : 'Handle jointly');
    return { browser, number };
}

async function sendAll(browser) {
    const materials = browser.page('select[name=material] option, input[name=material]').toArray().map((one) => browser.page(one).attr('value')).filter(Boolean);
    for (const material of materials) {
        await browser.send('/papers', { material }, [['papers', '材料.pdf', scan(material), 'application/pdf']]);
        assert.equal(browser.status, 200, browser.text);
    }
    return materials;
}

const caseOf = async (path, code) => {
    const { name } = (await new Program(centre.address).get(`/items/${code}`)).body;
    const part = (await wholeOf(path)).parts.find((one) => one.item_name === name);
    return part.case_number_grouped.replace(/\D/g, '');
};

test('a restaurant from home, from the everyday word to the last licence', async () => {
    const visitor = await new Browser(centre.address, 'zh').open('/items?q=' + encodeURIComponent('开饭店'));
    await visitor.follow('开办餐饮店');
    says(visitor.text, '5 个事项', '4 个部门', '餐饮服务许可', '户外广告设置审批', '由“个体工商户设立登记”的结果自动提供');
    const { browser, number } = await drafted('zh');
    const materials = await sendAll(browser);
    assert.ok(!materials.includes('营业执照'), 'nobody brings what comes by itself');
    assert.equal(new Set(materials).size, materials.length, 'each paper once');
    await browser.send(`/joint/of/${number}`, { service: 'LB-01', chosen: ['ZFJ-01'] });
    assert.equal(browser.status, 200, browser.text);
    const whole = browser.path;
    says(browser.text, '待统一受理', '公众聚集场所', '等前一阶段', '户外广告设置审批');

    const lead = await desks.at(desks.account('shen', 'SJJ-03'), `/desk${whole}`);
    await lead.send('/accept-joint', { opinion: '材料齐全' });
    assert.equal(lead.status, 200, lead.text);
    const fire = await (await desks.program('shen', 'XFDD-03')).get(`/desk/cases/${await caseOf(whole, 'XFDD-03')}`);
    assert.ok(fire.body.materials.some((one) => one.papers.length), 'the fire brigade has its scans');
    for (const code of ['SJJ-03', 'XFDD-03']) await desks.granted(code, await caseOf(whole, code));
    await lead.open(`/desk${whole}`);
    await lead.send('/start-next', { opinion: '材料齐全' });
    assert.equal(lead.status, 200, lead.text);
    const shop = await caseOf(whole, 'SJJ-02');
    await desks.granted('SJJ-02', shop);
    assert.equal((await wholeOf(whole)).state, 'joint_waits');
    await desks.does('shou', 'SJJ-02', shop, 'issue');

    const [tax, sign] = [await caseOf(whole, 'DSJ-01'), await caseOf(whole, 'ZFJ-01')];
    for (const [code, one] of [['DSJ-01', tax], ['ZFJ-01', sign]]) {
        const { materials: asked } = (await (await desks.program('shen', code)).get(`/desk/cases/${one}`)).body;
        assert.ok(asked.find((each) => each.name === '营业执照').in_register, `${code} has the business licence`);
        assert.ok(asked.every((each) => !each.lacking), `${code} lacks nothing: ${JSON.stringify(asked)}`);
    }
    await desks.does('shou', 'DSJ-01', tax, 'accept', 'grant');
    await desks.does('shen', 'ZFJ-01', sign, 'accept');
    await desks.granted('ZFJ-01', sign);
    assert.equal((await wholeOf(whole)).state, 'joint_done');
    await browser.open(whole);
    says(browser.text, '全部办结');
    await browser.send(`/open/${sign}`);
    assert.equal(browser.path, `/track/${sign}`, 'one number and code open all of its cases');
    assert.equal(browser.status, 200, browser.text);
});

test('in English, without a sign, and one item taken back', async () => {
    const { browser, number } = await drafted('en');
    await browser.send(`/joint/of/${number}`, { service: 'LB-01' });
    assert.equal(browser.status, 200, browser.text);
    const whole = browser.path;
    says(browser.text, 'To be accepted for all', 'Tax registration');
    assert.ok(!browser.text.includes('outdoor advertising'), 'what is not chosen is left out');
    const fire = await caseOf(whole, 'XFDD-03');
    await browser.send(`/open/${fire}`);
    await browser.send('/withdraw', { reason: 'The place is another one' });
    assert.equal(browser.status, 200, browser.text);
    assert.equal((await wholeOf(whole)).parts.find((one) => one.case_number_grouped.replace(/\D/g, '') === fire).state, 'part_ended');
    const stranger = new Program(centre.address);
    assert.equal((await stranger.get(whole)).status, 401);
    assert.equal((await stranger.post(`${whole}/open/${fire}`)).status, 401);
    await browser.open(`/joint/of/${number}`);
    assert.equal(browser.status, 403, 'it is handed in');
});
