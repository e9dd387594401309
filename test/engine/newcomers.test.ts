import { describe, expect, it } from 'vitest';
import { createNewcomers, MOST_NEWCOMERS, type Newcomers } from '../../src/engine/newcomers.ts';
import type { Sighting } from '../../src/model/sighting.ts';

const HOUR = 3_600_000;
const { fromOne, fromAll } = MOST_NEWCOMERS;

const from = (address: string, at = 0, solicited = false): Sighting => ({
  channel: 'sip-pnp',
  at,
  from: { site: 's', transport: 'udp', address, port: 5060 },
  solicited,
  facts: [],
  raw: new Uint8Array(),
});

/** As many addresses as one likes. */
const host = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

const bring = (newcomers: Newcomers, count: number, of: (n: number) => Sighting) =>
  Array.from({ length: count }, (_, n) => newcomers.admit(of(n)));

describe('newcomers', () => {
  it('come in from one address until it has brought as many as are believed, and the last one says so', () => {
    const answers = bring(createNewcomers(), fromOne + 3, () => from('10.0.0.1'));
    expect(answers).toEqual([
      ...Array<string>(fromOne - 1).fill('admitted'),
      'last-of-address',
      'refused',
      'refused',
      'refused',
    ]);
  });

  it('come in from other addresses meanwhile', () => {
    const newcomers = createNewcomers();
    bring(newcomers, fromOne + 1, () => from('10.0.0.1'));
    expect(newcomers.admit(from('10.0.0.2'))).toBe('admitted');
  });

  it('come in from all together until they are as many as are believed', () => {
    const newcomers = createNewcomers();
    const answers = bring(newcomers, fromAll + 2, (n) => from(host(n)));
    expect(answers.slice(0, fromAll - 1).every((answer) => answer === 'admitted')).toBe(true);
    expect(answers.slice(fromAll - 1)).toEqual(['last-of-all', 'refused', 'refused']);
  });

  it('that answered our own probe always come in, and fill nobody’s place', () => {
    const newcomers = createNewcomers();
    bring(newcomers, 3 * fromOne, () => from('10.0.0.1', 0, true));
    expect(newcomers.admit(from('10.0.0.1'))).toBe('admitted');
    bring(newcomers, fromAll + 1, (n) => from(host(n)));
    expect(newcomers.admit(from('10.0.0.3', 0, true))).toBe('admitted');
  });

  it('that are refused keep no place in the hour after', () => {
    const newcomers = createNewcomers();
    bring(newcomers, 100, () => from('10.0.0.1', HOUR - 1));
    expect(newcomers.admit(from('10.0.0.1', HOUR))).toBe('admitted');
  });

  it.each([
    ['before any came', 0, 0, false],
    ['while they come', fromOne, 0, true],
    ['in the hour after', fromOne, HOUR, true],
    ['in the hour after that', fromOne, 2 * HOUR, false],
    ['long after', fromOne, 100 * HOUR, false],
    ['where one fewer came', fromOne - 1, 0, false],
  ])('crowd their address or not, %s', (_what, count, at, isCrowded) => {
    const newcomers = createNewcomers();
    bring(newcomers, count, () => from('10.0.0.1'));
    expect(newcomers.isCrowded('10.0.0.1', at)).toBe(isCrowded);
    expect([newcomers.isCrowded('10.0.0.2', at), newcomers.isCrowded(null, at)]).toEqual([false, false]);
  });

  it('crowd the site where all together are too many', () => {
    const newcomers = createNewcomers();
    bring(newcomers, fromAll, (n) => from(host(n)));
    expect([0, HOUR, 2 * HOUR].map((at) => newcomers.isCrowded(null, at))).toEqual([true, true, false]);
  });

  it('are let in alike for the same sightings again', () => {
    const story = Array.from({ length: 60 }, (_, n) => from(host(n % 3), n * 400_000, n % 7 === 0));
    const tell = () => {
      const newcomers = createNewcomers();
      return story.map((sighting) => newcomers.admit(sighting));
    };
    expect(tell()).toEqual(tell());
    expect(new Set(tell())).toContain('admitted');
  });

  it('come in after the clock was set back', () => {
    const newcomers = createNewcomers();
    bring(newcomers, fromOne + 1, () => from('10.0.0.1', 5 * HOUR));
    expect(newcomers.admit(from('10.0.0.1', HOUR))).toBe('admitted');
  });
});
