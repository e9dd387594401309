import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { knowledgeLine } from '../../bench/recognition/document.ts';
import { isHeldOut, readLabelled, type Labelled } from '../../bench/recognition/labelled.ts';
import { renumbered } from '../../bench/recognition/renumber.ts';
import { byVendor, precision, recall, score } from '../../bench/recognition/score.ts';
import { readRules } from '../../src/app/knowledge.ts';
import { createMatcher } from '../../src/identify/match.ts';
import { AppError } from '../../src/model/app-error.ts';
import { temporaryFolder } from '../app/program.ts';
import { rulesOf } from '../identify/rules-of.ts';

const HEAD = 'ua_string\tvendor\tmodel\tfirmware\tdevice_type\tmac\tsource';
const tableOf = (...rows: string[]): Labelled[] =>
  readLabelled({ file: 'x.tsv', text: [HEAD, ...rows].join('\n') });

describe('a table of labelled User-Agents', () => {
  it('is read with empty fields as not told, and kinds in our spelling', () => {
    expect(tableOf('Acme P10/1.10\tAcme\tP10\t1.10\tdesk_phone\t\tx', 'Who?\t\t\t\t\t\t')).toMatchObject([
      { line: 2, text: 'Acme P10/1.10', told: { vendor: 'Acme', kind: 'desk-phone', mac: null } },
      { line: 3, told: { vendor: null, model: null, firmware: null, kind: null } },
    ]);
  });

  it('tells every fault with its line', () => {
    const faultsOf = (text: string): string => {
      try {
        readLabelled({ file: 'x.tsv', text });
        return '';
      } catch (error) {
        return error instanceof AppError ? error.describe() : String(error);
      }
    };
    expect(faultsOf('ua_string\tvendor')).toContain('x.tsv:1:1: the column "model" is missing.');
    expect(faultsOf(`${HEAD}\na\tb`)).toContain('x.tsv:2:1: 2 columns, the first line has 7.');
    expect(faultsOf(`${HEAD}\na\t\t\t\ttelephone\t\t`)).toContain(
      'x.tsv:2:1: no kind is called "telephone".',
    );
  });

  it('is cut in two by model, the same way for ever', () => {
    const rows = Array.from({ length: 200 }, (_, n) => `Acme P${n}/1\tAcme\tP${n}\t1\tdesk_phone\t\t`);
    const held = tableOf(...rows).filter(isHeldOut);
    expect(held.length).toBeGreaterThan(70);
    expect(held.length).toBeLessThan(130);
    expect(held.slice(0, 3).map(({ told }) => told.model)).toEqual(HELD_OUT);
    const twice = tableOf('one\tAcme\tP1\t\tother\t\t', 'another\tAcme\tP1\t\tother\t\t').map(isHeldOut);
    expect(twice[0]).toBe(twice[1]);
  });
});

const HELD_OUT = ['P0', 'P3', 'P5'];

describe('the score', () => {
  const matcher = createMatcher(
    rulesOf(`
vendor: Acme
rules:
  - id: acme.phone
    on: sip.user_agent
    pattern: '^Acme (?<model>P\\d+)/(?<firmware>[\\d.]+)$'
    asserts: { model: '\${model}', firmware: '\${firmware}', kind: desk-phone }
    certainty: 0.9
    source: test
`),
  );
  const rows = tableOf(
    'Acme P10/1.10\tAcme\tP10\t1.10\tdesk_phone\t\t',
    'Acme P20/2.0\tAcme\tP20 W\t\tdesk_phone\t\t',
    'Bolt 7\tBolt\t7\t\tata\t\t',
  );

  it('counts right, wrong, missing and invented by field', () => {
    const { tallies, misses } = score(rows, matcher);

    expect(tallies).toMatchObject({
      vendor: { right: 2, wrong: 0, missing: 1, invented: 0 },
      model: { right: 1, wrong: 1, missing: 1, invented: 0 },
      firmware: { right: 1, wrong: 0, missing: 0, invented: 1 },
      kind: { right: 2, wrong: 0, missing: 1, invented: 0 },
      mac: { right: 0, wrong: 0, missing: 0, invented: 0 },
    });
    expect(recall(tallies.model)).toBeCloseTo(1 / 3);
    expect(precision(tallies.model)).toBe(0.5);
    expect(precision(tallies.mac)).toBeNull();
    expect(misses.map(({ field, wanted, got }) => [field, wanted, got])).toContainEqual([
      'firmware',
      null,
      '2.0',
    ]);
  });

  it('goes by vendor, those with most rows first', () => {
    expect(byVendor(rows).map(([vendor, theirs]) => [vendor, theirs.length])).toEqual([
      ['Acme', 2],
      ['Bolt', 1],
    ]);
  });
});

describe('other numbers', () => {
  it('exchanges the digits of model and firmware in text and label, and leaves the MAC address alone', () => {
    const [row] = renumbered(
      tableOf('Acme P46S 66.84.0.15 00:15:46:aa:bb:cc\tAcme\tP46S\t66.84.0.15\tdesk_phone\t001546aabbcc\t'),
    );
    expect(row).toMatchObject({
      text: 'Acme P79S 99.27.3.48 00:15:46:aa:bb:cc',
      told: { model: 'P79S', firmware: '99.27.3.48', mac: '001546aabbcc' },
    });
  });

  it('leaves out rows that tell no number, or spell it otherwise', () => {
    expect(
      renumbered(
        tableOf(
          'Zoiper 5\tAcme\tPhone 5\t\tsoftphone\t\t',
          'Acme 1.46\tAcme\tP46\t1.46\tother\t\t',
          'Acme\tAcme\t\t\tother\t\t',
        ),
      ),
    ).toEqual([]);
  });
});

describe('npm run score', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const file = join(folder.path, 'some.tsv');
  const main = ['bench/recognition/main.ts'];

  it('prints fields, vendors, and the worst answers of any table', () => {
    writeFileSync(
      file,
      [
        HEAD,
        'Yealink SIP-T46S 66.84.0.15\tYealink\tT46S\t66.84.0.15\tdesk_phone\t\t',
        'Acme P10/1.10\tAcme\tP10\t1.10\tdesk_phone\t\t',
      ].join('\n'),
    );
    const stdout = execFileSync(process.execPath, [...main, file], { encoding: 'utf8' });

    expect(stdout).toMatch(/^vendor +1\/2 +50\.0 % +100\.0 % +0 +1 +0$/m);
    expect(stdout).toMatch(/^Yealink +1 +1\/1 +1\/1 +1\/1 +1\/1 +– +0$/m);
    expect(stdout).toContain('line 3: model is nothing, should be "P10": Acme P10/1.10');
    expect(stdout).toContain('4 answers are not right.');
  });

  it('says what is wrong with a table or an option', () => {
    const failed = (...args: string[]) =>
      spawnSync(process.execPath, [...main, ...args], { encoding: 'utf8' });

    expect(failed()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Name one table.') as string,
    });
    expect(failed('no-such.tsv').stderr).toContain('no-such.tsv cannot be read: it does not exist.');
    expect(failed(file, '--half', 'third').stderr).toContain('--half is written or held-out, not "third".');
  });
});

describe('docs/recognition.md', () => {
  it('counts the rules that there are; rewrite it with npm run score -- FILE.tsv --document docs/recognition.md', () => {
    const [stated] = /^\d+ rules and .*$/m.exec(readFileSync('docs/recognition.md', 'utf8')) ?? [];
    expect(stated).toBe(knowledgeLine(readRules(null)));
  });
});
