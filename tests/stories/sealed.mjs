// SPDX-License-Identifier: Apache-2.0
// Texts that a database keeps sealed, opened by another implementation of what docs/privacy.md says.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asked } from './centre.mjs';

const keysOf = (beside) => new Map([...readFileSync(`${beside}.personal`, 'utf8').matchAll(/^(\d+) ([0-9a-f]{64})$/gm)]
    .map(([, id, key]) => [id, Buffer.from(key, 'hex')]));

export function opened(beside, county, place, of, sealed) {
    if (!sealed) return '';
    const [, id, base64] = sealed.match(/^~(\d+)~(.+)$/);
    const bytes = Buffer.from(base64, 'base64');
    const cipher = createDecipheriv('aes-256-gcm', keysOf(beside).get(id), bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16))
        .setAAD(Buffer.from(`${county} ${place} ${of}`));
    return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString();
}

// The same text as somebody with the keys would seal it.
export function sealed(beside, county, place, of, text) {
    const [id, key] = [...keysOf(beside)].at(-1);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${county} ${place} ${of}`));
    return `~${id}~${Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')}`;
}

// The texts of a column, of the rows for which the rest of the statement holds. `key` is the SQL of the row's key behind the county.
export const textsOf = (centre, table, column, key, rest = '') =>
    asked(centre.database, `SELECT county || ' ' || ${key} || ' ' || ${column} FROM ${table} ${rest}`).trim().split('\n').filter(Boolean)
        .map((row) => row.split(' ')).map(([county, of, sealed]) => opened(centre.beside, county, `${table}.${column}`, of, sealed));

// The lines of a sealed record column as an object for each row: {applicant: "张三", …}.
export const personalOf = (centre, table, rest) => textsOf(centre, table, 'personal', 'number', rest)
    .map((lines) => Object.fromEntries(lines.split('\n').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])));
