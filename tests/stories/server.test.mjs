// SPDX-License-Identifier: Apache-2.0
// The database's server goes away while people work: a connection is cut, a process of it is killed, all of it breaks
// down. Whoever is refused is told when to ask again; what was acknowledged is there, nothing is there twice, and the
// centre goes on by itself.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Applying, Servers, tool } from './servers.mjs';

const ROUNDS = 12;

let server;
before(async () => { server = await Servers.open(); });
after(() => server.close());

const processes = (centre) => server.story.asked(centre.database, "SELECT pid FROM pg_stat_activity WHERE application_name = 'pinghu' ORDER BY backend_start").trim().split('\n');

const troubles = {
    'connections are cut': (centre) => server.story.asked(centre.database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pinghu'"),
    'a process is killed': (centre) => process.kill(processes(centre)[0], 'SIGKILL'),
    'it breaks down': () => promisify(execFile)(tool, ['--restart', server.data]),
};

test(`a server goes away ${ROUNDS} times under load`, { timeout: 300000 }, async () => {
    const applying = await Applying.open(server);
    const refusals = await applying.under(async (acknowledged) => {
        for (let round = 0; round < ROUNDS; round++) {
            await acknowledged(1 + (round * 7) % 20);
            const [, trouble] = Object.entries(troubles)[round % 3];
            await trouble(applying.centre);
        }
        await acknowledged(6);
    });
    await applying.isWhole();
    assert.ok(refusals.length > 0, 'somebody was told to ask again');
    await applying.centre.close();
});
