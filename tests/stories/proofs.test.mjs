// SPDX-License-Identifier: Apache-2.0
// The holder of a paper checks the ledger: by scanning it, by the proof that is printed on it, and with the salt.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Centre, asked, program } from './centre.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { Browser, Program, scan } from './people.mjs';

const said = {
    zh: { unchanged: (n) => `记录为第 ${n} 号，`, since: '以来未改动', same: '与台账一致', other: '不一致', erased: '盐值已应要求删除', personal: '不公开村、社区和时刻', fits: '对得上', not: '对不上', receipt: '回执', licence: '证照' },
    en: { unchanged: (n) => `Recorded as number ${n}, unchanged since`, since: 'unchanged since', same: 'says the same as the ledger', other: 'does not say what the ledger says',
        erased: 'was erased at somebody', personal: 'not the village and not the time', fits: 'It fits', not: 'does not fit', receipt: 'Receipt', licence: 'Licence' },
};
const party = { party_kind: 'person', name: '王五示例', id_number: '330499198001010013', telephone: '13800000000' };

let centre;
let key;
before(async () => {
    centre = await Centre.open();
    const told = execFileSync(program, ['key', 'show', '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [, name, id, coded] = told.match(/^([^+\s]+)\+(\w+)\+(\S+)$/m);
    const prefix = Buffer.from('302a300506032b6570032100', 'hex');
    key = { name, id, public: createPublicKey({ key: Buffer.concat([prefix, Buffer.from(coded, 'base64').subarray(1)]), format: 'der', type: 'spki' }) };
});
after(() => centre.close());

// ---- the outsider's own judge of a proof ----

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (entry) => sha(Buffer.from([0]), entry);
const nodeOf = (left, right) => sha(Buffer.from([1]), left, right);

// RFC 9162, 2.1.3.2.
function rootFrom(leaf, index, size, path) {
    let [place, last, at] = [index, size - 1, leaf];
    for (const sibling of path) {
        if (last === 0) return null;
        const right = place % 2 === 1 || place === last;
        at = right ? nodeOf(sibling, at) : nodeOf(at, sibling);
        while (right && place % 2 === 0 && place) [place, last] = [place >> 1, last >> 1];
        [place, last] = [place >> 1, last >> 1];
    }
    return last === 0 ? at : null;
}

// The public leaf that the text proves; null when it proves none.
function proven(text) {
    const [head, checkpoint, signatures] = text.split('\n\n');
    const [title, extra, index, ...path] = head.split('\n');
    if (title !== 'c2sp.org/tlog-proof@v1') return null;
    const signed = Buffer.from(`${checkpoint}\n`);
    const isOurs = signatures.trimEnd().split('\n').some((line) => {
        const [dash, name, coded] = line.split(' ');
        const bytes = Buffer.from(coded, 'base64');
        return dash === '—' && name === key.name && bytes.subarray(0, 4).toString('hex') === key.id && verify(null, signed, key.public, bytes.subarray(4));
    });
    const [origin, size, root] = checkpoint.split('\n');
    const entry = Buffer.from(extra.replace('extra ', ''), 'base64');
    const made = rootFrom(leafOf(entry), Number(index.replace('index ', '')), Number(size), path.map((one) => Buffer.from(one, 'base64')));
    return isOurs && origin === key.name && made?.toString('base64') === root ? { ...JSON.parse(entry), number: Number(index.replace('index ', '')) + 1, hash: leafOf(entry) } : null;
}

// ---- people ----

async function apply(language) {
    const villager = await new Browser(centre.address, language).open('/items?object=person&online=true');
    await villager.open(villager.page('.results a').first().attr('href'));
    await villager.open(villager.page('a[href^="/apply/"]').first().attr('href'));
    const place = villager.page('select[name=place] option').eq(3).attr('value');
    await villager.send(villager.path, { ...party, place });
    await villager.send(villager.path);
    assert.equal(villager.status, 200, villager.text);
    await villager.open(villager.page('main a.button').attr('href'));
    const materials = villager.page('select[name=material] option').toArray().map((one) => villager.page(one).attr('value'));
    await villager.send('/attach', { material: materials[0] }, [['papers', 'one.pdf', scan(language), 'application/pdf']]);
    await villager.send('/submit');
    assert.equal(villager.status, 200, villager.text);
    return villager;
}

const saltOf = (paper) => paper.text.match(/(?:[0-9a-f]{4} ){7}[0-9a-f]{4}/)?.[0];
const pathOf = (link) => link.replace(centre.address, '');

async function assertUnchanged(language, link, number) {
    const anyone = await new Browser(centre.address, language).open(pathOf(link));
    assert.equal(anyone.status, 200, anyone.text);
    for (const sentence of [said[language].unchanged(new Intl.NumberFormat('en').format(number)), said[language].since, said[language].same])
        assert.ok(anyone.text.includes(sentence), `${sentence}: ${anyone.text}`);
    return anyone;
}

for (const language of ['zh', 'en']) {
    test(`the applicant scans his receipt, ${language}`, async (t) => {
        const villager = await apply(language);
        const [, link] = documentLinks(villager).find(([name]) => name.includes(said[language].receipt));
        const paper = await paperOf(villager, link);
        const leaf = proven(paper.proof);

        await t.test('the small code leads to the line of the ledger, which is unchanged', async () => {
            assert.ok(leaf, paper.proof);
            assert.equal(paper.links.length, 2, paper.links.join(' '));
            assert.equal(leaf.kind, 'case.received');
            const anyone = await assertUnchanged(language, paper.event, leaf.number);
            assert.ok(paper.event.endsWith(leaf.hash.toString('base64url')), paper.event);
            assert.ok(anyone.text.includes(said[language].personal) && !/\d\d:\d\d/.test(anyone.text), anyone.text);
            assert.ok(!anyone.html.includes(party.name) && !anyone.html.includes(party.id_number), 'nobody is named');
        });

        await t.test('at half the resolution a camera reads both codes too', async () => {
            const coarse = await paperOf(villager, link, { dpi: 150 });
            assert.equal(coarse.event, paper.event);
            assert.ok(proven(coarse.proof));
        });

        await t.test('a paper that says something else is told from it', async () => {
            for (const wrong of ['A'.repeat(43), 'f'.repeat(64), 'x', leaf.hash.toString('hex').replace(/^./, (c) => (c === '0' ? '1' : '0'))]) {
                const anyone = await new Browser(centre.address, language).open(`${pathOf(paper.event).split('?')[0]}?leaf=${wrong}`);
                assert.ok(anyone.text.includes(said[language].other), anyone.text);
                assert.ok(!anyone.text.includes(said[language].same) && !anyone.text.includes(said[language].since), anyone.text);
            }
            await assertUnchanged(language, `${paper.event.split('?')[0]}?leaf=${leaf.hash.toString('hex').toUpperCase()}`, leaf.number);
        });

        await t.test('the printed proof stands without the centre, and no other leaf or signature does', () => {
            const bend = (what, by) => proven(paper.proof.replace(what, by));
            assert.equal(bend(/^index \d+/m, `index ${leaf.number}`), null);
            assert.equal(bend(/^extra \S+/m, `extra ${Buffer.from('{"kind":"case.granted"}').toString('base64')}`), null);
            assert.equal(bend(/\n(\d+)\n(\S{44})\n\n/, '\n$1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n'), null);
        });

        await t.test('with the salt anybody makes the commitment again', async () => {
            const salt = saltOf(paper);
            assert.ok(salt, paper.text);
            const line = villager.page('.recorded li').filter((_, one) => villager.page(one).find(`a[href$="/event/${leaf.number}"]`).length > 0);
            const text = line.find('pre').text();
            const folder = mkdtempSync(join(tmpdir(), 'pinghu-salt-'));
            const file = join(folder, 'text');
            writeFileSync(file, text);
            const made = execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${salt.replaceAll(' ', '')}`, file], { encoding: 'utf8' });
            rmSync(folder, { recursive: true });
            assert.equal(made.trim().split('= ').pop(), leaf.commitment);
            for (const [with_, sentence] of [[salt, said[language].fits], [salt.toUpperCase().replaceAll(' ', ''), said[language].fits], [salt.replace(/^./, (c) => (c === '0' ? '1' : '0')), said[language].not]]) {
                await villager.open(`/track/${leaf.subject.split('/')[1]}`);
                await villager.send(`/event/${leaf.number}`, { salt: with_ });
                assert.equal(villager.status, 200, villager.text);
                assert.ok(villager.text.includes(sentence), villager.text);
            }
            await villager.send(`/event/${leaf.number}`, { salt: 'abc', text });
            assert.equal(villager.status, 422);
        });
    });
}

test('a licence carries its own proof, and no salt', async () => {
    const supervisor = await new Browser(centre.address, 'en').signIn('jian');
    const code = asked(centre.database, "SELECT code FROM document WHERE document_kind = 'licence' LIMIT 1").trim();
    const paper = await paperOf(supervisor, `/documents/${code}`);
    const leaf = proven(paper.proof);
    assert.equal(leaf.kind, 'case.issued');
    assert.equal(saltOf(paper), undefined, 'the salt is on the receipt alone');
    const anyone = await assertUnchanged('en', paper.event, leaf.number);
    const fetched = await anyone.ask(anyone.page('a[href*="/proof/"]').attr('href'));
    assert.equal(fetched.headers.get('content-disposition'), `attachment; filename*=UTF-8''event-${leaf.number}.tlog-proof`);
    assert.deepEqual(proven(await fetched.text()), leaf);
});

test('the staff see the numbers, and what is bound is for the applicant', async () => {
    const supervisor = await new Program(centre.address).signIn('jian');
    const { body: list } = await supervisor.get('/desk?list=all');
    const { body } = await supervisor.get(list.cases[0].path);
    assert.ok(body.recorded.length > 0);
    for (const one of body.recorded) assert.ok(one.number > 0 && !('text' in one), JSON.stringify(one));
});

test('what is not there is said so', async () => {
    const anyone = new Program(centre.address);
    for (const path of ['/ledger/330482/event/99999999', '/ledger/330482/event/0', '/ledger/330482/event/x', '/ledger/1/event/1', '/ledger/330482/proof/99999999', '/ledger/330482/proof/x', '/ledger/330482/proof/0'])
        assert.equal((await anyone.get(path)).status, 404, path);
    const reader = await new Browser(centre.address, 'en').open('/ledger');
    await reader.send('/ledger/find', { event: '7' });
    assert.ok(reader.text.includes(said.en.unchanged(7)), reader.text);
    await reader.open('/ledger/find?event=seven');
    assert.equal(reader.status, 422);
});

// ---- erasure ----

test('the security administrator erases the salt of a closed case, and nobody else', async () => {
    const villager = await apply('en');
    const number = villager.path.split('/').pop();
    const reason = 'Request in writing of 3 September';
    const administrator = await new Browser(centre.address, 'en').signIn('quan');
    const [, link] = documentLinks(villager)[0];
    const before = await paperOf(villager, link);

    await administrator.open('/desk/erase');
    await administrator.send('/desk/erase', { number });
    assert.equal(administrator.path, `/desk/erase/${number}`);
    assert.equal(administrator.page('form[method=post][action^="/desk/erase"]').length, 0, 'the case is still open');
    const program_ = await new Program(centre.address).signIn('quan');
    const early = await program_.post(`/desk/erase/${number}`, { seen: 3, reason, sure: true });
    assert.equal(early.status, 409, JSON.stringify(early.body));

    await villager.open(`/track/${number}`);
    await villager.send('/withdraw', { reason: 'no longer needed' });
    await administrator.open(`/desk/erase/${number}`);
    assert.ok(!administrator.html.includes(party.name), 'he sees no case');
    await administrator.send(`/desk/erase/${number}`, { reason });
    assert.equal(administrator.status, 422, 'he has to say that he is sure');
    for (const account of ['guan', 'cha', 'jian', 'zhen']) {
        const other = await new Program(centre.address).signIn(account);
        const seen = (await program_.get(`/desk/erase/${number}`)).body.seen;
        assert.equal((await other.post(`/desk/erase/${number}`, { seen, reason, sure: true })).status, 403, account);
        assert.equal((await other.post(`/desk/cases/${number}/erase`, { seen, reason })).status, 403, account);
    }
    await administrator.open(`/desk/erase/${number}`);
    await administrator.send(`/desk/erase/${number}`, { reason, sure: 'true' });
    assert.equal(administrator.status, 200, administrator.text);
    assert.ok(administrator.text.includes('The personal data of this case are erased'), administrator.text);
    assert.equal(administrator.page('form[method=post][action^="/desk/erase"]').length, 0, 'once is enough');

    await villager.open(`/track/${number}`);
    assert.ok(villager.text.includes('Personal data erased'), villager.text);
    assert.match(villager.text, new RegExp(`Erased on .*because: ${reason}`));
    assert.ok(saltOf(before), 'the receipt had a salt');
    assert.equal(documentLinks(villager).length, 0, 'no document is listed any more');
    const receipt = await new Program(centre.address).get(link);
    assert.equal(receipt.status, 404, JSON.stringify(receipt.body));
    const page = await assertUnchanged('en', before.event, proven(before.proof).number);
    assert.ok(page.text.includes(said.en.erased), page.text);
    const kept = asked(centre.database, `SELECT length(salt) FROM ledger_salt WHERE subject = 'case/${number}'`);
    assert.equal(kept, '0\n');
    assert.equal(asked(centre.database, `SELECT personal || '/' || applicant_kind FROM case_now WHERE number = ${number}`), '/person\n');
    const staff = await new Program(centre.address).signIn('jian');
    const shown = await staff.get(`/desk/cases/${number}`);
    assert.equal(shown.status, 200);
    assert.deepEqual(shown.body.applicant, { party_kind: 'person', name: '', id_number: '', telephone: '', contact: '', division: 0 });
    const listed = (await staff.get(`/desk?list=all&q=${number}`)).body.cases.find((one) => one.number === number);
    assert.equal(listed.applicant.name, '');
    for (const said of [shown, listed]) for (const told of [party.name, party.id_number, party.telephone])
        assert.ok(!JSON.stringify(said).includes(told), JSON.stringify(said));
    await centre.end('SIGTERM');
    const checked = spawnSync(program, ['verify', '--database', centre.database], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    await centre.start();
});
