// SPDX-License-Identifier: Apache-2.0
// An applicant downloads his receipt; whoever gets the file checks its seal by the page, by the program and with
// OpenSSL alone, by the very commands that docs/seal.md shows.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Centre, asked, program } from './centre.mjs';
import { Browser, scan, makeOwnCode, newCode } from './people.mjs';
import { textsOf } from './sealed.mjs';

const guide = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/seal.md'), 'utf8');
const findings = {
    zh: { genuine: '由本中心签章', altered: '签章后被改动', other_key: '由其他密钥签章', no_seal: '没有签章', not_pdf: '不是 PDF' },
    en: { genuine: 'Genuine: sealed by this centre', altered: 'Altered after sealing', other_key: 'Sealed by another key', no_seal: 'No seal on it', not_pdf: 'Not a PDF' },
};

let centre;
let folder;
let receipt; // { number, code, bytes }
let publicKey;
let allKeys;
let files; // [finding, bytes]

const found = (query) => asked(centre.database, query).trim();
const kept = () => [found('SELECT count(*) FROM http_done'), found('SELECT count(*) FROM paper')];
const place = (name, bytes) => { const file = join(folder, name); writeFileSync(file, bytes); return file; };

before(async () => {
    centre = await Centre.open();
    folder = mkdtempSync(join(tmpdir(), 'pinghu-seal-'));
    const content = JSON.parse(textsOf(centre, 'document', 'content', 'code', "WHERE document_kind = 'receipt' ORDER BY code LIMIT 1")[0]);
    const applicant = await new Browser(centre.address).open('/track');
    await applicant.send('/track', { number: content.number, code: await newCode(centre, content.number) });
    await makeOwnCode(centre, applicant, content.number);
    const link = applicant.page('a[href^="/documents/"]').first().attr('href');
    const answer = await applicant.ask(link);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    const bytes = Buffer.from(await answer.arrayBuffer());
    const [, code] = bytes.toString('latin1').match(/\n%pinghu-document (\w{16})\n%pinghu-seal [^\n]+\n$/);
    receipt = { code, bytes, number: found(`SELECT number FROM document WHERE code = '${code}'`) };
    files = filesOf();
    allKeys = await (await fetch(new URL('/verify/seal.pem', centre.address))).text();
    publicKey = await (await fetch(new URL(`/verify/seal.pem?key=${bytes.toString('latin1').match(/sm2-sm3 (\w{16}) /)[1]}`, centre.address))).text();
});
after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await centre.close();
});

const flipped = (at) => { const bytes = Buffer.from(receipt.bytes); bytes[at] ^= 1; return bytes; };

// The same document under the seal of another centre.
function sealedElsewhere() {
    const database = join(folder, 'elsewhere.db'); // there is none, only its seal
    execFileSync(program, ['key', 'create-seal', '--database', database]);
    const body = receipt.bytes.subarray(0, receipt.bytes.lastIndexOf('%pinghu-seal'));
    const signed = place('elsewhere', body);
    const signature = execFileSync('openssl', ['dgst', '-sm3', '-sign', `${database}.seal`, '-sigopt', 'distid:1234567812345678', signed]);
    const der = execFileSync('openssl', ['pkey', '-in', `${database}.seal`, '-pubout', '-outform', 'DER']);
    const name = execFileSync('openssl', ['dgst', '-sm3', '-r'], { input: der, encoding: 'utf8' }).slice(0, 16);
    return Buffer.concat([body, Buffer.from(`%pinghu-seal v1 sm2-sm3 ${name} ${signature.toString('base64')}\n`)]);
}

const filesOf = () => [
    ['genuine', receipt.bytes], ['altered', flipped(1000)], ['altered', flipped(receipt.bytes.length - 20)],
    ['altered', Buffer.concat([receipt.bytes, Buffer.from('\n')])], ['other_key', sealedElsewhere()], ['no_seal', scan('unsealed')],
    ['not_pdf', Buffer.from('GIF89a')],
];

