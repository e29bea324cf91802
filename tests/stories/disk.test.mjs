// SPDX-License-Identifier: Apache-2.0
// The disk is full: the action fails with 507 and a sentence, what was acknowledged stays, and when there
// is room again work goes on. The disk is a limit on the size of files (prlimit), which the system enforces.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { Centre, program } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

async function beginUntilFull(clerk, item) {
    const begun = [];
    for (let i = 0; i < 5000; i++) {
        const answer = await clerk.post(`/desk/apply/${item}`, applicant);
        if (answer.status !== 201) return { begun, answer };
        begun.push(answer.body.number);
    }
    return assert.fail('the disk never filled');
}

async function assertThere(clerk, numbers) {
    for (const number of numbers) assert.equal((await clerk.get(`/desk/cases/${number}`)).status, 200, number);
}

test('a full disk refuses with 507 and loses nothing', async () => {
    const first = await Centre.open();
    const item = first.accounts.match(/try: (\S+)/)[1];
    await first.end('SIGTERM');
    const limit = statSync(first.database).size + 256 * 1024;
    const full = await Centre.open({ database: first.database, wrap: ['prlimit', `--fsize=${limit}`] });
    const clerk = await new Program(full.address).signIn('cun');
    const { begun, answer } = await beginUntilFull(clerk, item);
    assert.equal(answer.status, 507, JSON.stringify(answer.body));
    assert.match(answer.body.detail, /[一-鿿]{4}/);
    await assertThere(clerk, begun);

    assert.equal((await clerk.get('/desk')).status, 200, 'reading goes on');
    await full.end('SIGTERM');

    await first.start();
    const again = await new Program(first.address).signIn('cun');
    await assertThere(again, begun);
    assert.equal((await again.post(`/desk/apply/${item}`, applicant)).status, 201, 'there is room again');
    await first.close();
});

test('a paper for which there is no room', async () => {
    const first = await Centre.open();
    const item = first.accounts.match(/try: (\S+)/)[1];
    await first.end('SIGTERM');
    const limit = statSync(first.database).size + (1 << 20);
    const full = await Centre.open({ database: first.database, wrap: ['prlimit', `--fsize=${limit}`] });
    const clerk = await new Program(full.address).signIn('cun');
    const { number } = (await clerk.post(`/desk/apply/${item}`, applicant)).body;
    const person = await new Browser(full.address, 'zh').signIn('cun');
    await person.open(`/desk/cases/${number}`);
    const material = person.page('select[name=material] option').first().attr('value');
    const paper = Buffer.concat([scan('large'), Buffer.alloc(limit)]);
    await person.send('/attach', { material }, [['papers', 'large.pdf', paper, 'application/pdf']]);
    assert.ok([413, 507].includes(person.status), `${person.status}`);
    if (paper.length < 20 << 20) assert.equal(person.status, 507, person.text);
    const { body } = await clerk.get(`/desk/cases/${number}`);
    assert.ok(body.materials.every((one) => one.papers.length === 0), 'nothing was kept');
    await person.open(`/desk/cases/${number}`);
    await person.send('/attach', { material }, [['papers', 'small.pdf', scan('small'), 'application/pdf']]);
    assert.equal(person.status, 200, 'a smaller one fits');
    await full.end('SIGTERM');
    execFileSync(program, ['verify', '--database', first.database], { stdio: 'ignore' });
    await first.start();
    await first.close();
});
