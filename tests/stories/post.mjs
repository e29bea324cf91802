// SPDX-License-Identifier: Apache-2.0
// Where a centre's messages go: a small SMTP server and a web hook on loopback, which keep what they are given. What they do
// to it can be told: `mood` is the answer, `hangs` lets the asker wait for it.
import { createHmac } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

const opened = (server) => new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server.address().port)); });

// Reads the lines after DATA: headers by name, those in several lines made one, and the body as it reads.
export function readMail(lines) {
    const end = lines.indexOf('');
    const headers = {};
    let last;
    for (const line of lines.slice(0, end)) {
        const [, name, value] = /^\s/.test(line) ? [null, last, ` ${line.trim()}`] : line.match(/^([!-9;-~]+): ?(.*)$/);
        headers[name] = (headers[name] ?? '') + value;
        last = name;
    }
    const decoded = (text) => text.replace(/\?= =\?/g, '?==?').replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, 'base64').toString());
    const body = Buffer.from(lines.slice(end + 1).join(''), 'base64').toString();
    return { lines, headers, subject: decoded(headers.Subject), from: decoded(headers.From), body };
}

export class Smtp {
    static async open() {
        const self = Object.assign(new Smtp(), { mails: [], mood: null, hangs: false, sockets: new Set() });
        self.server = createServer((socket) => self.talk(socket));
        self.port = await opened(self.server);
        self.address = `smtp://127.0.0.1:${self.port}`;
        return self;
    }

    // RFC 5321 as far as a mail needs it.
    talk(socket) {
        const mail = { from: null, to: [], lines: null };
        let rest = '';
        this.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
        socket.setEncoding('latin1').write('220 stand-in\r\n');
        socket.on('data', (chunk) => {
            const lines = (rest + chunk).split('\r\n');
            rest = lines.pop();
            for (const line of lines) this.hear(socket, mail, line);
        });
    }

    hear(socket, mail, line) {
        const say = (text) => socket.write(`${text}\r\n`);
        if (mail.lines) {
            if (line !== '.') { mail.lines.push(line.replace(/^\./, '')); return; }
            this.mails.push({ sender: mail.from, to: mail.to, ...readMail(mail.lines) });
            mail.lines = null;
            if (!this.hangs) say('250 taken');
        } else if (/^(EHLO|HELO)/.test(line)) say('250 stand-in');
        else if (/^MAIL FROM:/.test(line)) { Object.assign(mail, { from: line.match(/<(.*)>/)[1], to: [] }); say('250 ok'); }
        else if (/^RCPT TO:/.test(line)) {
            if (this.mood) say(this.mood);
            else { mail.to.push(line.match(/<(.*)>/)[1]); say('250 ok'); }
        } else if (line === 'DATA') { mail.lines = []; say('354 go on'); }
        else if (line === 'QUIT') { say('221 bye'); socket.end(); }
        else say('250 ok');
    }

    close() {
        for (const socket of this.sockets) socket.destroy();
        return new Promise((done) => { this.server.close(done); });
    }
}

export class Hook {
    static async open({ secret = 'a secret of the story' } = {}) {
        const self = Object.assign(new Hook(), { secret, calls: [], faults: [], mood: 204 });
        self.server = createHttp((request, answer) => self.take(request, answer));
        self.address = `http://127.0.0.1:${await opened(self.server)}/messages`;
        self.env = { PINGHU_HOOK_SECRET: secret };
        return self;
    }

    async take(request, answer) {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const body = Buffer.concat(pieces).toString();
        const [, seconds, signature] = (request.headers['x-pinghu-signature'] ?? '').match(/^t=(\d+),v1=([0-9a-f]{64})$/) ?? [];
        const expected = createHmac('sha256', this.secret).update(`${seconds}.${body}`).digest('hex');
        if (signature !== expected || Math.abs(seconds * 1000 - Date.now()) > 60_000) this.faults.push(request.headers['x-pinghu-signature']);
        this.calls.push({ key: request.headers['idempotency-key'], ...JSON.parse(body) });
        answer.writeHead(this.mood).end(this.mood >= 400 ? 'no telephone 13800000000 here' : undefined);
    }

    close() {
        this.server.closeAllConnections?.();
        return new Promise((done) => { this.server.close(done); });
    }
}
