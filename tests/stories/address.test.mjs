// SPDX-License-Identifier: Apache-2.0
// A centre is found at its public address: papers carry it whatever name a request came by, and other names are refused.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { Centre, password, program } from './centre.mjs';
import { Browser, makeOwnCode, newCode } from './people.mjs';
import { documentLinks, paperOf } from './papers.mjs';
import { textsOf } from './sealed.mjs';

const address = 'https://zwfw.pinghu.example';
let centre;
before(async () => { centre = await Centre.open({ options: ['--public-url', address] }); });
after(() => centre.close());

// As one who comes by another name.
function ask(path, host, headers = {}) {
    return new Promise((done, fail) => {
        const sent = request(new URL(path, centre.address), { headers: { Host: host, Accept: 'application/json', ...headers } }, (answer) => {
            let body = '';
            answer.setEncoding('utf8').on('data', (piece) => { body += piece; }).on('end', () => done({ status: answer.statusCode, body }));
        });
        sent.on('error', fail).end();
    });
}

test('every code on a paper leads to the public address', async () => {
    const content = JSON.parse(textsOf(centre, 'document', 'content', 'code', "WHERE document_kind = 'receipt' ORDER BY code LIMIT 1")[0]);
    const applicant = await new Browser(centre.address).open('/track');
    await applicant.send('/track', { number: content.number, code: await newCode(centre, content.number) });
    await makeOwnCode(centre, applicant, content.number);
    const paper = await paperOf(applicant, documentLinks(applicant)[0][1]);
    assert.equal(paper.links.length, 2, paper.links.join(' '));
    for (const link of paper.links) assert.ok(link.startsWith(`${address}/`), link);
    assert.ok(paper.text.includes(address), paper.text);
    assert.ok(!paper.text.includes('127.0.0.1'), paper.text);
});

test('a request by another name is refused with a sentence that names the address', async () => {
    for (const host of ['evil.example', 'zwfw.pinghu.example.evil.example', '127.0.0.2']) {
        const { status, body } = await ask('/', host);
        assert.equal(status, 421, host);
        assert.equal(JSON.parse(body).reason, 'http.misdirected');
        assert.ok(JSON.parse(body).detail.includes(address), body);
    }
    const page = await ask('/', 'evil.example', { Accept: 'text/html', 'Accept-Language': 'en' });
    assert.equal(page.status, 421);
    assert.match(page.body, /Please open https:\/\/zwfw\.pinghu\.example instead/);
});

test('the public name, this machine’s own names and the question for its health are answered', async () => {
    const { port } = new URL(centre.address);
    for (const host of ['zwfw.pinghu.example', 'zwfw.pinghu.example:443', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
        assert.equal((await ask('/items', host)).status, 200, host);
    assert.equal((await ask('/healthz', 'evil.example')).status, 200);
});

test('every answer tells a browser what it may do with it', async () => {
    for (const path of ['/', '/healthz', '/api', '/desk', '/nowhere', '/static/view/theme.css', '/documents/none']) {
        const { headers } = await fetch(centre.address + path, { redirect: 'manual', headers: { Accept: 'text/html' } });
        assert.match(headers.get('content-security-policy'), /^default-src 'none';.* script-src 'self';.* frame-ancestors 'none';/, path);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
        assert.equal(headers.get('referrer-policy'), 'same-origin', path);
        assert.match(headers.get('cache-control'), path.startsWith('/static/') ? /^public/ : /no-store/, path);
        if (headers.has('content-type')) assert.match(headers.get('content-type'), /charset=utf-8$|^application\/(problem\+)?json$/, path);
        for (const told of ['server', 'access-control-allow-origin']) assert.equal(headers.get(told), null, `${path}: ${told}`);
    }
});

test('behind TLS a session’s cookie is bound to the host and never goes plain', async () => {
    const behind = await Centre.open({ options: ['--behind-tls', '--public-url', address] });
    const sent = await fetch(`${behind.address}/sign-in`, { method: 'POST', redirect: 'manual', body: JSON.stringify({ account: 'cun', password }),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'one' } });
    const session = sent.headers.getSetCookie().find((one) => one.startsWith('__Host-pinghu='));
    assert.match(session ?? '', /^__Host-pinghu=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Secure$/, sent.headers.getSetCookie().join('\n'));
    await behind.close();
});

test('a centre without a public address says at its start which names it answers, and how others are named', async () => {
    assert.doesNotMatch(centre.said, /localhost/);
    const unnamed = await Centre.open({ options: ['--listen', '0.0.0.0:0'] });
    try {
        assert.match(unnamed.said, /localhost.*--public-url/);
    } finally {
        await unnamed.close();
    }
});

test('an address that is none is refused at the start', () => {
    for (const wrong of ['zwfw.pinghu.example', 'https://zwfw.pinghu.example/centre', 'ftp://zwfw.pinghu.example']) {
        const { status, stderr } = spawnSync(program, ['serve', '--database', `${centre.database}.none`, '--listen', '127.0.0.1:0', '--public-url', wrong],
            { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });
        assert.equal(status, 1);
        assert.match(stderr, /is no public address/);
    }
});
