import { describe, expect, it } from 'vitest';
import { isPrivate, parseAddress, parseTarget, sizeOf } from '../../src/scope/network.ts';

const rangeOf = (text: string) => {
  const target = parseTarget(text);
  return target.ok ? target.value.range : target.fault;
};

describe('parseAddress', () => {
  it.each([
    '10.1',
    '010.0.0.1',
    '10.0.0.256',
    '1.2.3.4.5',
    '0x7f.0.0.1',
    '2130706433',
    '',
    'pbx',
    'fe80::1%eth0',
    '::g',
  ])('refuses %s', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it('reads an IPv4 address inside IPv6 as IPv4, so that a scope holds for both spellings', () => {
    expect(parseAddress('::ffff:192.0.2.7')).toEqual(parseAddress('192.0.2.7'));
  });
});

describe('parseTarget', () => {
  it('leaves network and broadcast address out of an IPv4 network', () => {
    const range = parseTarget('192.168.10.77/24');
    expect(range).toMatchObject({
      ok: true,
      value: { range: { first: 0xc0a80a01n, last: 0xc0a80afen }, port: null },
    });
  });

  it('keeps both addresses of a /31 (RFC 3021) and the one of a /32', () => {
    expect(sizeOf(rangeOf('192.168.10.0/31') as never)).toBe(2n);
    expect(sizeOf(rangeOf('192.168.10.9/32') as never)).toBe(1n);
  });

  it.each([
    ['192.168.10.20-40', 21n],
    ['192.168.10.20 - 192.168.11.19', 256n],
    ['fd00::10-fd00::1f', 16n],
    ['fd00::/120', 256n],
  ])('reads %s as %d addresses', (text, size) => {
    expect(sizeOf(rangeOf(text) as never)).toBe(size);
  });

  it.each([
    ['192.168.10.20:5062', 5062],
    ['[fd00::20]:5061', 5061],
    ['fd00::20', null],
  ])('reads the port of %s', (text, port) => {
    expect(parseTarget(text)).toMatchObject({ ok: true, value: { port } });
  });

  it.each([
    '192.168.10.0/33',
    '192.168.10.40-20',
    '192.168.10.0/',
    '10.1/8',
    'pbx.example',
    '1.2.3.4-fd00::1',
    '192.168.10.1:0',
    '192.168.10.1:65536',
    '192.168.10.1:5060:1',
    '-',
    '/',
  ])('refuses %s in words', (text) => {
    expect(parseTarget(text)).toMatchObject({
      ok: false,
      fault: expect.stringContaining(`"${text}"`) as string,
    });
  });

  it.each(['224.0.1.75', '255.255.255.255', '0.0.0.0/0', 'ff02::fb', '::'])('never probes %s', (text) => {
    expect(parseTarget(text)).toMatchObject({
      ok: false,
      fault: expect.stringContaining('never probed') as string,
    });
  });
});

describe('isPrivate', () => {
  it.each([
    ['10.0.0.0/8', true],
    ['172.16.0.0/12', true],
    ['172.16.0.0/11', false],
    ['192.168.0.0/16', true],
    ['127.77.0.0/24', true],
    ['100.64.0.0/10', false],
    ['8.8.8.0/24', false],
    ['fd00::/64', true],
    ['2001:db8::/64', false],
  ])('%s: %s', (text, expected) => {
    expect(isPrivate(rangeOf(text) as never)).toBe(expected);
  });
});
