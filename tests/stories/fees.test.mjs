// SPDX-License-Identifier: Apache-2.0
// Fees: noted by the catalogue alone, paid at the counter, by the bank's table and by its signed message; the licence waits for them.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Centre, asked } from './centre.mjs';
import { paperOf } from './papers.mjs';
import { Browser, Program } from './people.mjs';

const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };
const item = 'GAJ-02', secret = 'a secret of the demo bank'; // the identity card, the one item of the demo that charges amounts
const words = {
    zh: { begin: '开具缴费通知', line: '补领', due: '待缴', paid: '已缴', amount: '40', days: '合计', wrong: '处不符', differs: '不符' },
    en: { begin: 'Make a payment notice', line: 'Replacement', due: 'due', paid: 'paid', amount: '40', days: 'Total', wrong: 'wrong in', differs: 'Other amount' },
};

let centre;
before(async () => {
    centre = await Centre.open();
    await centre.end('SIGTERM');
    writeFileSync(`${centre.beside}.payment`, `${secret}\nhttps://pay.example/{reference}?fen={fen}\n`, { mode: 0o600 });
    await centre.start();
});
after(() => centre.close());

const at = (account, language) => new Browser(centre.address, language).signIn(account);
const program = (account) => new Program(centre.address).signIn(account);
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const feeOf = (number) => asked(centre.database, `SELECT MAX(number) FROM fee WHERE case_number = ${number}`).trim();
const stateOf = (fee) => asked(centre.database, `SELECT state FROM fee WHERE number = ${fee}`).trim();

// Granted, and waiting to be issued.
async function granted() {
    const clerk = await program('shou05'), reviewer = await program('shen05');
    const number = await clerk.handIn(item, applicant);
    for (const [who, action, fields] of [[reviewer, 'accept'], [reviewer, 'pass', { opinion: '符合' }], [await program('pizhun05'), 'grant', { opinion: '同意' }]]) {
        const { status, body } = await who.act(number, action, fields);
        assert.ok(status < 300, `${action}: ${JSON.stringify(body)}`);
    }
    return number;
}

async function noted(number, line = '补领', quantity = 1) {
    const { status, body } = await (await program('shou05')).post(`/desk/fees/of/${number}`, { line, quantity });
    assert.ok(status < 300, JSON.stringify(body));
    return feeOf(number);
}

// A message of the bank; who does not know the secret signs with another.
async function tell(fields, { key = secret, idempotency = randomUUID(), body = JSON.stringify(fields), signature } = {}) {
    const answer = await fetch(`${centre.address}/fees/paid`, {
        method: 'POST', body,
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Idempotency-Key': idempotency,
            'X-Pinghu-Signature': signature ?? createHmac('sha256', key).update(body).digest('hex') },
    });
    return { status: answer.status, body: await answer.json() };
}

