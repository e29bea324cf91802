// SPDX-License-Identifier: Apache-2.0
// Two kinds of visitors: Browser fills in forms without JavaScript, as pages offer them; Program speaks JSON.
import { randomUUID } from 'node:crypto';
import * as cheerio from 'cheerio';
import { asked, password } from './centre.mjs';
import { personalOf } from './sealed.mjs';

// A connection that rested while a command ran may have been ended by the centre; a browser asks again too, with the same key.
async function fetched(url, asked) {
    return fetch(url, asked).catch((error) => {
        if (error.cause?.code !== 'UND_ERR_SOCKET') throw error;
        return fetch(url, asked);
    });
}

class Visitor {
    constructor(address, language = 'zh') {
        this.address = address;
        this.language = language;
        this.cookies = new Map();
    }

    get cookie() {
        return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }

    keepCookie(answer) {
        const lines = answer.headers.get('set-cookie') ?? ''; // Debian's Node has no getSetCookie, and joins several by commas
        for (const line of lines.split(/, (?=[\w-]+=)/).filter(Boolean)) {
            const [pair] = line.split(';');
            const at = pair.indexOf('=');
            if (/max-age=0(;|$)/i.test(line)) this.cookies.delete(pair.slice(0, at));
            else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
    }

    async ask(path, { method = 'GET', headers = {}, body } = {}) {
        const answer = await fetched(new URL(path, this.address), {
            method, body, redirect: 'manual',
            headers: { 'Accept-Language': this.language, Cookie: this.cookie, ...headers },
        });
        this.keepCookie(answer);
        return answer;
    }
}

// ---- a program ----

export class Program extends Visitor {
    async get(path) {
        const answer = await this.ask(path, { headers: { Accept: 'application/json' } });
        return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
    }

    async post(path, fields = {}, key = randomUUID(), headers = {}) {
        const answer = await this.ask(path, {
            method: 'POST', body: JSON.stringify(fields),
            headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
        });
        return {
            status: answer.status, type: answer.headers.get('content-type'), again: answer.headers.get('retry-after'),
            applied: answer.headers.get('preference-applied'), body: await answer.json(),
        };
    }

    async signIn(account) {
        const answer = await this.post('/sign-in', { account, password });
        if (answer.status >= 300) throw new Error(`${account} cannot sign in: ${JSON.stringify(answer.body)}`);
        return this;
    }

    // The same, answered with the whole of what it changed.
    async postAndSee(path, fields = {}, key = randomUUID()) {
        return this.post(path, fields, key, { Prefer: 'return=representation' });
    }

    // Takes an application in at the own desk, all papers on paper; its number.
    async handIn(item, party) {
        const begun = await this.postAndSee(`/desk/apply/${item}`, party);
        const { number, materials } = (await this.get(`/desk/cases/${begun.body.number}`)).body;
        await this.act(number, 'submit', { materials: materials.map((one) => one.name) });
        return number;
    }

    // Takes an action on a case as it is now, and sees the case after it.
    async act(number, action, fields = {}) {
        const now = await this.get(`/desk/cases/${number}`);
        return this.postAndSee(`/desk/cases/${number}/${action}`, { seen: now.body.seen, ...fields });
    }
}

// ---- a browser without JavaScript ----

export class Browser extends Visitor {
    // Opens a page, follows where it leads; this.page is a cheerio document.
    async open(path) {
        return this.show(await this.ask(path, { headers: { Accept: 'text/html' } }), path);
    }

    async show(answer, path) {
        if (answer.status === 303) {
            await answer.arrayBuffer();
            return this.open(answer.headers.get('location'));
        }
        this.status = answer.status;
        this.path = path;
        this.headers = answer.headers;
        this.html = await answer.text();
        this.page = cheerio.load(this.html);
        return this;
    }

    get title() { return this.page('title').text(); }
    get text() { return this.page('main').text().replace(/\s+/g, ' ').trim(); }
    get heading() { return this.page('h1').first().text().trim(); }

    async follow(text) {
        const link = this.page('a').filter((_, a) => this.page(a).text().includes(text)).first();
        if (!link.length) throw new Error(`no link “${text}” on ${this.path}`);
        return this.open(link.attr('href'));
    }

