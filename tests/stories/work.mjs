// SPDX-License-Identifier: Apache-2.0
// A clerk's work that a fault interrupts, and that is gone on with by the same keys.
import { randomUUID } from 'node:crypto';
import { Browser, Program, scan } from './people.mjs';

export const applicant = { party_kind: 'person', name: '张三示例', id_number: '330499198001010013', telephone: '13800000000' };

// A case begun, with a paper, handed in: what was acknowledged of it. A request that failed is sent again with the same key.
export class Work {
    constructor(item) {
        this.item = item;
        this.keys = [randomUUID(), randomUUID()];
    }

    async goOn(centre) {
        const clerk = await new Program(centre.address).signIn('cun');
        const begun = await clerk.post(`/desk/apply/${this.item}`, applicant, this.keys[0]);
        if (begun.status !== 201) return false;
        this.number = begun.body.number;
        if (!this.hasPaper) {
            const person = await new Browser(centre.address, 'zh').signIn('cun');
            await person.open(`/desk/cases/${this.number}`);
            const material = person.page('select[name=material] option').first().attr('value');
            await person.send('/attach', { material }, [['papers', 'plan.pdf', scan('plan'), 'application/pdf']]);
            if (person.status !== 200) return false;
            this.hasPaper = true;
        }
        if (!this.fields) {
            const { body } = await clerk.get(`/desk/cases/${this.number}`);
            this.fields = { seen: body.seen, materials: body.materials.map((one) => one.name) };
        }
        return (await clerk.post(`/desk/cases/${this.number}/submit`, this.fields, this.keys[1])).status === 201;
    }
}
