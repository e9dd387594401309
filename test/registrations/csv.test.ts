import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/app/import.ts';
import { formatFault } from '../../src/model/fault.ts';
import { readMapping } from '../../src/registrations/csv/columns.ts';
import { readCsv } from '../../src/registrations/csv/index.ts';

const read = (text: string, mapping = '') => {
  const read = mapping === '' ? { ok: true as const, value: {} } : readMapping(mapping);
  if (!read.ok) throw new Error(read.fault.join());
  return readCsv({ file: 'phones.csv', text, mapping: read.value, readAddress });
};
const registrations = (text: string, mapping?: string) => {
  const outcome = read(text, mapping);
  return outcome.ok ? outcome.value.registrations : outcome.fault.map(formatFault);
};

describe('an export as CSV', () => {
  it('is read by its headings, whatever their case and hyphens', () => {
    expect(
      registrations(
        'Name,Address,Port,User-Agent,MAC,Transport\nJan,192.0.2.5,5062,"Acme P10W/1.10, beta",00:15:65:AA:BB:CC,TLS\n',
      ),
    ).toEqual([
      {
        address: '192.0.2.5',
        port: 5062,
        transport: 'tls',
        userAgent: 'Acme P10W/1.10, beta',
        mac: '001565aabbcc',
        instance: null,
        aor: 'Jan',
      },
    ]);
  });

  it.each([
    ['a comma', 'ip,agent,x\n192.0.2.5,Acme,\n'],
    ['a semicolon, and a byte order mark', '\ufeff"ip";agent\r\n192.0.2.5;Acme\r\n'],
    ['a tab', 'ip\tagent\n\n192.0.2.5\tAcme'],
    ['a comma, with semicolons inside', 'ip,"agent",more\n192.0.2.5,Acme,"a;b;c"\n'],
  ])('may be separated by %s', (_, text) => {
    expect(registrations(text, 'address=ip, userAgent=agent')).toMatchObject([
      { address: '192.0.2.5', port: 5060, userAgent: 'Acme' },
    ]);
  });

  it('may write an address with its port, or as a contact', () => {
    expect(
      registrations(
        'address\n192.0.2.5:5062\n[fd00::5]:5064\nfd00::6\n"""J"" <sip:1001@192.0.2.7:5066;transport=tcp>"\n',
      ),
    ).toMatchObject([
      { address: '192.0.2.5', port: 5062 },
      { address: 'fd00::5', port: 5064 },
      { address: 'fd00::6', port: 5060 },
      { address: '192.0.2.7', port: 5066, transport: 'tcp' },
    ]);
  });

  it('leaves out rows without an address, and tells the line of those that cannot be read', () => {
    const outcome = read(
      'address,port,mac,transport\n,5060,,\n(Unspecified),,,\n192.0.2.5,70000,,\n192.0.2.6,,0015,\n192.0.2.7,,,sctp\n192.0.2.8,,,\n',
    );
    if (!outcome.ok) throw new Error('faults');
    expect(outcome.value.registrations).toMatchObject([{ address: '192.0.2.8' }]);
    expect(outcome.value.skipped).toEqual({ unregistered: 1, unreadable: 4 });
    expect(outcome.value.warnings.map(formatFault)).toEqual([
      'phones.csv:3: "(Unspecified)" is no address.',
      'phones.csv:4: "70000" is no port.',
      'phones.csv:5: "0015" is no MAC address.',
      'phones.csv:6: "sctp" is no transport; they are udp, tcp, tls.',
    ]);
  });

  it.each([
    ['no heading', '', /phones\.csv:1: the file has no heading/],
    [
      'no address',
      'ip,agent\n192.0.2.5,x\n',
      /has no column "address"\. Say which it is, such as --map address=ip; it has: "ip", "agent"/,
    ],
    [
      'rows of another length, all of them',
      'address,mac\n192.0.2.5\n192.0.2.6,,x\n192.0.2.7,\n',
      /csv:2: .*\n.*csv:3: /,
    ],
    ['a quote that is not closed', 'address,mac\n"192.0.2.5,\n', /phones\.csv:\d: .*[Qq]uote/],
    ['a quote that swallows row after row', `address,mac\n"${'x,'.repeat(100_000)}",\n`, /phones\.csv:\d: /],
  ])('is refused with its lines where it has %s', (_, text, words) => {
    const outcome = read(text);
    expect(outcome.ok ? 'read' : outcome.fault.map(formatFault).join('\n')).toMatch(words);
  });

  it('is refused where a mapped heading is not there, naming the nearest', () => {
    expect(registrations('ip,Agent\n', 'address=ip,userAgent=agnet')).toEqual([
      'phones.csv:1: the heading has no column "agnet". Did you mean "Agent"?',
    ]);
  });

  it('tells all faults of a mapping at once', () => {
    expect(readMapping('adress=ip,userAgent,mac=,port=p')).toEqual({
      ok: false,
      fault: [
        '"adress" is no column. Did you mean "address"?',
        '"userAgent" is not of the form column=heading.',
        '"mac=" is not of the form column=heading.',
      ],
    });
    expect(readMapping('__proto__=ip').ok).toBe(false);
  });

  it('is read of any text without throwing', () => {
    const words = fc.constantFrom(
      'address',
      ',',
      ';',
      '\n',
      '\r\n',
      '"',
      '""',
      '192.0.2.5',
      ':5060',
      'sip:a@b',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 40 }), (pieces) => {
        const outcome = read(pieces.join(''));
        expect(outcome.ok ? outcome.value.registrations.length : outcome.fault.length).toBeGreaterThanOrEqual(
          outcome.ok ? 0 : 1,
        );
        read(`address,mac\n${pieces.join('')}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('is documented with the headings that it takes by itself', () => {
    const guide = readFileSync('docs/how-to/import-registrations.md', 'utf8');
    for (const column of ['address', 'port', 'transport', 'userAgent', 'mac', 'name'])
      expect(guide).toContain(`\`${column}\``);
  });
});
