// SPDX-License-Identifier: Apache-2.0
// An outsider checks the ledger with nothing but its public key: entries fetched, the tree rebuilt by his own code,
// the signature judged by his own library.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { Centre, asked, program } from './centre.mjs';
import { Program } from './people.mjs';
import { personalOf } from './sealed.mjs';

let centre;
let key;
before(async () => {
    centre = await Centre.open();
    const told = execFileSync(program, ['key', 'show', '--database', centre.database], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [, name, id, coded] = told.match(/^([^+]+)\+([^+]+)\+(\S+)\n$/); // base64 may hold a plus sign too
    const prefix = Buffer.from('302a300506032b6570032100', 'hex');
    key = { name, id, public: createPublicKey({ key: Buffer.concat([prefix, Buffer.from(coded, 'base64').subarray(1)]), format: 'der', type: 'spki' }) };
});
after(() => centre.close());

const fetched = async (path) => {
    const answer = await fetch(new URL(`/ledger/330482/${path}`, centre.address));
    return { status: answer.status, cache: answer.headers.get('cache-control'), vary: answer.headers.get('vary'), bytes: Buffer.from(await answer.arrayBuffer()) };
};

// ---- the outsider's own tree ----

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (entry) => sha(Buffer.from([0]), entry);
function rootOf(leaves) {
    if (leaves.length === 1) return leaves[0];
    let cut = 1;
    while (cut * 2 < leaves.length) cut *= 2;
    return sha(Buffer.from([1]), rootOf(leaves.slice(0, cut)), rootOf(leaves.slice(cut)));
}

const group = (index) => {
    const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0').match(/.{3}/g);
    return digits.map((one, i) => (i + 1 < digits.length ? `x${one}` : one)).join('/');
};
const tilePath = (kind, index, width) => `tile/${kind}/${group(index)}${width < 256 ? `.p/${width}` : ''}`;

async function checkpoint() {
    const note = (await fetched('checkpoint')).bytes.toString();
    const at = note.indexOf('\n\n');
    const text = note.slice(0, at + 1);
    const [, name, coded] = note.slice(at + 2).match(/^— (\S+) (\S+)\n$/);
    const signature = Buffer.from(coded, 'base64');
    assert.equal(name, key.name);
    assert.equal(signature.subarray(0, 4).toString('hex'), key.id);
    assert.ok(verify(null, Buffer.from(text), key.public, signature.subarray(4)), 'the signature is the centre\'s');
    const [origin, size, root] = text.split('\n');
    assert.equal(origin, key.name);
    return { size: Number(size), root: Buffer.from(root, 'base64') };
}

// The first checkpoint that covers so many events.
async function checkpointOf(least) {
    for (;;) {
        const one = await checkpoint();
        if (one.size >= least) return one;
    }
}

async function entriesOf(size) {
    const entries = [];
    for (let index = 0; index * 256 < size; index++) {
        const width = Math.min(256, size - index * 256);
        const { status, bytes } = await fetched(tilePath('entries', index, width));
        assert.equal(status, 200);
        for (let at = 0; at < bytes.length;) {
            const length = bytes.readUInt16BE(at);
            entries.push(bytes.subarray(at + 2, at + 2 + length));
            at += 2 + length;
        }
    }
    return entries;
}

test('a bundle of entries is packed for whoever accepts that, and is the same', async () => {
    const { size } = await checkpoint();
    const ask = (accepted) => fetch(new URL(`/ledger/330482/${tilePath('entries', 0, Math.min(256, size))}`, centre.address), { headers: { 'accept-encoding': accepted } });
    const plain = Buffer.from(await (await ask('identity')).arrayBuffer());
    for (const [accepted, packed] of [['gzip', true], ['br, GZIP;q=0.5', true], ['*', true], ['gzip;q=0', false], ['br', false], ['xgzip', false]]) {
        const answer = await ask(accepted);
        assert.equal(answer.headers.get('content-encoding'), packed ? 'gzip' : null, accepted);
        assert.equal(answer.headers.get('vary'), 'Accept-Encoding');
        assert.ok(!packed || Number(answer.headers.get('content-length')) < plain.length / 2, accepted);
        assert.deepEqual(Buffer.from(await answer.arrayBuffer()), plain, accepted);
    }
});

test('an address that is not quite that of a tile or a proof says what to do', async () => {
    const visitor = new Program(centre.address, 'en');
    for (const path of ['tile/0/000?x=1', 'checkpoint?x=1', 'proof/1?x=1']) {
        const { status, body } = await visitor.get(`/ledger/330482/${path}`);
        assert.deepEqual([status, body.reason], [400, 'http.no_parameter'], path);
        assert.match(body.detail, /no parameter “x”/);
    }
    const { status, body } = await visitor.get('/ledger/330482/proof/01');
    assert.equal(status, 404);
    assert.match(body.detail, /without a zero before them/);
});

test('the entries make the signed root, and so do the tiles', async () => {
    const { size, root } = await checkpoint();
    assert.ok(size > 600, `${size} events`);
    const entries = await entriesOf(size);
    assert.equal(entries.length, size);
    const leaves = entries.map(leafOf);
    assert.deepEqual(rootOf(leaves), root);
    for (let index = 0; index * 256 < size; index++) {
        const width = Math.min(256, size - index * 256);
        const { bytes } = await fetched(tilePath(0, index, width));
        assert.deepEqual(bytes, Buffer.concat(leaves.slice(index * 256, index * 256 + width)));
    }
    const whole = Math.floor(size / 256);
    const above = await fetched(tilePath(1, 0, whole));
    assert.deepEqual(above.bytes, Buffer.concat(Array.from({ length: whole }, (_, i) => rootOf(leaves.slice(i * 256, i * 256 + 256)))));
});

test('what is public names no person, of what concerns one no village and no minute, and is what it says', async () => {
    const { size } = await checkpoint();
    const names = [...personalOf(centre, 'case_now').map((one) => one.applicant).filter(Boolean), ...asked(centre.database, 'SELECT name FROM staff').trim().split('\n')];
    assert.ok(names.length > 50, 'everybody is known');
    for (const entry of await entriesOf(size)) {
        const text = entry.toString();
        const leaf = JSON.parse(text);
        const isOfPerson = /^(case|consultation|custody|fee|hearing|joint|joint_part|licence|promise|visit)\//.test(leaf.subject);
        assert.deepEqual(Object.keys(leaf), ['at', 'commitment', 'county', 'division', 'item', 'kind', 'organ', 'sequence', 'subject',
            ...(isOfPerson ? ['version'] : [])]);
        assert.match(leaf.at, isOfPerson ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, text);
        if (isOfPerson) assert.ok(leaf.version === 2 && leaf.division % 1000 === 0, text);
        assert.equal(JSON.stringify(leaf), text, 'sorted keys, no blanks');
        assert.ok(!names.some((name) => text.includes(name)), text);
    }
});

test('an action is in the next checkpoint, which only goes on', async () => {
    const first = await checkpoint();
    const item = centre.accounts.match(/try: (\S+)/)[1];
    const clerk = await new Program(centre.address).signIn('cun');
    const begun = await clerk.post(`/desk/apply/${item}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    assert.equal(begun.status, 201);
    assert.equal((await checkpoint()).size, first.size, 'a draft is nobody else’s business');
    const { materials } = (await clerk.get(`/desk/cases/${begun.body.number}`)).body;
    await clerk.act(begun.body.number, 'submit', { materials: materials.map((one) => one.name) });
    const second = await checkpointOf(first.size + 1);
    const entries = await entriesOf(second.size);
    assert.deepEqual(rootOf(entries.slice(0, first.size).map(leafOf)), first.root, 'the old tree is the beginning of the new');
    assert.ok(entries.slice(first.size).some((one) => JSON.parse(one).subject === `case/${begun.body.number}`));
});

test('whole tiles may be kept for ever; what is not there is not found', async () => {
    const tile = await fetched('tile/0/000');
    assert.match(tile.cache, /immutable/);
    assert.equal(tile.vary, null, 'one copy in a cache serves everybody');
    assert.match((await fetched('checkpoint')).cache, /no-store/);
    for (const path of ['tile/0/x001/000', 'tile/9/000', 'tile/0/000.p/0', 'tile/0', 'tile/entries/999', 'tile/0/../../x', 'nothing'])
        assert.equal((await fetched(path)).status, 404, path);
});
