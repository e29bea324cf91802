// SPDX-License-Identifier: Apache-2.0
// The desks of the organs whose items are parts of one application, and how each decides its part.
import assert from 'node:assert/strict';
import { Browser, Program } from './people.mjs';

const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);

export class Desks {
    static async of(centre, codes) {
        const desks = new Desks();
        const anybody = new Program(centre.address);
        desks.centre = centre;
        desks.organs = Object.fromEntries(await Promise.all(codes.map(async (code) => [code, (await anybody.get(`/items/${code}`)).body.organ])));
        return desks;
    }

    account(name, code) { return `${name}${String(this.organs[code]).padStart(2, '0')}`; }
    program(name, code) { return new Program(this.centre.address).signIn(this.account(name, code)); }
    async at(who, path, language = 'zh') { return (await new Browser(this.centre.address, language).signIn(who)).open(path); }

    async does(name, code, number, ...actions) {
        const desk = await this.program(name, code);
        for (const action of actions) {
            const answer = await desk.act(number, action, { opinion: '同意' });
            assert.ok(answer.status < 300, `${action}: ${JSON.stringify(answer.body)}`);
        }
    }

    // Two officers see the place, where the item has them do so.
    async visited(code, number) {
        const reviewer = await this.program('shen', code);
        const visit = (await reviewer.get(`/desk/cases/${number}`)).body.beside.find((one) => one.about === 'visit')?.subject_path;
        if (!visit) return;
        const { staff } = (await reviewer.get(visit)).body;
        const [one, other] = await Promise.all(['shen', 'shou'].map((name) => this.program(name, code)));
        const idOf = async (someone) => {
            const { name } = (await someone.get('/desk/me')).body;
            return Number(staff.find((person) => person.name === name).id);
        };
        const [officer, companion] = [await idOf(one), await idOf(other)];
        const act = async (who, action, fields) => {
            const { seen } = (await who.get(visit)).body;
            const answer = await who.post(`${visit}/${action}`, { seen, ...fields });
            assert.ok(answer.status < 300, JSON.stringify(answer.body));
        };
        await act(one, 'send-officers', { officer, companion, day: today(), half: 'morning', place: '新仓镇示例路8号' });
        await act(one, 'record-visit', { finding: 'fits', found: '与材料一致', signature: 'signed' });
        await act(other, 'sign-record', {});
    }

    async granted(code, number) {
        await this.visited(code, number);
        const offered = (await (await this.program('shen', code)).get(`/desk/cases/${number}`)).body.actions.some((one) => one.action === 'pass');
        if (offered) await this.does('shen', code, number, 'pass');
        await this.does('pizhun', code, number, 'grant');
    }
}