    // The fields that the form would send as it stands: fields by name, ticked boxes, chosen options.
    fieldsOf(form) {
        const $ = this.page;
        const fields = [];
        form.find('input, textarea, select').each((_, one) => {
            const field = $(one);
            const [name, type] = [field.attr('name'), field.attr('type')];
            if (!name || type === 'file' || field.attr('disabled') !== undefined) return;
            if ((type === 'checkbox' || type === 'radio') && field.attr('checked') === undefined) return;
            const value = one.tagName === 'textarea' ? field.text() : one.tagName === 'select'
                ? (field.find('option[selected]').attr('value') ?? field.find('option').first().attr('value') ?? '')
                : field.attr('value') ?? '';
            fields.push([name, value]);
        });
        return fields;
    }

    // Where two forms have one address, files go to the one that takes files.
    form(action, files = []) {
        const all = this.page('form').filter((_, one) => (this.page(one).attr('action') ?? '').endsWith(action));
        const taking = all.filter((_, one) => files.length && this.page(one).attr('enctype'));
        const found = (taking.length ? taking : all).first();
        if (!found.length) throw new Error(`no form ${action} on ${this.path}:\n${this.text}`);
        return found;
    }

    // Every name given must be a field of the form: a person cannot send what the page does not offer.
    checkOffered(form, given) {
        for (const name of Object.keys(given))
            if (!form.find('[name]').toArray().some((one) => this.page(one).attr('name') === name))
                throw new Error(`${this.path} offers no field “${name}”`);
    }

    bodyOf(form, given, files) {
        const kept = this.fieldsOf(form).filter(([name]) => !(name in given));
        const added = Object.entries(given).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
        if (form.attr('enctype') !== 'multipart/form-data') return new URLSearchParams([...kept, ...added]);
        const body = new FormData();
        for (const [name, value] of [...kept, ...added]) body.append(name, value);
        for (const [field, name, bytes, type] of files) body.append(field, new Blob([bytes], { type }), name);
        return body;
    }

    // Fills in and sends the form whose action ends in `action`; files: [[field, name, bytes, type]].
    async send(action, given = {}, files = []) {
        const form = this.form(action, files);
        this.checkOffered(form, given);
        const path = form.attr('action');
        if ((form.attr('method') ?? 'get').toLowerCase() === 'get')
            return this.open(`${path}?${this.bodyOf(form, given, [])}`);
        const answer = await this.ask(path, { method: 'POST', headers: { Accept: 'text/html' }, body: this.bodyOf(form, given, files) });
        return this.show(answer, path);
    }

    async signIn(account) {
        await this.open('/sign-in');
        await this.send('/sign-in', { account, password });
        if (this.status !== 200 || this.path.startsWith('/sign-in')) throw new Error(`${account} cannot sign in: ${this.text}`);
        return this;
    }
}

// A new slip's tracking code, as a clerk of the desk that took the case in gives it to the applicant. The one before it ends.
export async function newCode(centre, number) {
    const account = asked(centre.database, `SELECT account FROM case_now c JOIN post p ON p.county = c.county
        AND p.organ = CASE channel WHEN 'town' THEN 90 WHEN 'village' THEN 91 ELSE c.organ END
        AND p.division = CASE WHEN channel IN ('town', 'village') THEN c.place ELSE c.county * 1000000 END AND p.roles & 1 = 1
        JOIN staff s ON s.county = p.county AND s.id = p.staff WHERE number = ${String(number).replace(/\D/g, '')} ORDER BY account LIMIT 1`).trim();
    const clerk = await new Program(centre.address).signIn(account);
    const { body } = await clerk.act(String(number).replace(/\D/g, ''), 'new-slip');
    if (!body.code) throw new Error(`${account} gets no slip of ${number}: ${JSON.stringify(body)}`);
    return body.code;
}

// A holder who came by a slip's code proves to be the applicant, and is on the page of the case by a code of his own.
export async function makeOwnCode(centre, holder, number) {
    const digits = String(number).replace(/\D/g, '');
    const [{ applicant_id }] = personalOf(centre, 'case_now', `WHERE number = ${digits}`);
    await holder.send('/own-code', { id_number: applicant_id });
    await holder.open(`/track/${digits}`);
}

// A sample scan: a PDF of one empty page, different by its remark.
export function scan(remark) {
    return Buffer.from(`%PDF-1.4\n% ${remark}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n` +
        `3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
}
