// SPDX-License-Identifier: Apache-2.0
// Runs the files named, as `node --test --test-reporter=tap` does, but two at once on two processors also, where Node would take
// one after the other: a story waits more than it computes.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';

const files = process.argv.slice(2).map((file) => resolve(file));
run({ files, concurrency: Math.max(2, availableParallelism() - 1) })
    .on('test:fail', () => { process.exitCode = 1; })
    .compose(tap).pipe(process.stdout);
