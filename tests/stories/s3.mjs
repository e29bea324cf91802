// SPDX-License-Identifier: Apache-2.0
// A small S3 store: keeps objects in memory, and takes only requests signed by AWS Signature Version 4 with its own keys over
// all that was sent. What it does to requests can be told: `holds` lets them wait until they are let go, `keep` changes what it
// keeps, `tells` is the checksum that it tells afterwards.
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

export class S3 {
    static async open({ key = 'paper-key', secret = 'paper-secret', region = 'cn-east-1' } = {}) {
        const self = Object.assign(new S3(), { key, secret, region, objects: new Map(), asked: [], held: [], faults: [], holds: false, mood: null, tells: 'sha256', keep: (body) => body });
        self.server = createServer((request, answer) => self.take(request, answer));
        await new Promise((done) => self.server.listen(0, '127.0.0.1', done));
        self.port = self.server.address().port;
        self.address = `http://127.0.0.1:${self.port}/papers/centre`;
        self.env = { PINGHU_PAPERS_KEY: key, PINGHU_PAPERS_SECRET: secret, PINGHU_PAPERS_REGION: region };
        return self;
    }

    // The fault of the signature; undefined: none.
    fault(request, body) {
        const { authorization = '', 'x-amz-date': date, 'x-amz-content-sha256': content } = request.headers;
        const [, key, day, region, service, names, signature] =
            authorization.match(/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/) ?? [];
        if (!request.url.startsWith('/papers/')) return `NoSuchBucket ${request.url}`;
        if (key !== this.key || region !== this.region || service !== 's3') return `InvalidAccessKeyId ${authorization}`;
        if (content !== sha256(body)) return `XAmzContentSHA256Mismatch ${content}`;
        if (Math.abs(Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')) - Date.now()) > 900_000) return `RequestTimeTooSkewed ${date}`;
        const signed = names.split(';');
        if (!['host', 'x-amz-date', 'x-amz-content-sha256'].every((name) => signed.includes(name))) return `too little is signed: ${names}`;
        const canonical = [request.method, new URL(request.url, this.address).pathname, '', ...signed.map((name) => `${name}:${request.headers[name].trim()}`), '',
            names, content].join('\n');
        const scope = `${day}/${region}/s3/aws4_request`;
        const signing = [day, region, 's3', 'aws4_request'].reduce(hmac, `AWS4${this.secret}`);
        const expected = hmac(signing, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
        return signature === expected ? undefined : `SignatureDoesNotMatch ${canonical}`;
    }

    async take(request, answer) {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const body = Buffer.concat(pieces);
        this.asked.push(`${request.method} ${request.url}`);
        if (this.holds) await new Promise((go) => this.held.push(go));
        const fault = this.fault(request, body);
        if (fault) this.faults.push(fault);
        if (fault || this.mood) {
            answer.writeHead(fault ? 403 : this.mood).end(`<Error><Code>${fault ? fault.split(' ')[0] : 'SlowDown'}</Code></Error>`);
            return;
        }
        if (request.method === 'PUT') this.objects.set(request.url, this.keep(body));
        if (request.method === 'DELETE') {
            this.objects.delete(request.url);
            answer.writeHead(204).end();
            return;
        }
        const object = this.objects.get(request.url);
        answer.writeHead(object ? 200 : 404, object && request.method === 'HEAD' ? this.told(object) : {});
        answer.end(['PUT', 'HEAD'].includes(request.method) ? '' : object ?? '<Error><Code>NoSuchKey</Code></Error>');
    }

    // The heads that tell of an object: its length, its ETag and, of a store that knows it, its SHA-256.
    told(object) {
        const hashed = (name, form) => createHash(name).update(object).digest(form);
        const sum = { sha256: { 'x-amz-checksum-sha256': hashed('sha256', 'base64'), ETag: '"of-its-own"' }, md5: { ETag: `"${hashed('md5', 'hex')}"` }, nothing: { ETag: '"of-its-own"' } };
        return { 'Content-Length': object.length, ...sum[this.tells] };
    }

    // Waits until so many requests are held.
    async holding(count) {
        while (this.held.length < count) await new Promise((done) => { setImmediate(done); });
    }

    letGo() {
        this.holds = false;
        this.held.splice(0).forEach((go) => go());
    }

    // As if its machine were gone.
    async close() {
        this.letGo();
        this.server.closeAllConnections?.();
        await new Promise((done) => this.server.close(done));
    }

    async reopen() {
        this.server = createServer((request, answer) => this.take(request, answer));
        await new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
    }
}
