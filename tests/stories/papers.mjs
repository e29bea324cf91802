// SPDX-License-Identifier: Apache-2.0
// A paper as whoever holds it sees it: its text, and what a camera reads from its codes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const proofText = /c2sp\.org\/tlog-proof@v1\n[^]*?\n\n[^]*?\n\n(?:— \S+ \S+\n)+/;

export function seen(pdf, { dpi = 300 } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'pinghu-pdf-'));
    try {
        const file = join(folder, 'paper.pdf');
        writeFileSync(file, pdf);
        const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
        execFileSync('pdftoppm', ['-r', String(dpi), '-png', file, join(folder, 'page')]);
        const pages = readdirSync(folder).filter((name) => name.endsWith('.png')).map((name) => join(folder, name));
        const { stdout: read } = spawnSync('zbarimg', ['--quiet', '--raw', '--nodbus', ...pages], { encoding: 'utf8' }); // fails where one page has no code
        const links = read.match(/^http\S+$/gm) ?? [];
        return {
            text, pages: pages.length, proof: read.match(proofText)?.[0], links,
            verify: links.find((one) => one.includes('/verify/')), event: links.find((one) => one.includes('/event/')),
        };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

export async function paperOf(visitor, link, options) {
    const answer = await visitor.ask(link);
    if (answer.headers.get('content-type') !== 'application/pdf') throw new Error(`${link}: ${answer.status} ${await answer.text()}`);
    return seen(Buffer.from(await answer.arrayBuffer()), options);
}

export const documentLinks = (browser) => browser.page('a[href^="/documents/"]').toArray().map((one) => [browser.page(one).text(), browser.page(one).attr('href')]);
