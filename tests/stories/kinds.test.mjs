// SPDX-License-Identifier: Apache-2.0
// Papers as telephones, scanners and offices make them: known by their content, called by their kind, opened when they are handed in, and
// shown page by page. What cannot be opened is told at once, and nothing of it stays.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Centre, asked } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';
import { avif, bomb, heic, jpeg, pdf, picture, tiff, turned, webp, zip } from './scans.mjs';

let centre;
let clerk;
let number;
let material;
before(async () => {
    centre = await Centre.open();
    clerk = await new Browser(centre.address, 'en').signIn('cun');
    const item = centre.accounts.match(/try: (\S+)/)[1];
    await clerk.open(`/desk/apply/${item}`);
    await clerk.send(`/desk/apply/${item}`, { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' });
    [, number] = clerk.path.match(/(\d{18})/);
    material = clerk.page('select[name=material] option').first().attr('value');
});
after(() => centre?.close());

const attach = async (name, bytes) => {
    await clerk.open(`/desk/cases/${number}`);
    return clerk.send('/attach', { material }, [['papers', name, bytes, 'application/octet-stream']]);
};
const count = () => Number(asked(centre.database, `SELECT COUNT(*) FROM paper WHERE county = 330482 AND subject = 'case/${number}'`));
const liesThere = (bytes) => existsSync(join(`${centre.beside}.files`, createHash('sha256').update(bytes).digest('hex').replace(/^../, '$&/')));
const lastPaper = async () => {
    const { body } = await (await new Program(centre.address).signIn('cun')).get(`/desk/cases/${number}`);
    return body.materials.flatMap((one) => one.papers).sort((a, b) => a.paper - b.paper).at(-1);
};
const pageOf = async (paper, page) => clerk.open(`/desk/cases/${number}/papers/${paper}/pages/${page}`);
const pictureOf = () => Buffer.from(clerk.page('.sheet img').attr('src').split(',')[1], 'base64');

// The picture's size, and its grey levels at nine places: rows from above.
function looked(bytes) {
    const folder = mkdtempSync(join(tmpdir(), 'pinghu-page-'));
    try {
        writeFileSync(join(folder, 'page.jpg'), bytes);
        execFileSync('djpeg', ['-grayscale', '-pnm', '-outfile', join(folder, 'page.pgm'), join(folder, 'page.jpg')]);
        const grey = execFileSync('cat', [join(folder, 'page.pgm')]), [, width, height] = grey.toString('latin1', 0, 40).match(/^P5\s(\d+)\s(\d+)\s255\s/).map(Number);
        const at = (x, y) => grey[grey.length - width * height + Math.floor(y * height) * width + Math.floor(x * width)];
        return { width, height, rows: [0.05, 0.5, 0.95].map((y) => [0.05, 0.5, 0.95].map((x) => at(x, y))) };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

test('a file is what its content says, and is called so', async () => {
    const red = picture(300);
    const sent = [['身份证.jpg', red, '身份证.png', 'image/png'], ['IMG_0001.JPG', heic(red), 'IMG_0001.heic', 'image/heic'], ['3.15申请书', scan('by day'), '3.15申请书.pdf', 'application/pdf'],
        ['合同', tiff(3), '合同.tif', 'image/tiff'], ['photo.png', webp(red), 'photo.webp', 'image/webp'], ['photo.heic', avif(red), 'photo.avif', 'image/avif'],
        ['late.pdf', Buffer.concat([Buffer.alloc(1000, 0x20), scan('late')]), 'late.pdf', 'application/pdf'], ['营业执照.zip', zip('OFD.xml', '<ofd:OFD/>'), '营业执照.zip.ofd', 'application/ofd'],
        ['IMG_2.jpeg', jpeg(), 'IMG_2.jpeg', 'image/jpeg']];
    for (const [name, bytes, right, type] of sent) {
        await attach(name, bytes);
        assert.equal(clerk.status, 200, `${name}: ${clerk.text}`);
        const paper = await lastPaper();
        assert.deepEqual([paper.name, paper.type], [right, type]);
        assert.ok(liesThere(bytes));
    }
});

const broken = () => {
    const [red, photo, whole] = [picture(300), jpeg(), scan('whole')];
    const bad = Buffer.from(red);
    bad.fill(0x55, 100, 160);
    return [['locked.pdf', pdf('[0 0 100 100]', '', { encrypted: true }), /password/, /密码/], ['cut.pdf', whole.subarray(0, whole.length - 40), /incomplete/, /不完整/],
        ['head.pdf', Buffer.from('%PDF-1.4\n'), /incomplete/, /不完整/], ['none.pdf', pdf('', '', { pages: 0 }), /no page/, /一页也没有/],
        ['words.pdf', Buffer.from('%PDF-1.4\nnothing of a PDF\n%%EOF\n'), /damaged/, /已损坏/],
        ['cut.png', red.subarray(0, red.length - 30), /incomplete/, /不完整/], ['bad.png', bad, /damaged/, /已损坏/], ['cut.jpg', photo.subarray(0, photo.length / 2), /incomplete/, /不完整/],
        ['cut.heic', heic(red).subarray(0, 500), /incomplete|damaged/, /不完整|已损坏/], ['cut.webp', webp(red).subarray(0, 200), /incomplete/, /不完整/],
        ['cut.tif', tiff(2).subarray(0, 3000), /incomplete|damaged/, /不完整|已损坏/], ['huge.tif', tiff(1, [40000, 4]), /too large/, /太大/],
        ['docs.ofd', zip('word/document.xml', '<w/>'), /not OFD/, /不是 OFD/], ['cut.ofd', zip('OFD.xml', '<ofd/>').subarray(0, 60), /incomplete/, /不完整/]];
};

test('what cannot be opened is told at once, by page and by program, and nothing of it stays', async () => {
    const papers = count();
    for (const [name, bytes, english, chinese] of broken()) {
        await clerk.open(`/desk/cases/${number}`);
        const form = clerk.form('/attach', [bytes]);
        const answer = await fetch(new URL(form.attr('action'), centre.address), { method: 'POST', body: clerk.bodyOf(form, { material }, [['papers', name, bytes, 'application/pdf']]),
            headers: { Accept: 'application/json', 'Accept-Language': 'zh', Cookie: clerk.cookie } });
        const { detail, errors } = await answer.json();
        assert.equal(answer.status, 422, `${name}: ${detail}`);
        assert.match(JSON.stringify(errors), chinese, name);
        await attach(name, bytes);
        assert.equal(clerk.status, 422, name);
        assert.match(clerk.page('[role=alert]').text(), english);
        assert.ok(clerk.page('[role=alert]').text().includes(name), 'it is named');
        assert.ok(!liesThere(bytes), `${name} is not kept`);
    }
    assert.equal(count(), papers);
});

test('one that cannot be opened keeps out those sent along with it', async () => {
    const papers = count();
    await clerk.open(`/desk/cases/${number}`);
    await clerk.send('/attach', { material }, [['papers', 'good.pdf', scan('good'), 'application/pdf'], ['papers', 'bad.pdf', Buffer.from('%PDF-1.4\n'), 'application/pdf']]);
    assert.equal(clerk.status, 422);
    assert.equal(count(), papers);
});

test('each kind is shown page by page, upright', async () => {
    const shown = [['a.heic', heic(picture(300))], ['a.webp', webp(picture(300))], ['a.avif', avif(picture(300))], ['a.png', picture(300)]];
    for (const [name, bytes] of shown) {
        await attach(name, bytes);
        const { paper } = await lastPaper();
        await pageOf(paper, 1);
        assert.equal(clerk.status, 200, clerk.text);
        const { width, height, rows } = looked(pictureOf());
        assert.deepEqual([width, height], [300, 300]);
        assert.ok(rows[0][0] < 120, `${name}: its edge is dark`);
    }
    const photo = jpeg(), dark = (level) => level < 60;
    for (const [orientation, width, row, column] of [[1, 400, 0, 1], [3, 400, 2, 1], [6, 200, 1, 2], [8, 200, 1, 0]]) {
        await attach(`${orientation}.jpg`, turned(photo, orientation));
        await pageOf((await lastPaper()).paper, 1);
        const seen = looked(pictureOf());
        assert.equal(seen.width, width, `orientation ${orientation}`);
        assert.ok(dark(seen.rows[row][column]), `orientation ${orientation}: ${JSON.stringify(seen.rows)}`);
        assert.ok(!dark(seen.rows[2 - row][2 - column]), `orientation ${orientation}: ${JSON.stringify(seen.rows)}`);
    }
});

test('pages are turned by links, and there is none beyond the last', async () => {
    await attach('three.tif', tiff(3));
    const { paper } = await lastPaper();
    await clerk.open(`/desk/cases/${number}`);
    await clerk.open(clerk.page(`a[href$="/papers/${paper}/pages/1"]`).attr('href'));
    assert.match(clerk.text, /Page 1 of 3/);
    assert.equal(clerk.page('a[rel=prev]').length, 0);
    const levels = [looked(pictureOf()).rows[1][1]];
    for (const page of [2, 3]) {
        await clerk.open(new URL(clerk.page('a[rel=next]').attr('href'), new URL(clerk.path, centre.address)).pathname);
        assert.match(clerk.text, new RegExp(`Page ${page} of 3`));
        levels.push(looked(pictureOf()).rows[1][1]);
    }
    assert.deepEqual(levels.map((level) => Math.round(level / 40)), [1, 2, 3]);
    assert.equal(clerk.page('a[rel=next]').length, 0);
    const whole = await clerk.ask(new URL(clerk.page('main a[href^="../../"]').last().attr('href'), new URL(clerk.path, centre.address)).pathname);
    assert.equal(whole.headers.get('content-type'), 'image/tiff');
    assert.match(whole.headers.get('content-disposition'), /attachment/);
    for (const page of ['4', '0', '-1', '01x', '9999999', '%00', 'x'.repeat(300)]) {
        const { status } = await (await new Program(centre.address).signIn('cun')).get(`/desk/cases/${number}/papers/${paper}/pages/${page}`);
        assert.ok([400, 404].includes(status), `${page.slice(0, 9)}: ${status}`);
    }
    const other = await new Program(centre.address).get(`/desk/cases/${number}/papers/${paper}/pages/1`);
    assert.equal(other.status, 401, 'shown to nobody who may not see it');
});

test('an OFD has no picture, and the page says what to do', async () => {
    await attach('licence.ofd', zip('OFD.xml', '<ofd/>'));
    await pageOf((await lastPaper()).paper, 1);
    assert.equal(clerk.status, 200);
    assert.match(clerk.text, /Pages of an OFD file cannot be shown here. Please open the original file with an OFD reader/);
    assert.equal(clerk.page('.sheet img').length, 0);
    assert.ok(clerk.page('main a').filter((_, a) => clerk.page(a).text() === 'Open the original file').length);
});

test('a page that takes too long to draw is told so, and while some are drawn a paper is handed in', async () => {
    await attach('bomb.pdf', bomb(9));
    assert.equal(clerk.status, 200, clerk.text);
    const { paper } = await lastPaper();
    const began = performance.now();
    const looks = Array.from({ length: 4 }, () => clerk.ask(`/desk/cases/${number}/papers/${paper}/pages/1`));
    let drawn = 0;
    looks.forEach((look) => look.then(() => { drawn++; }));
    await attach('meanwhile.pdf', scan('meanwhile'));
    assert.equal(clerk.status, 200, clerk.text);
    assert.ok(drawn < 4, 'before all were drawn');
    for (const answer of await Promise.all(looks)) {
        assert.equal(answer.status, 409);
        assert.match(await answer.text(), /takes too long to draw/);
    }
    const drawing = performance.now() - began;
    const again = await clerk.ask(`/desk/cases/${number}/papers/${paper}/pages/1`);
    assert.equal(again.status, 409);
    assert.ok(performance.now() - began - drawing < drawing / 2, 'who looks again waits for no other drawing');
});
