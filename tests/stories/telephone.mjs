// SPDX-License-Identifier: Apache-2.0
// A telephone that makes one-time codes (RFC 6238) of the secret that a page shows.
import { createHmac } from 'node:crypto';

const STEP = 30000, LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
let last = 0;

function codeOf(text, step) {
    const bits = [...text.replace(/\s/g, '')].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac('sha1', key).update(counter).digest();
    return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

export const codeNow = (secret) => codeOf(secret, Math.floor(Date.now() / STEP));

// One that was not used yet: of the next step of time, where this one's was, which the centre takes too.
export function freshCode(secret) {
    last = Math.max(last + 1, Math.floor(Date.now() / STEP));
    return codeOf(secret, last);
}
