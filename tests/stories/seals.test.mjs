// SPDX-License-Identifier: Apache-2.0
// The security administrator gives an organ a seal with a picture; a decision carries it, is the same file each time it is fetched, and is
// verified by the page, by the program and by OpenSSL alone, also when the seal has been ended; a foreign key is told to be one.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, asked, newFolder, program } from './centre.mjs';
import { documentLinks, seen } from './papers.mjs';
import { Browser, Program } from './people.mjs';
import { picture } from './scans.mjs';

const villager = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000', address: '新仓镇示例路9号' };
let centre, keeper, item, organ, folder;
before(async () => {
    centre = await Centre.open();
    folder = newFolder('seals');
    keeper = await new Browser(centre.address, 'en').signIn('quan');
    item = centre.accounts.match(/try: (\S+)/)[1];
    organ = asked(centre.database, `SELECT organ FROM item WHERE county = 330482 AND code = '${item}' LIMIT 1`).trim();
});
after(() => centre.close());

const keyOf = () => asked(centre.database, `SELECT key FROM organ_seal WHERE county = 330482 AND organ = ${organ} AND ended_at = 0`).trim();
const place = (name, bytes) => { const file = join(folder, name); writeFileSync(file, bytes); return file; };
const at = async (account, path) => (await new Browser(centre.address).signIn(account)).open(path);

async function go(number, steps) {
    for (const [account, action, fields] of steps) {
        const who = await at(account, `/desk/cases/${number}`);
        await who.send(`/${action}`, fields);
        assert.equal(who.status, 200, `${action}: ${who.text}`);
    }
}

