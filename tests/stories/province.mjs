// SPDX-License-Identifier: Apache-2.0
// Three counties, a city and their province in one installation, each under a host name of its own.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Centre, besideOf, newDatabase, newFolder, program } from './centre.mjs';

// As browsers do by themselves.
const { lookup } = dns;
dns.lookup = (host, options, done) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, options, done);

export const header = 'code,host,name,name_en\n';
const rows = ['330000,zhejiang.localhost,浙江省,Zhejiang Province', '330400,jiaxing.localhost,嘉兴市,Jiaxing City',
    '330481,haining.localhost,海宁市,Haining City', '330482,pinghu.localhost,平湖市,Pinghu City',
    '330102,shangcheng.localhost,上城区,Shangcheng District'];
export const counties = { haining: 330481, pinghu: 330482, shangcheng: 330102 };
export const CASES = 12; // of each demo city

export const run = (...words) => spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, LANG: 'en_GB.UTF-8' } });

export class Province {
    // In a database of its own; `prepare` sees it filled, before it is opened.
    static async open({ database, prepare = () => {} } = {}) {
        const self = new Province();
        self.folder = newFolder('province');
        self.list = join(self.folder, 'counties.csv');
        writeFileSync(self.list, `${header}${rows.join('\n')}\n`);
        self.database = database ?? newDatabase(self.folder, 'province');
        const made = run('demo', '--counties', self.list, '--database', self.database, '--cases', String(CASES));
        assert.equal(made.status, 0, made.stderr);
        prepare(self.database);
        self.centre = await Centre.open({ database: self.database, options: ['--counties', self.list] });
        return self;
    }

    at(name) { return `http://${name}.localhost:${new URL(this.centre.address).port}`; }

    filesOf(code) { return join(dirname(besideOf(this.database)), String(code)); }

    beside(code) { return join(this.filesOf(code), basename(besideOf(this.database))); }

    itemOf(code) { return readFileSync(`${this.beside(code)}.accounts`, 'utf8').match(/try: (\S+)/)[1]; }

    verify(code) { return run('verify', '--database', this.database, '--files', this.filesOf(code), '--county', String(code)); }

    async close() { await this.centre.close(); }
}
