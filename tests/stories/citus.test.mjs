// SPDX-License-Identifier: Apache-2.0
// A province spread over two workers of Citus, where that is installed: its counties are served as from any database, and of all
// that the program asks, nothing but what is of several counties goes to more than one shard. That is read from the plans of
// what was really asked, which the coordinator writes down.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Servers, tool } from './servers.mjs';

const extension = '/usr/share/postgresql/15/extension/citus.control';

// The statements on tables that are spread, and to how many shards each went.
function plansOf(spread) {
    const plans = [];
    for (const [, one] of readFileSync(join(dirname(spread.data), 'log'), 'utf8').matchAll(/ plan:\n\t(\{\n[^]*?\n\t\})\n/g)) {
        const plan = JSON.parse(one.replaceAll('\n\t', '\n'));
        const tasks = [...JSON.stringify(plan).matchAll(/"Task Count":(\d+)/g)].map(([, count]) => Number(count));
        if (tasks.length) plans.push({ sql: plan['Query Text'], tasks: Math.max(...tasks) });
    }
    return plans;
}

// Follows the links of pages, one of each kind.
async function wander(visitor, from) {
    const [waiting, seen] = [[from], new Set()];
    for (let path; (path = waiting.shift());) {
        await visitor.open(path);
        assert.ok(visitor.status < 500, `${path}: ${visitor.text}`);
        for (const link of visitor.page('a[href^="/"]').toArray().map((one) => visitor.page(one).attr('href').split('#')[0])) {
            const kind = link.replace(/\d+|=[^&]*/g, '#');
            if (!seen.has(kind)) waiting.push(link);
            seen.add(kind);
        }
    }
    return seen.size;
}

// A case of a village, from its draft to its licence.
async function life(people, address, item) {
    const at = (account) => new people.Program(address).signIn(account);
    const [cun, zhen, shen, pizhun] = await Promise.all(['cun', 'zhen', 'shen', 'pizhun'].map(at));
    const party = { party_kind: 'person', name: '张三示例', id_number: '330482196001011239', telephone: '13800001111' };
    const { body: { number } } = await cun.post(`/desk/apply/${item}`, party);
    const papers = await new people.Browser(address, 'en').signIn('cun');
    await papers.open(`/desk/cases/${number}`);
    await papers.send('/attach', {}, [['papers', 'scan.pdf', people.scan(number), 'application/pdf']]);
    const { materials } = (await cun.get(`/desk/cases/${number}`)).body;
    const steps = [[cun, 'submit', { materials: materials.map(({ name }) => name) }], [zhen, 'pass', { opinion: '属实' }], [shen, 'accept'], [shen, 'pass', { opinion: '符合' }],
        [pizhun, 'grant', { opinion: '同意' }], [zhen, 'issue']];
    for (const [person, action, fields] of steps) {
        const answer = await person.act(number, action, fields);
        assert.ok(answer.status < 300, `${action}: ${JSON.stringify(answer.body)}`);
    }
    await papers.open(`/desk/cases/${number}`);
}

// Filled as any database is, then given over to Citus.
async function openProvince() {
    const { Province, run } = await import('./province.mjs');
    const distribute = (database) => {
        const { status, stderr } = run('distribute', '--database', database);
        assert.equal(status, 0, stderr);
    };
    return Province.open({ database: process.env.PINGHU_DATABASE_SERVER.replace('{}', 'city'), prepare: (database) => {
        distribute(database);
        distribute(database); // who was cut off begins again
    } });
}

const regions = ['zhejiang', 'jiaxing'];
const names = ['haining', 'pinghu', 'shangcheng'];

if (!existsSync(extension)) test('where Citus is not installed, who asks for it is told', () => {
    const { status, stderr } = spawnSync(tool, ['--citus', 'true'], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /Citus is not installed/);
});
else test('a province on Citus', { timeout: 600000 }, async (t) => {
    const spread = await Servers.open(['--citus']);
    const province = await openProvince();
    t.after(async () => { await province.centre.close(); await spread.close(); });
    const [{ asked }, people, { counties }] = await Promise.all(['./centre.mjs', './people.mjs', './province.mjs'].map((one) => import(one)));
    const items = Object.fromEntries(names.map((name) => [name, province.itemOf(counties[name])]));

    await t.test('its rows lie with the workers, and what only grows still cannot be changed', () => {
        const placed = asked(province.database, 'SELECT COUNT(DISTINCT nodename) FROM pg_dist_placement JOIN pg_dist_node USING (groupid)').trim();
        assert.equal(placed, '2');
        assert.equal(asked(province.database, "SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0").trim(), 'migration');
        for (const sql of ['DELETE FROM event WHERE county = 330481', 'TRUNCATE ledger_node']) assert.throws(() => asked(province.database, sql), /permission denied/);
    });

    await t.test('cases live in three counties at once', async () => {
        await Promise.all(names.map((name) => life(people, province.at(name), items[name])));
        for (const name of names) assert.equal(province.verify(counties[name]).status, 0, name);
    });

    await t.test('its pages open, for everybody', async () => {
        for (const region of regions) assert.ok(await wander(new people.Browser(province.at(region)), '/') > 5);
        for (const account of ['zhuren', 'jian', 'guan', 'shou', 'cun', 'shen', 'pizhun', 'zhen'])
            assert.ok(await wander(await new people.Browser(province.at('pinghu')).signIn(account), '/desk') > 50, account);
    });

    await t.test('nothing but what is of several counties goes to more than one shard', () => {
        const plans = plansOf(spread);
        const texts = (all) => [...new Set(all.map(({ sql }) => sql))];
        const ours = plans.filter(({ sql }) => !sql.startsWith('/* all counties */'));
        const tables = new Set(texts(ours).flatMap((sql) => [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE) ([a-z_]+)/g)].map(([, table]) => table)));
        assert.ok(texts(ours).length > 80 && tables.has('event') && tables.has('case_now') && tables.has('counter'), 'plans were seen');
        assert.deepEqual(texts(ours.filter(({ tasks }) => tasks > 1)), []);
        const sums = plans.filter(({ sql, tasks }) => /^\/\* all counties \*\/.* FROM counter /s.test(sql) && tasks > 1);
        assert.ok(sums.length > 0, 'the figures of a region are one question to several shards');
    });
});
