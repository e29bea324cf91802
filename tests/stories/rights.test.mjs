// SPDX-License-Identifier: Apache-2.0
// Every route with every role: who may not pass is turned away, whatever he brings.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Program } from './people.mjs';

const accounts = { clerk: 'cun', reviewer: 'shen', approver: 'pizhun', head: 'ju', cataloguer: 'xiang', supervisor: 'jian',
    system_administrator: 'guan', security_administrator: 'quan', auditor: 'cha' };

let centre;
before(async () => { centre = await Centre.open(); });
after(() => centre.close());

const filled = (path) => path.replace(/\{(\w+)\}/g, (_, name) => ({ number: '330482140903999999', item: 'none', code: 'none', paper: '1', action: 'accept' }[name] ?? 'none'));

async function asked(person, route) {
    const answer = route.method === 'GET' ? await person.ask(filled(route.path), { headers: { Accept: 'application/json' } })
        : await person.post(filled(route.path));
    if (answer.arrayBuffer) await answer.arrayBuffer();
    return answer.status;
}

test('every route is told with who may pass', async () => {
    const { body } = await new Program(centre.address).get('/api');
    assert.ok(body.routes.length >= 25, `${body.routes.length} routes`);
    for (const route of body.routes) assert.ok(route.does && route.method && route.path, JSON.stringify(route));
});

test('nobody signed in: every route of the desks says 401', async () => {
    const { body } = await new Program(centre.address).get('/api');
    for (const route of body.routes) {
        const status = await asked(new Program(centre.address), route);
        if (route.anyone) assert.notEqual(status, 401, `${route.method} ${route.path}`);
        else assert.equal(status, 401, `${route.method} ${route.path}`);
    }
});

for (const [role, account] of Object.entries(accounts))
    test(`a ${role} is admitted just where the table says so`, async () => {
        const { body } = await new Program(centre.address).get('/api');
        for (const route of body.routes) {
            if (route.path === '/sign-out') continue;
            const person = await new Program(centre.address, 'en').signIn(account);
            const status = await asked(person, route);
            const admitted = route.anyone || route.holders || route.roles.includes(role);
            if (admitted) assert.ok(![401, 405].includes(status), `${role} ${route.method} ${route.path}: ${status}`);
            else assert.equal(status, 403, `${role} ${route.method} ${route.path}`);
        }
    });

test('whatever an inbox lists can be opened', async () => {
    for (const account of Object.values(accounts).concat('zhen', 'shou', 'shou13', 'fu')) {
        const person = await new Program(centre.address).signIn(account);
        const { body } = await person.get('/desk');
        for (const { path } of body.lists)
            for (const one of (await person.get(path)).body.cases)
                assert.equal((await person.get(one.path)).status, 200, `${account} ${path} ${one.path}`);
    }
});
