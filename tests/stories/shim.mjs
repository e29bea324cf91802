// SPDX-License-Identifier: Apache-2.0
// tests/fault/fault.c, which is loaded before the program: its calls of the system in `folder` fail as FAULT_AT and FAULT_MANNER say, and its
// clock is off by the seconds that the file FAULT_CLOCK holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { program } from './centre.mjs';

// The sanitizers' runtime wants to be the first.
const runtime = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/=> (\S*libasan\S*)/)?.[1];
const shim = join(dirname(program), 'fault.so');
const preload = [runtime, shim].filter(Boolean).join(':');
assert.ok(existsSync(shim), `${shim} is there: ninja fault.so`);

export const environment = (folder, more) => ({ LD_PRELOAD: preload, FAULT_FOLDER: folder, LANG: 'C', ...more });

// The words before those of a program that is to run so.
export const wrapped = (folder, more) => ['env', ...Object.entries(environment(folder, more)).map(([name, value]) => `${name}=${value}`)];
