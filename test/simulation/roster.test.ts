import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/model/fault.ts';
import { loadRoster } from '../../src/simulation/roster.ts';
import { ROSTER_FILE, ROSTER } from './shipped.ts';

describe('the shipped roster', () => {
  it('has phones of at least 14 vendors, and all that a real site has beside them', () => {
    const roster = ROSTER;
    const isPhone = ({ kind }: (typeof roster)[number]): boolean =>
      kind !== null && !['pbx', 'proxy', 'gateway', 'softphone', 'other'].includes(kind);
    expect(new Set(roster.filter(isPhone).map(({ vendor }) => vendor)).size).toBeGreaterThanOrEqual(14);
    expect(roster.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'pbx',
        'proxy',
        'gateway',
        'softphone',
        'door-intercom',
        'ata',
        'dect-base',
        'conference-phone',
        'pager-speaker',
        null,
      ]),
    );
  });

  it('answers with every status that a living phone gives, on more ports than one, and is silent in places', () => {
    const answers = ROSTER.map(({ answer }) => answer);
    expect(answers.map((answer) => answer?.status.slice(0, 3))).toEqual(
      expect.arrayContaining(['200', '401', '404', '405', '480', '486', '503', undefined]),
    );
    expect(answers.map((answer) => answer?.port)).toEqual(
      expect.arrayContaining([5060, 5061, 5062, 5065, 2048, 5080]),
    );
    expect(answers.flatMap((answer) => answer?.manners ?? []).sort()).toEqual([
      'drops-rport',
      'lf-only',
      'trying-first',
      'twice',
    ]);
  });
});

describe('a broken roster', () => {
  const shipped = readFileSync(ROSTER_FILE, 'utf8');
  const faultsOf = (text: string): string[] => {
    const roster = loadRoster(text, 'phones.yaml');
    return roster.ok ? [] : roster.fault.map(formatFault);
  };

  it.each([
    [
      'an unknown key',
      'newcomer: true',
      'newcommer: true',
      'unknown key "newcommer". Did you mean "newcomer"?',
    ],
    [
      'a form that is not there',
      'answer: { form: yealink }',
      'answer: { form: yealnk }',
      'there is no form "yealnk". Did you mean "yealink"?',
    ],
    [
      'a placeholder that nothing fills',
      'Call-ID: ${callId}',
      'Call-ID: ${callID}',
      'nothing fills ${callID}.',
    ],
    ['a draw from no alphabet', 'tag=${digits:9}', 'tag=${constructor:9}', 'nothing fills ${constructor:9}.'],
    ['a placeholder without an end', 'tag=${digits:9}', 'tag=${digits:9', 'nothing fills ${digits:9.'],
    ['an id that is there already', '- id: snom-360', '- id: snom-300', '"snom-300" is there already.'],
    [
      'a phone that does nothing',
      'pnp: { form: planet, port: 5060 }',
      '',
      '"planet-vip2140pt" neither answers nor asks.',
    ],
    ['a kind that is none', 'kind: pager-speaker', 'kind: loudspeaker', 'must be one of desk-phone, '],
  ])('%s is told with its place', (_, good, bad, message) => {
    const faults = faultsOf(shipped.replace(good, bad));
    expect(faults[0]).toContain(message);
    expect(faults[0]).toMatch(/^phones\.yaml:\d+:\d+: /);
  });
});
