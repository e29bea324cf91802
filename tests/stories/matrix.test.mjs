// SPDX-License-Identifier: Apache-2.0
// Every action on a case in every state is asked by all kinds of staff, of its own organ and of others, at all three levels: those pass
// whom the table of rights names by their relation to the case, and no others. Staff of another county: province.test.mjs.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Centre, asked } from './centre.mjs';
import { Browser, Program, scan } from './people.mjs';

const TOWN_CENTRE = 90;
const VILLAGE_POINT = 91;
const CENTRE = 99;

let centre;
let table;   // the printed one: {action, relations, states, roles, by_keeper, …} of cases
let cases;   // one for each state: as the database has it
let people;  // {account, posts, program}
const rows = (sql) => asked(centre.database, sql).trim().split('\n').filter(Boolean).map((line) => line.split('|'));
const whole = (county) => Number(county) * 1000000;

before(async () => {
    centre = await Centre.open();
    table = (await (await new Program(centre.address).signIn('cha')).get('/desk/rights')).body.actions.filter((one) => one.about === 'case');
    cases = rows(`SELECT state, number, events, organ, place, channel, desk_organ, desk_division, desk_role, county FROM case_now
        WHERE number IN (SELECT MIN(number) FROM case_now GROUP BY state, channel = 'online' AND state = 'draft') ORDER BY state`)
        .map(([state, number, seen, organ, place, channel, ...desk]) => ({ state, number, seen: Number(seen), organ: Number(organ), place: Number(place), channel, desk: desk.slice(0, 3).map(Number), county: desk[3] }));
    people = await someOfAllPosts();
});
after(() => centre.close());

// Staff of each case's organ, place and desk, and one of each kind that has nothing to do with any of them.
async function someOfAllPosts() {
    const posts = rows(`SELECT account, organ, division, roles FROM post p JOIN staff s ON s.county = p.county AND s.id = p.staff ORDER BY account`)
        .map(([account, organ, division, roles]) => ({ account, organ: Number(organ), division: Number(division), roles: Number(roles) }));
    const kinds = new Map();
    for (const post of posts) {
        const near = cases.filter((one) => isNear(post, one));
        const kind = `${near.length ? `${post.organ}/${post.division}` : post.organ < TOWN_CENTRE ? 'elsewhere' : post.organ}/${post.roles}`;
        if (!kinds.has(kind)) kinds.set(kind, { account: post.account, near });
    }
    const found = [];
    for (const { account, near } of kinds.values())
        found.push({ account, near, posts: posts.filter((post) => post.account === account), program: await new Program(centre.address, 'en').signIn(account) });
    return found;
}

const isNear = (post, one) => (post.organ === one.organ && post.organ < TOWN_CENTRE) || (post.division === one.place && one.place !== whole(one.county)) ||
    (post.division === one.desk[1] && post.organ === one.desk[0]);
// Near a case stand those of its organ, place or desk; of those near others every seventh asks too.
const whoAsks = (one, n) => people.filter((person, i) => person.near.includes(one) || !person.near.length || (i + n) % 7 === 0);

// ---- the table, read by another hand than the program's ----

const bits = ['clerk', 'reviewer', 'approver', 'head', 'issuer', 'cataloguer', 'supervisor', 'system_administrator', 'security_administrator', 'auditor'];
const bit = (role) => 1 << bits.indexOf(role);
const holds = (person, organ, division, roles) => person.posts.some((post) => post.organ === organ && post.division === division && post.roles & roles);

// Where a case was handed in: [organ, division].
const placeOf = (one) => (one.channel === 'town' ? [TOWN_CENTRE, one.place] : one.channel === 'village' ? [VILLAGE_POINT, one.place] : [one.organ, whole(one.county)]);
const atHome = (one) => one.channel === 'online' && one.state === 'draft';

const relations = {
    desk: (person, one) => one.desk[2] !== 0 && holds(person, one.desk[0], one.desk[1], one.desk[2]),
    place: (person, one) => holds(person, ...placeOf(one), bit('clerk')),
    viewer: null, // whoever is shown the page
};

const sees = async (person, one) => (await person.program.get(`/desk/cases/${one.number}`)).status === 200;

async function entitled(person, one, rule) {
    if (rule.by_keeper && holds(person, CENTRE, whole(one.county), bit('security_administrator'))) return true;
    if (atHome(one)) return false;
    const names = rule.relations.map(({ relation }) => relation);
    if (names.includes('viewer') && await sees(person, one)) return true;
    if (names.some((name) => relations[name]?.(person, one))) return true;
    return rule.roles.some(({ role }) => holds(person, one.organ, whole(one.county), bit(role)));
}

// Some actions have a form of their own, which is judged before the right; the new applicant's comes with a paper.
const takeover = { party_kind: 'person', name: '李四示例', id_number: '330499199007070038', telephone: '13800000000', reason: '变更' };
const { reason, ...applicant } = takeover;
const whole_form = { transfer: { to_item: 'MZJ-04', basis: '《行政许可法》第三十二条', reason: '不属本机关' }, edit: applicant, 'correct-applicant': takeover, 'correct-answers': { reason: '填错' } };

async function tokenOf(program) {
    const page = new Browser(centre.address, 'en');
    page.cookies = program.cookies;
    return (await page.open('/desk')).page('[name=_token]').first().attr('value');
}

async function attempt(person, one, action) {
    const path = `/desk/cases/${one.number}/${action}`, seen = one.seen + 1;
    if (action !== 'change-applicant') return person.program.post(path, { seen, ...whole_form[action] });
    const body = new FormData();
    person.token ??= await tokenOf(person.program);
    for (const [name, value] of Object.entries({ ...takeover, seen, _token: person.token, _key: randomUUID() })) body.append(name, value);
    body.append('papers', new Blob([scan('proof')], { type: 'application/pdf' }), 'proof.pdf');
    const answer = await person.program.ask(path, { method: 'POST', body, headers: { Accept: 'application/json' } });
    return { status: answer.status, body: await answer.json() };
}

test('every state, every action, everybody: entitled or refused as the table says', async () => {
    const wrong = [];
    let allowed = 0;
    let refused = 0;
    assert.ok(cases.length >= 13 && people.length >= 40 && table.length >= 25, `${cases.length} cases, ${people.length} people, ${table.length} actions`);
    for (const [n, one] of cases.entries())
        for (const person of whoAsks(one, n))
            for (const rule of table) {
                const answer = await attempt(person, one, rule.action);
                const may = await entitled(person, one, rule);
                if (may) allowed++;
                else refused++;
                // The entitled are told that the case has changed, for `seen` is not its last event: so nothing is done here.
                const fits = may ? answer.status === 409 : [403, 404].includes(answer.status);
                if (!fits) wrong.push(`${person.account} ${rule.action} ${one.number} (${one.state}): ${answer.status} ${answer.body.reason}, entitled: ${may}`);
            }
    assert.equal(wrong.slice(0, 30).join('\n'), '', `${wrong.length} of ${allowed + refused}`);
    assert.ok(allowed > 100 && refused > 1000, `${allowed} allowed, ${refused} refused`);
});
