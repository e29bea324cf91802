// SPDX-License-Identifier: Apache-2.0
// The ledger as an outsider reads it with code of his own: notes and their signatures, the tree, and whether one tree
// is the beginning of another.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
export const leafOf = (entry) => sha(Buffer.from([0]), entry);
const nodeOf = (left, right) => sha(Buffer.from([1]), left, right);

// "name+id+key" of either kind: 1 signs notes, 4 cosigns them.
export function keyOf(text) {
    const [, name, id, coded] = text.trim().match(/^([^+]+)\+([^+]+)\+(\S+)$/); // base64 may hold a plus sign too
    const bytes = Buffer.from(coded, 'base64');
    return { name, id, kind: bytes[0], public: createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(1)]), format: 'der', type: 'spki' }) };
}

// The note apart: its text, and by whom it is signed.
export function noteOf(note) {
    const at = note.lastIndexOf('\n\n');
    const text = note.slice(0, at + 1);
    const lines = note.slice(at + 2).trimEnd().split('\n').map((line) => line.match(/^— (\S+) (\S+)$/));
    const [origin, size, root] = text.split('\n');
    return { text, origin, size: Number(size), root: Buffer.from(root, 'base64'),
        signatures: lines.map(([, name, coded]) => ({ name, bytes: Buffer.from(coded, 'base64') })) };
}

function fits({ text }, key, { name, bytes }) {
    if (name !== key.name || bytes.subarray(0, 4).toString('hex') !== key.id) return false;
    if (key.kind === 1) return verify(null, Buffer.from(text), key.public, bytes.subarray(4));
    return verify(null, Buffer.from(`cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${text}`), key.public, bytes.subarray(12));
}
export const isSigned = (note, key) => note.signatures.some((one) => fits(note, key, one));

// RFC 9162, 2.1.4.2, step by step.
export function isBeginning(from, to, proof, oldRoot, newRoot) {
    if (from === to) return proof.length === 0 && oldRoot.equals(newRoot);
    if (from === 0) return proof.length === 0;
    const path = (from & (from - 1)) === 0 ? [oldRoot, ...proof] : [...proof];
    let [fn, sn] = [from - 1, to - 1];
    while (fn % 2 === 1) [fn, sn] = [fn >>> 1, sn >>> 1];
    if (path.length === 0) return false;
    let [fr, sr] = [path[0], path[0]];
    for (const hash of path.slice(1)) {
        if (sn === 0) return false;
        if (fn % 2 === 1 || fn === sn) {
            [fr, sr] = [nodeOf(hash, fr), nodeOf(hash, sr)];
            while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >>> 1, sn >>> 1];
        } else {
            sr = nodeOf(sr, hash);
        }
        [fn, sn] = [fn >>> 1, sn >>> 1];
    }
    return sn === 0 && fr.equals(oldRoot) && sr.equals(newRoot);
}

// A cosigner has a key of its own, told as others want it.
export class Cosigner {
    constructor(name, seed) {
        this.name = name;
        this.key = createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
        const coded = Buffer.concat([Buffer.from([4]), createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)]);
        this.id = sha(Buffer.from(`${name}\n`), coded).subarray(0, 4);
        this.public = `${name}+${this.id.toString('hex')}+${coded.toString('base64')}`;
    }

    line(text) {
        const time = BigInt(Math.floor(Date.now() / 1000));
        const stamp = Buffer.alloc(8);
        stamp.writeBigUInt64BE(time);
        const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), this.key);
        return `— ${this.name} ${Buffer.concat([this.id, stamp, signature]).toString('base64')}\n`;
    }
}

// The same with another at a place; Debian's Node has no Array.with.
export const put = (array, at, one) => Object.assign([...array], { [at]: one });
