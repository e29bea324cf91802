// SPDX-License-Identifier: Apache-2.0
// Every page that people reach by links, and none with a tag that no data fills.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Centre } from './centre.mjs';
import { Browser } from './people.mjs';

const starts = {
    nobody: ['/', '/items', '/track', '/verify', '/parts', '/api', '/ledger', '/wall', '/sign-in', '/items/register', '/items/changes', '/items/departments',
        '/items/places', '/figures/compare', '/figures/places', '/nowhere', '/items/register?on=never'],
    cun: ['/desk', '/desk/apply', '/desk/find', '/desk/password'], zhen: ['/desk'], shen: ['/desk', '/desk/messages'], pizhun: ['/desk'],
    jian: ['/desk/cases', '/figures', '/figures/report', '/desk?list=all'], xiang: ['/desk/items', '/desk/calendar'], quan: ['/desk/erase'],
};
const linksOfPage = 12;
const pagesOfPerson = 30;

let centre;
before(async () => { centre = await Centre.open({ options: ['--parts'] }); });
after(() => centre.close());

const isPage = (link) => link.startsWith('/') && !/documents|papers|proof|checkpoint|report\/|\.pem|static/.test(link);

async function walk(person, paths) {
    const seen = new Set();
    const ahead = [...paths];
    while (ahead.length && seen.size < pagesOfPerson) {
        const path = ahead.shift();
        if (seen.has(path)) continue;
        seen.add(path);
        await person.open(path);
        const links = person.page('main a').toArray().map((one) => one.attribs.href ?? '').filter(isPage);
        ahead.push(...links.slice(0, linksOfPage));
    }
    return seen.size;
}

for (const [account, paths] of Object.entries(starts))
    test(`the pages of ${account}`, async () => {
        const person = new Browser(centre.address, 'en');
        if (account !== 'nobody') await person.signIn(account);
        assert.ok(await walk(person, paths) >= paths.length, 'links lead on');
        assert.deepEqual([...new Set(centre.log.match(/\S+: no data fills \S+/g))], []);
    });