// A villager's decision, and he himself with a code of his own.
async function decided() {
    const clerk = await at('cun', `/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, villager);
    const number = clerk.path.split('/').pop();
    const materials = [...new Set(clerk.page('select[name=material] option').toArray().map((one) => clerk.page(one).attr('value')))];
    await clerk.send('/submit', { materials });
    await go(number, [['zhen', 'pass', { opinion: '齐全' }], ['shen', 'accept', {}], ['shen', 'pass', { opinion: '符合' }], ['pizhun', 'grant', { opinion: '同意' }]]);
    const { body: { code } } = await (await new Program(centre.address).signIn('cun')).act(number, 'new-slip');
    const holder = await new Browser(centre.address).open('/track');
    await holder.send('/track', { number, code });
    await holder.send('/own-code', { id_number: villager.id_number });
    const [, link] = documentLinks(await at('cun', `/desk/cases/${number}`)).find(([text]) => text === '准予行政许可决定书');
    return { holder, link };
}

const fetched = async (visitor, link) => Buffer.from(await (await visitor.ask(link)).arrayBuffer());

async function finding(bytes) {
    const anyone = await new Browser(centre.address, 'en').open('/verify');
    await anyone.send('/verify', {}, [['document', 'decision.pdf', bytes, 'application/pdf']]);
    assert.equal(anyone.status, 200, anyone.text);
    return anyone.text;
}

const judged = (bytes, more) => spawnSync(program, ['verify', '--document', place('judged.pdf', bytes), ...more], { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });

test('every organ of the demo city has a seal, which only the security administrator makes and ends', async () => {
    await keeper.open('/desk');
    await keeper.follow('Seals');
    assert.equal(keeper.status, 200, keeper.text);
    assert.ok(keeper.text.includes(keyOf()), keeper.text);
    for (const account of ['cun', 'pizhun', 'guan'])
        assert.equal((await (await new Browser(centre.address).signIn(account)).ask('/desk/seals')).status, 403, account);
    const auditor = await new Browser(centre.address, 'en').signIn('cha');
    await auditor.open('/desk/seals');
    assert.equal(auditor.status, 200);
    assert.equal(auditor.page('form[action="/desk/seals"], form[action="/desk/seals/end"]').length, 0);
    const { status } = await (await new Program(centre.address).signIn('cha')).post('/desk/seals/end', { key: keyOf(), reason: '没有理由' });
    assert.equal(status, 403);
});

test('a picture that is none, an unknown organ, and an end without reason change nothing', async () => {
    const before = asked(centre.database, 'SELECT key, ended_at FROM organ_seal WHERE county = 330482 ORDER BY key');
    for (const [name, bytes] of [['small.png', picture(100)], ['large.png', picture(1300)], ['cut.png', picture(300).subarray(0, 400)], ['photo.jpg', Buffer.from('\xff\xd8\xff\xe0JFIF', 'latin1')]]) {
        await keeper.open('/desk/seals');
        await keeper.send('/desk/seals', { organ, reason: '旧印章损坏，更换' }, [['picture', name, bytes, 'image/png']]);
        assert.equal(keeper.status, 422, name);
        assert.ok(keeper.text.includes('between 200 and 1200 pixels'), keeper.text);
    }
    const program = await new Program(centre.address).signIn('quan');
    for (const [path, fields, reason] of [['/desk/seals', { organ: 98765 }, 'files.seal_organ'], ['/desk/seals/end', { key: 'f'.repeat(16), reason: '印章遗失，登报声明' }, 'files.seal_not_in_force'],
        ['/desk/seals/end', { key: keyOf(), reason: '无' }, undefined]]) {
        const { status, body } = await program.post(path, fields);
        assert.equal(status, 422, JSON.stringify(body));
        if (reason) assert.equal(body.reason, reason);
    }
    assert.equal(asked(centre.database, 'SELECT key, ended_at FROM organ_seal WHERE county = 330482 ORDER BY key'), before);
});

test('a decision is one file, sealed by its organ, verified by everybody and after the end of the seal', async () => {
    const first = keyOf();
    await keeper.open('/desk/seals');
    await keeper.send('/desk/seals', { organ }, [['picture', 'seal.png', picture(300), 'image/png']]);
    assert.equal(keeper.status, 422);
    assert.ok(keeper.text.includes('which a new one ends'), keeper.text);
    await keeper.open('/desk/seals');
    await keeper.send('/desk/seals', { organ, reason: '旧印章损坏，更换' }, [['picture', 'seal.png', picture(300), 'image/png']]);
    assert.equal(keeper.status, 200, keeper.text);
    const key = keyOf();
    assert.notEqual(key, first);
    assert.ok(keeper.text.includes(first) && keeper.text.includes('旧印章损坏，更换') && keeper.text.includes('Own picture'), keeper.text);
    const { holder, link } = await decided(), bytes = await fetched(holder, link);
    assert.ok(bytes.equals(await fetched(holder, link)), 'the same file');
    assert.ok(bytes.toString('latin1').includes(`%pinghu-seal v1 sm2-sm3 ${key} `));
    const { text } = seen(bytes);
    assert.ok(text.includes(villager.id_number) && text.includes(key), text);
    assert.ok(bytes.equals(await fetched(await new Browser(centre.address).signIn('cun'), link)), 'the desk that hands it over prints the original');
    const copy = await fetched(await new Browser(centre.address).signIn('shen'), link), { text: copied } = seen(copy);
    assert.ok(copied.includes('330499********0013') && copied.includes('复制件，未盖章') && !copied.includes(villager.id_number), copied);
    assert.ok(!copy.includes('%pinghu-seal'));

    await keeper.open('/desk/seals');
    await keeper.send('/desk/seals/end', { key, reason: '机构改革，印章收回' });
    assert.equal(keeper.status, 200, keeper.text);
    assert.ok(bytes.equals(await fetched(holder, link)), 'the same file after the end');
    const page = await finding(bytes);
    assert.ok(page.includes('Genuine: sealed by this centre') && page.includes('this seal was ended on'), page);
    assert.ok((await finding(Buffer.concat([bytes, Buffer.from('\n')]))).includes('Altered after sealing'));
    const all = place('all.pem', await (await fetch(new URL('/verify/seal.pem', centre.address))).text());
    const own = place('own.pem', await (await fetch(new URL(`/verify/seal.pem?key=${key}`, centre.address))).text());
    const other = place('other.pem', await (await fetch(new URL(`/verify/seal.pem?key=${first}`, centre.address))).text());
    for (const [more, status, says] of [[['--database', centre.database], 0, 'Genuine'], [['--key', all], 0, 'Genuine'], [['--key', own], 0, 'Genuine'], [['--key', other], 1, 'another key']]) {
        const said = judged(bytes, more);
        assert.equal(said.status, status, said.stdout + said.stderr);
        assert.ok(said.stdout.includes(says), said.stdout);
    }
    const line = bytes.lastIndexOf('%pinghu-seal'), [, , , , signature] = bytes.subarray(line).toString().trim().split(' ');
    assert.equal(execFileSync('openssl', ['dgst', '-sm3', '-verify', own, '-sigopt', 'distid:1234567812345678', '-signature', place('signature', Buffer.from(signature, 'base64')),
        place('signed', bytes.subarray(0, line))], { encoding: 'utf8' }).trim(), 'Verified OK');
    assert.equal(keyOf(), '');
    assert.equal(spawnSync(program, ['verify', '--database', centre.database]).status, 0);
});

test('what another key seals, or the right one another file, is told', async () => {
    const code = asked(centre.database, 'SELECT code FROM document_seal WHERE county = 330482 LIMIT 1').trim();
    const database = join(folder, 'elsewhere.db');
    execFileSync(program, ['key', 'create-seal', '--database', database]);
    const body = Buffer.from(`%PDF-1.4\n%%EOF\n%pinghu-document ${code}\n`);
    const signature = execFileSync('openssl', ['dgst', '-sm3', '-sign', `${database}.seal`, '-sigopt', 'distid:1234567812345678', place('body', body)]);
    const name = execFileSync('openssl', ['dgst', '-sm3', '-r'], { input: execFileSync('openssl', ['pkey', '-in', `${database}.seal`, '-pubout', '-outform', 'DER']), encoding: 'utf8' }).slice(0, 16);
    const forged = Buffer.concat([body, Buffer.from(`%pinghu-seal v1 sm2-sm3 ${name} ${signature.toString('base64')}\n`)]);
    assert.ok((await finding(forged)).includes('Sealed by another key'));
    assert.equal(judged(forged, ['--database', centre.database]).status, 1);
    const centreSigned = execFileSync('openssl', ['dgst', '-sm3', '-sign', `${centre.beside}.seal`, '-sigopt', 'distid:1234567812345678', place('body', body)]);
    const pem = execFileSync('openssl', ['pkey', '-in', `${centre.beside}.seal`, '-pubout', '-outform', 'DER']);
    const own = execFileSync('openssl', ['dgst', '-sm3', '-r'], { input: pem, encoding: 'utf8' }).slice(0, 16);
    const stolen = Buffer.concat([body, Buffer.from(`%pinghu-seal v1 sm2-sm3 ${own} ${centreSigned.toString('base64')}\n`)]);
    assert.ok((await finding(stolen)).includes('this document has another sealed file'));
});
