import fc from 'fast-check';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { config } from '../../../src/alerts/sinks/syslog/config.ts';
import { formatRecord, type SyslogRecord } from '../../../src/alerts/sinks/syslog/record.ts';
import { recordsOf } from '../../../src/alerts/sinks/syslog/records.ts';
import type { Message } from '../../../src/model/alert.ts';
import * as messages from './messages.ts';
import { parseSyslog, type ParsedSyslog } from './syslog-parser.ts';
import { syslogSettings as settings, type SyslogSettings as Settings } from './syslog-peer.ts';

const SENDER = { hostName: 'auditor', processId: 42 };
const parsed = (message: Message, change: Partial<Settings> = {}): ParsedSyslog[] =>
  recordsOf(message, settings(change), SENDER).map((record) => parseSyslog(formatRecord(record, 8192)));

describe('a syslog record', () => {
  it('says who sends, when, and what kind of finding it is', () => {
    expect(parsed(messages.message())[0]).toEqual({
      facility: 16,
      severity: 2,
      timestamp: '2026-11-25T01:02:03.004Z',
      hostname: 'auditor',
      appName: 'sipcensus',
      procId: '42',
      msgId: 'unsupported',
      data: {
        'sipcensus@32473': {
          id: 'sipcensus.head-office.17',
          group: 'head-office/unsupported',
          seq: '17',
          state: 'firing',
          device: 'd7',
          vendor: 'Acme',
          model: 'P10',
          mac: '001565aabbcc',
          address: '192.168.10.20',
          level: 'unsupported',
        },
      },
      text: '▲ Critical: Unsupported device: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). The policy names Acme P10 as unsupported.',
    });
  });

  it.each([
    ['critical', 'firing', 2],
    ['warning', 'firing', 4],
    ['info', 'firing', 6],
    ['critical', 'resolved', 5],
  ] as const)('gives an alert that is %s and %s the severity %d', (severity, state, code) => {
    const { subject: about, ...rest } = messages.alert({ severity, state });
    expect(parsed(messages.message({ alerts: [{ ...rest, subject: about }] }))[0]?.severity).toBe(code);
  });

  it('is one for each alert, and one more that says how many there was no room for', () => {
    const records = parsed(messages.largestMessage());
    expect(records).toHaveLength(51);
    expect(records.at(-1)).toMatchObject({ msgId: 'more', severity: 6 });
    expect(records.at(-1)?.text).toContain('123 more alerts');
  });

  it('is one in all for a digest, its lines on one, and one for a test', () => {
    const [digest, ...others] = parsed(messages.digestMessage());
    expect(others).toEqual([]);
    expect(digest).toMatchObject({
      msgId: 'digest',
      severity: 6,
      data: { 'sipcensus@32473': { group: 'head-office/digest' } },
    });
    expect(digest?.text).toMatch(/Digest.* \| .*42/);
    expect(parsed(messages.testMessage())).toMatchObject([{ msgId: 'test', severity: 6 }]);
  });

  it('is sorted, signed and named as the configuration says', () => {
    const [record] = parsed(messages.message(), {
      facility: 'authpriv',
      hostname: '-',
      enterpriseNumber: 99999,
    });
    expect(record).toMatchObject({ facility: 10, hostname: '-' });
    expect(Object.keys(record?.data ?? {})).toEqual(['sipcensus@99999']);
  });

  it('says nothing of a device where an alert is about none', () => {
    const [record] = parsed(
      messages.message({ alerts: [messages.alert({ subject: null, about: 'sip-pnp' })] }),
    );
    const data = record?.data['sipcensus@32473'];
    expect(Object.keys(data ?? {})).toEqual(['id', 'group', 'seq', 'state', 'about']);
    expect(data?.['about']).toBe('sip-pnp');
  });

  it('keeps what must be escaped, and shows controls as text', () => {
    const subject = messages.subject({ vendor: 'a"b\\c]d', model: 'x\r\ny\u202e', mac: null });
    const [record] = parsed(messages.message({ alerts: [messages.alert({ subject })] }));
    expect(record?.data['sipcensus@32473']).toMatchObject({
      vendor: 'a"b\\c]d',
      model: 'x\\x0d\\x0ay\\u202e',
    });
    expect(record?.data['sipcensus@32473']).not.toHaveProperty('mac');
  });

  it.each([2048, 8192])('fits into %d octets whatever strangers say, structure whole', (most) => {
    const anything = fc.string({ unit: 'binary', maxLength: 1024 });
    const halves = fc.string({
      unit: fc.constantFrom('\ud800', '\udc00', '"', '\\', ']', '☎', '\u{1f4de}', 'a'),
      maxLength: 1024,
    });
    fc.assert(
      fc.property(fc.oneof(anything, halves), fc.oneof(anything, halves), (one, other) => {
        const message = messages.hostileMessage(one, { id: other, group: other });
        for (const record of recordsOf(message, settings({ enterpriseNumber: 4294967295 }), {
          hostName: other,
          processId: 4194304,
        })) {
          const octets = formatRecord({ ...record, text: other.repeat(9) }, most);
          expect(octets.length).toBeLessThanOrEqual(most);
          expect(Object.keys(parseSyslog(octets).data)).toEqual(['sipcensus@4294967295']);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('cuts the text and never the structure, and shows the cut', () => {
    const record: SyslogRecord = {
      facility: 'local7',
      severity: 6,
      timestamp: '2026-11-25T01:02:03.004Z',
      hostname: 'h'.repeat(300),
      appName: 'sipcensus',
      procId: '4194304',
      msgId: 'm'.repeat(40),
      sdId: 'sipcensus@4294967295',
      parameters: Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`name${index}`, ']'.repeat(1024)]),
      ),
      text: '☎'.repeat(1024),
    };
    const octets = formatRecord(record, 2048);
    const { text, data, hostname: host, msgId } = parseSyslog(octets);
    expect(octets.length).toBeGreaterThan(2044);
    expect(octets.length).toBeLessThanOrEqual(2048);
    expect(text).toMatch(/^☎{50,}…$/);
    expect([host.length, msgId.length]).toEqual([255, 32]);
    for (const value of Object.values(data['sipcensus@4294967295'] ?? {}))
      expect(value).toMatch(/^\]{50,}…$/);
  });
});

describe('the settings of syslog', () => {
  it('need no more than a host', () => {
    expect(settings()).toEqual({
      host: '127.0.0.1',
      transport: 'tcp',
      facility: 'local0',
      enterpriseNumber: 32473,
    });
  });

  it.each([
    { host: 'a b' },
    { host: '' },
    { host: 'x', port: 0 },
    { host: 'x', transport: 'relp' },
    { host: 'x', facility: 'kern' },
    { host: 'x', hostname: 'two words' },
    { host: 'x', colour: 'red' },
    { host: 'x', certificateFile: '/a.pem' },
  ])('refuse %j', (wrong) => {
    expect(Value.Check(config, Value.Default(config, wrong))).toBe(false);
    expect(
      Value.Check(config, settings({ host: '2001:db8::1', port: 1514, hostname: 'auditor.example' })),
    ).toBe(true);
  });
});
