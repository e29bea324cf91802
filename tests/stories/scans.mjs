// SPDX-License-Identifier: Apache-2.0
// Files as people send them: whole, and in the ways in which they break.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

function crc32(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
        sum ^= byte;
        for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
}

// A PNG: a red square with a hole, of so many pixels.
export function picture(side, remark = '') {
    const chunk = (kind, data) => {
        const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]), out = Buffer.alloc(body.length + 8);
        out.writeUInt32BE(data.length, 0);
        body.copy(out, 4);
        out.writeUInt32BE(crc32(body), body.length + 4);
        return out;
    };
    const head = Buffer.alloc(13), edge = side / 10;
    head.writeUInt32BE(side, 0);
    head.writeUInt32BE(side, 4);
    head.set([8, 6], 8);
    const rows = Buffer.alloc(side * (1 + 4 * side));
    for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
            if (Math.min(x, y, side - 1 - x, side - 1 - y) < edge) rows.set([200, 20, 20, 255], y * (1 + 4 * side) + 1 + 4 * x);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), ...(remark ? [chunk('tEXt', Buffer.from(`Comment\0${remark}`))] : []), chunk('IEND', Buffer.alloc(0))]);
}

// Makes some bytes into others by a program: `words` of its command line, in which IN and OUT stand for files, BASE for OUT without its ending.
function made(bytes, ending, command, ...words) {
    const folder = mkdtempSync(join(tmpdir(), 'pinghu-scan-'));
    try {
        const [from, to] = [join(folder, 'in.png'), join(folder, `out.${ending}`)];
        writeFileSync(from, bytes);
        execFileSync(command, words.map((word) => ({ IN: from, OUT: to, BASE: join(folder, 'out') })[word] ?? word), { stdio: ['ignore', 'ignore', 'pipe'] });
        return readFileSync(to);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
export const heic = (png) => made(png, 'heic', 'heif-enc', '-q', '50', 'IN', '-o', 'OUT');
export const avif = (png) => made(png, 'avif', 'heif-enc', '-A', '-q', '50', 'IN', '-o', 'OUT');
export const webp = (png) => made(png, 'webp', 'cwebp', '-quiet', 'IN', '-o', 'OUT');
// A photo that is wide and has its upper half black, as JPEG.
export const jpeg = () => made(pdf('[0 0 400 200]', '0 100 400 100 re f'), 'jpg', 'pdftocairo', '-jpeg', '-singlefile', '-r', '72', 'IN', 'BASE');
// A PDF of a page of that size with that drawing.
export function pdf(box, drawing, { encrypted = false, pages = 1 } = {}) {
    const kids = Array.from({ length: pages }, (_, i) => `${i + 3} 0 R`), stream = pages + 3, lock = pages + 4;
    const page = (i) => `${i + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox${box}/Contents ${stream} 0 R>>endobj\n`;
    return Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[${kids.join(' ')}]/Count ${pages}>>endobj\n` +
        kids.map((_, i) => page(i)).join('') + `${stream} 0 obj<</Length ${drawing.length}>>stream\n${drawing}\nendstream endobj\n` +
        (encrypted ? `${lock} 0 obj<</Filter/Standard/V 1/R 2/P -4/O<${'4f'.repeat(32)}>/U<${'55'.repeat(32)}>>>endobj\n` : '') +
        `trailer<</Root 1 0 R${encrypted ? `/Encrypt ${lock} 0 R/ID[<${'49'.repeat(16)}><${'49'.repeat(16)}>]` : ''}>>\n%%EOF\n`);
}

// A PDF of some kilobytes whose page draws one form ten times, which draws another one ten times, and so on.
export function bomb(depth) {
    const forms = Array.from({ length: depth }, (_, i) => {
        const drawing = i + 1 < depth ? '/F Do '.repeat(10) : '0 0 m 9 9 l 5 90 l 70 3 l f ';
        return `${i + 4} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 100 100]${i + 1 < depth ? `/Resources<</XObject<</F ${i + 5} 0 R>>>>` : ''}/Length ${drawing.length}>>stream\n${drawing}\nendstream endobj\n`;
    });
    return Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n` +
        `3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources<</XObject<</F 4 0 R>>>>/Contents ${depth + 4} 0 R>>endobj\n${forms.join('')}` +
        `${depth + 4} 0 obj<</Length 5>>stream\n/F Do\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
}

// The JPEG with an EXIF orientation, which telephones write in place of turning the photo.
export function turned(photo, orientation) {
    const tiff = Buffer.from([0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]), head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
    return Buffer.concat([photo.subarray(0, 2), head, body, photo.subarray(2)]);
}

// A TIFF of so many grey pages, not compressed.
export function tiff(pages, [width, height] = [60, 80]) {
    const parts = [Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0])];
    let at = 8;
    for (let i = 0; i < pages; i++) {
        const tags = [[256, width], [257, height], [258, 8], [259, 1], [262, 1], [273, 0], [277, 1], [278, height], [279, width * height]];
        const directory = Buffer.alloc(2 + 12 * tags.length + 4), pixels = Buffer.alloc(width * height, 40 * (i + 1));
        const end = at + directory.length + pixels.length;
        directory.writeUInt16LE(tags.length);
        tags.forEach(([tag, value], j) => {
            directory.writeUInt16LE(tag, 2 + 12 * j);
            directory.writeUInt16LE(4, 4 + 12 * j);
            directory.writeUInt32LE(1, 6 + 12 * j);
            directory.writeUInt32LE(tag === 273 ? at + directory.length : value, 10 + 12 * j);
        });
        directory.writeUInt32LE(i + 1 < pages ? end : 0, 2 + 12 * tags.length);
        parts.push(directory, pixels);
        at = end;
    }
    return Buffer.concat(parts);
}

// A ZIP package of one entry, stored.
export function zip(name, content) {
    const [text, body] = [Buffer.from(name), Buffer.from(content)], local = Buffer.alloc(30), central = Buffer.alloc(46), end = Buffer.alloc(22);
    local.write('PK\x03\x04', 'latin1');
    central.write('PK\x01\x02', 'latin1');
    end.write('PK\x05\x06', 'latin1');
    for (const [record, base] of [[local, 14], [central, 16]]) {
        record.writeUInt32LE(crc32(body), base);
        record.writeUInt32LE(body.length, base + 4);
        record.writeUInt32LE(body.length, base + 8);
        record.writeUInt16LE(text.length, base + 12);
    }
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(central.length + text.length, 12);
    end.writeUInt32LE(local.length + text.length + body.length, 16);
    return Buffer.concat([local, text, body, central, text, end]);
}