for (const language of ['zh', 'en'])
    test(`the page says what a file is, ${language}, and keeps nothing of it`, async () => {
        const before = kept();
        for (const [finding, bytes] of files) {
            const anyone = await new Browser(centre.address, language).open('/verify');
            await anyone.send('/verify', {}, [['document', 'receipt.pdf', bytes, 'application/pdf']]);
            assert.equal(anyone.status, 200, anyone.text);
            assert.ok(anyone.text.includes(findings[language][finding]), `${finding}: ${anyone.text}`);
            assert.equal(anyone.text.includes(receipt.number), finding === 'genuine', anyone.text);
        }
        assert.deepEqual(kept(), before);
        await centre.uploadsGone();
    });

test('no file, or one too large, is refused on the form', async () => {
    const anyone = await new Browser(centre.address, 'en').open('/verify');
    await anyone.send('/verify', {}, [['document', '', '', 'application/octet-stream']]); // as a browser sends what was not chosen
    assert.equal(anyone.status, 422, anyone.text);
    assert.ok(anyone.text.includes('Please choose a file'), anyone.text);
    await anyone.send('/verify', {}, [['document', 'large.pdf', Buffer.concat([receipt.bytes, Buffer.alloc(4 << 20)]), 'application/pdf']]);
    assert.equal(anyone.status, 422, anyone.text);
    assert.ok(anyone.text.includes('larger than 4 MB'), anyone.text);
});

function judged(bytes, more, lang = 'en_GB.UTF-8') {
    const file = place('document.pdf', bytes);
    return spawnSync(program, ['verify', '--document', file, ...more], { encoding: 'utf8', env: { ...process.env, LANG: lang } });
}

test('the program says the same, by the seal of its database or by a public key, while the server runs', () => {
    for (const more of [['--database', centre.database], ['--key', place('seal.pem', publicKey)]])
        for (const [finding, bytes] of files) {
            const { status, stdout, stderr } = judged(bytes, more);
            assert.equal(status, finding === 'genuine' ? 0 : 1, stdout + stderr);
            assert.ok(stdout.includes(findings.en[finding]), `${finding}: ${stdout}${stderr}`);
            assert.equal(stdout.includes(receipt.code), finding === 'genuine', stdout);
        }
    assert.ok(judged(receipt.bytes, ['--database', centre.database], 'zh_CN.UTF-8').stdout.includes(findings.zh.genuine));
});

test('without a key, or with one that is none, the program says what to do', () => {
    for (const [more, said] of [[['--database', join(folder, 'none.db')], 'create-seal'], [['--key', place('none.pem', 'no key')], 'no SM2 key'],
        [['--key', join(folder, 'not-there.pem')], 'not-there.pem']]) {
        const { status, stdout, stderr } = judged(receipt.bytes, more);
        assert.equal(status, 1);
        assert.equal(stdout, '');
        assert.ok(stderr.includes(said), stderr);
    }
});

test('OpenSSL alone checks it, by the commands of the guide', () => {
    const [, commands] = guide.match(/```sh\n([^]+?)```/);
    const run = (bytes) => {
        place('document.pdf', bytes);
        place('seal.pem', publicKey);
        return spawnSync('sh', ['-c', commands], { cwd: folder, encoding: 'utf8' }).stdout.split('\n');
    };
    const [verdict, name] = run(receipt.bytes);
    assert.equal(verdict, 'Verified OK');
    assert.ok(receipt.bytes.toString('latin1').includes(` sm2-sm3 ${name} `), name);
    for (const at of [1000, receipt.bytes.lastIndexOf('%pinghu-document') + 20])
        assert.notEqual(run(flipped(at))[0], 'Verified OK');
});

test('readers open the file, and the page names the seal', () => {
    const file = place('receipt.pdf', receipt.bytes);
    const { stdout, stderr } = spawnSync('pdftotext', [file, '-'], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.match(stdout, /SM2\/SM3/);
    assert.match(stdout.replace(/\s/g, ''), /密钥编号[0-9a-f]{16}/);
});

test('the key of the centre is made once, shown to everybody, and refused when others may read it', () => {
    const file = `${centre.beside}.seal`;
    const key = (word) => spawnSync(program, ['key', word, '--database', centre.database], { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(allKeys.startsWith(key('show-seal').stdout));
    assert.equal(key('create-seal').status, 1);
    chmodSync(file, 0o644);
    try {
        const { status, stderr } = key('show-seal');
        assert.equal(status, 1);
        assert.match(stderr, /chmod 600/);
    } finally {
        chmodSync(file, 0o600);
    }
});