for (const language of ['zh', 'en']) {
    const said = words[language];

    test(`a licence waits until its fee is paid at the counter, ${language}`, async () => {
        const number = await granted();
        const issuer = await program('shou05');
        assert.equal((await issuer.act(number, 'issue')).body.reason, 'fees.not_noted');
        const clerk = await at('shou05', language);
        await clerk.open(`/desk/cases/${number}`);
        await clerk.follow(said.begin);
        assert.ok(clerk.text.includes(said.line) && clerk.text.includes(said.amount), clerk.text);
        await clerk.send(`/of/${number}`, { line: '', quantity: '1', reason: '' });
        assert.equal(clerk.status, 422, 'nothing due needs a reason');
        await clerk.send(`/of/${number}`, { line: '补领', quantity: '1' });
        assert.equal(clerk.status, 200, clerk.text);
        assert.ok(clerk.text.includes(said.due), clerk.text);
        assert.equal((await issuer.act(number, 'issue')).body.reason, 'fees.unpaid');
        const notice = (await issuer.get(`/desk/cases/${number}`)).body.documents.find((one) => one.document_kind === 'payment_notice');
        const paper = await paperOf(clerk, language === 'en' ? `/translations/${notice.code}/en` : `/documents/${notice.code}`);
        assert.ok(paper.text.includes(said.amount), paper.text);
        assert.ok(paper.links.includes(`https://pay.example/${feeOf(number)}?fen=4000`), `the code on the paper carries the county's form: ${paper.links}`);
        await clerk.send('/pay', { channel: 'cash', receipt: '' });
        assert.equal(clerk.status, 422, 'without a receipt nothing is paid');
        await clerk.send('/pay', { channel: 'cash', receipt: '0001234' });
        assert.ok(clerk.text.includes(said.paid), clerk.text);
        assert.ok((await issuer.act(number, 'issue')).status < 300);
        await clerk.open('/desk/fees/days');
        assert.ok(clerk.text.includes(said.days) && clerk.text.includes(said.amount), clerk.text);
    });

    test(`a table of the bank tells all its faults, and counts once, ${language}`, async () => {
        const fee = await noted(await granted());
        const clerk = await at('shou05', language);
        await clerk.open('/desk/fees/import');
        await clerk.send('/import', { table: `reference,amount,day\n${fee},39.99,${today()}\n330482140101000001,40,${today()}\nx,-1,z\n` });
        assert.equal(clerk.status, 422, clerk.text);
        assert.ok(clerk.text.includes(said.wrong), clerk.text);
        assert.equal(stateOf(fee), 'due');
        await clerk.send('/import');
        assert.equal(clerk.status, 422, 'neither a file nor a table was sent');
        const table = `reference,amount,day\n${fee},40.00,${today()}\n`;
        for (const known of [0, 1]) {
            const { status, body } = await (await program('shou05')).post('/desk/fees/import', { table });
            assert.ok(status < 300, JSON.stringify(body));
            assert.deepEqual([body.taken, body.known], [1 - known, known]);
        }
        assert.equal(stateOf(fee), 'paid');
    });

    test(`a signed message of the bank counts once; another amount is shown and not credited, ${language}`, async () => {
        const fee = await noted(await granted());
        const message = { reference: fee, amount_fen: 4000, day: today(), message: `m-${fee}` };
        for (const [tried, status] of [[{ key: 'another secret altogether' }, 403], [{ signature: '' }, 403], [{ signature: 'zz' }, 403], [{ body: `${JSON.stringify(message)} `, signature: createHmac('sha256', secret).update(JSON.stringify(message)).digest('hex') }, 403]])
            assert.equal((await tell(message, tried)).status, status, JSON.stringify(tried));
        const wrong = await tell({ ...message, amount_fen: 3999, message: `w-${fee}` });
        assert.deepEqual([wrong.body.paid, stateOf(fee)], [false, 'due']);
        const clerk = await at('shou05', language);
        await clerk.open(`/desk/fees/${fee}`);
        assert.ok(clerk.text.includes(said.differs) && clerk.text.includes('39.99'), clerk.text);
        const key = randomUUID(), first = await tell(message, { idempotency: key });
        assert.ok(first.body.paid, JSON.stringify(first.body));
        assert.deepEqual((await tell(message, { idempotency: key })).body, first.body, 'the same request again is the same');
        assert.deepEqual(await tell(message).then(({ status, body }) => [status, body.reason]), [409, 'fees.paid_already'], 'a replay is refused');
        assert.equal(asked(centre.database, `SELECT COUNT(*) FROM event WHERE subject = 'fee/${fee}' AND kind = 'fee.credited'`).trim(), '1');
    });
}

test('nothing is taken that is foreign, negative, huge or garbage', async () => {
    const fee = await noted(await granted());
    const good = { reference: fee, amount_fen: 4000, day: today(), message: 'x' };
    const tries = [{ ...good, reference: '330483140903000001' }, { ...good, amount_fen: -4000 }, { ...good, amount_fen: 9e15 }, { ...good, day: '2999-01-01' },
        { ...good, day: '1999-01-01' }, { ...good, message: 'y'.repeat(61) }, { ...good, message: 'a\u0000b' }, { ...good, reference: '\u202e1' }, []];
    for (const one of tries) {
        const { status } = await tell(one);
        assert.ok([400, 404, 409, 422].includes(status), `${status} ${JSON.stringify(one)}`);
    }
    const clerk = await program('shou05');
    for (const fields of [{ line: '工本费' }, { line: '补领', quantity: -1 }, { line: '补领', quantity: 1e9 }, { line: '补领', quantity: 1.5 }])
        assert.ok([400, 422].includes((await clerk.post(`/desk/fees/of/${await granted()}`, fields)).status), JSON.stringify(fields));
    for (const table of ['', 'a,b\n1,2\n', `reference,amount,day\n"${fee}`, '\u0000', 'x'.repeat(600_000)])
        assert.ok([400, 413, 422].includes((await clerk.post('/desk/fees/import', { table })).status), table.slice(0, 40));
    const stranger = await program('shen');
    const { seen } = (await clerk.get(`/desk/fees/${fee}`)).body;
    assert.ok([403, 404].includes((await stranger.post(`/desk/fees/${fee}/pay`, { seen, channel: 'cash', receipt: '1' })).status));
    assert.ok([403, 404].includes((await stranger.get(`/desk/fees/${fee}`)).status));
    assert.equal(stateOf(fee), 'due');
});
