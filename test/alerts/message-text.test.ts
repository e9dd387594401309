import { describe, expect, it } from 'vitest';
import {
  alertLine,
  groupsOf,
  headingOf,
  linesOf,
  timeOf,
  toDoOf,
  whenOf,
  whoOf,
} from '../../src/alerts/message-text.ts';
import { nounOf } from '../../src/alerts/words.ts';
import { FINDINGS, FINDING_KINDS } from '../../src/model/finding.ts';
import {
  alert,
  AT,
  digestMessage,
  hostileMessage,
  HOSTILE,
  largestMessage,
  message,
  resolvedMessage,
  subject,
  testMessage,
} from './sinks/messages.ts';

const unknown = alert({ subject: subject({ vendor: null, model: null }) });
const scanner = alert({ kind: 'scanner', subject: null, about: '192.168.10.77' });
const three = [alert(), unknown, alert()];

describe('the heading', () => {
  it.each([
    [message(), 'Head office: unsupported device (Acme P10, 192.168.10.20)'],
    [message({ alerts: three }), 'Head office: 3 unsupported devices'],
    [message({ alerts: three, language: 'nl' }), 'Head office: 3 niet ondersteunde toestellen'],
    [message({ alerts: [unknown] }), 'Head office: unsupported device (not identified, 192.168.10.20)'],
    [message({ alerts: [scanner] }), 'Head office: SIP scanner (192.168.10.77)'],
    [
      message({ alerts: [alert({ kind: 'spoof-suspected', subject: null })] }),
      'Head office: suspicion of forged announcements',
    ],
    [message({ alerts: [...three, scanner], language: 'nl' }), 'Head office: 4 meldingen'],
    [message({ more: 12 }), 'Head office: 13 alerts'],
    [resolvedMessage(), 'Resolved: Head office, unsupported device (Acme P10, 192.168.10.20)'],
    [
      message({ reason: 'resolved', alerts: three, language: 'nl' }),
      'Opgelost: Head office, 3 niet ondersteunde toestellen',
    ],
    [message({ reason: 'repeat', alerts: three }), 'Reminder: Head office, 3 unsupported devices'],
    [digestMessage(), 'Digest: Head office, 18 – 25 Nov 2026'],
    [{ ...digestMessage(), language: 'nl' as const }, 'Overzicht: Head office, 18–25 nov 2026'],
    [testMessage(), 'Test message of sipcensus: Head office'],
    [{ ...testMessage(), language: 'nl' as const }, 'Testbericht van sipcensus: Head office'],
  ])('of %# says what the message is about', (told, heading) => {
    expect(headingOf(told)).toBe(heading);
  });

  it.each(FINDING_KINDS)('counts one and several of %s in both languages', (kind) => {
    for (const language of ['en', 'nl'] as const) {
      const [one, several] = [1, 2].map((count) => nounOf(kind, count, language));
      expect(several).not.toBe(one);
      expect(one).not.toMatch(/\d|^[A-Z][a-z]/);
    }
  });

  it.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'stays one short line without controls for strangers’ text %s',
    (_, text) => {
      for (const reason of ['firing', 'resolved', 'digest', 'test'] as const) {
        const hostile = hostileMessage(text, { reason });
        for (const heading of [
          headingOf(hostile),
          headingOf({ ...hostile, alerts: hostile.alerts.slice(0, 1) }),
        ]) {
          expect(heading).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u,
          );
          expect(heading.length).toBeLessThan(700);
        }
      }
    },
  );
});

describe('the line of an alert', () => {
  it('tells how bad it is, what, who, where and why', () => {
    expect(alertLine(alert(), 'en')).toBe(
      '▲ Critical: Unsupported device: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). The policy names Acme P10 as unsupported.',
    );
    expect(alertLine(alert({ severity: 'warning' }), 'nl')).toBe(
      '◆ Waarschuwing: Niet ondersteund toestel: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). Het beleid noemt Acme P10 niet ondersteund.',
    );
  });

  it('says that it is resolved, in place of how bad it was', () => {
    expect(alertLine(alert({ state: 'resolved', resolvedAt: AT }), 'nl')).toMatch(
      /^✓ Opgelost: Niet ondersteund/,
    );
  });

  it('leaves out what is not known', () => {
    const bare = alert({ subject: subject({ vendor: null, model: null, mac: null, address: null }) });
    expect(alertLine(bare, 'nl')).toMatch(/^▲ Kritiek: Niet ondersteund toestel: niet herkend\. Het beleid/);
    expect(alertLine(alert({ subject: null }), 'en')).toMatch(/^▲ Critical: Unsupported device\. The policy/);
  });

  it('cuts what strangers say, and shows that it did', () => {
    const long = alert({
      subject: subject({ vendor: 'x'.repeat(10_000) }),
      because: { en: 'y'.repeat(10_000), nl: '' },
    });
    expect(whoOf(long, 'en').name).toBe(`${'x'.repeat(79)}…`);
    expect(alertLine(long, 'en').length).toBeLessThan(600);
  });
});

describe('what to do', () => {
  it('is the advice for its kind, and nothing once it is over', () => {
    expect(toDoOf(alert(), 'nl')).toBe(FINDINGS.unsupported.toDo.nl);
    expect(toDoOf(alert({ state: 'resolved' }), 'nl')).toBe('Niets: het is voorbij.');
  });
});

describe('the time', () => {
  it('is the site’s own, with the name of its zone', () => {
    expect(timeOf(AT, 'Europe/Amsterdam', 'en')).toBe('25 Nov 2026, 02:02 CET');
    expect(timeOf(AT, 'UTC', 'nl')).toBe('25 nov 2026, 01:02 UTC');
  });

  it('tells the two hours apart that autumn has under one name', () => {
    const [first, second] = [0, 1].map((hour) =>
      timeOf(Date.UTC(2026, 9, 25, hour, 30), 'Europe/Amsterdam', 'nl'),
    );
    expect([first, second]).toEqual(['25 okt 2026, 02:30 CEST', '25 okt 2026, 02:30 CET']);
  });

  it('of a condition has a beginning and an end, and of an event is a moment', () => {
    const lasting = { kind: 'gone', since: AT, resolvedAt: AT + 3_600_000 } as const;
    expect(whenOf(alert({ ...lasting, resolvedAt: null }), message())).toBe('Since 25 Nov 2026, 02:02 CET');
    expect(whenOf(alert(lasting), message())).toBe(
      'Since 25 Nov 2026, 02:02 CET, until 25 Nov 2026, 03:02 CET',
    );
    expect(whenOf(alert({ kind: 'appeared', since: AT }), message({ language: 'nl' }))).toBe(
      'Op 25 nov 2026, 02:02 CET',
    );
  });
});

describe('the lines of a message', () => {
  it('are heading, alerts with one advice for each kind, how many more, and where to read on', () => {
    expect(linesOf(message({ alerts: [alert(), scanner, unknown], more: 1, language: 'nl' }))).toEqual([
      'Head office: 4 meldingen',
      '',
      '▲ Kritiek: Niet ondersteund toestel: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). Het beleid noemt Acme P10 niet ondersteund.',
      '  Sinds 25 nov 2026, 02:01 CET.',
      '▲ Kritiek: Niet ondersteund toestel: niet herkend (00:15:65:aa:bb:cc, 192.168.10.20). Het beleid noemt Acme P10 niet ondersteund.',
      '  Sinds 25 nov 2026, 02:01 CET.',
      `Wat te doen: ${FINDINGS.unsupported.toDo.nl}`,
      '',
      '▲ Kritiek: SIP-scanner op het netwerk: 192.168.10.77. Het beleid noemt Acme P10 niet ondersteund.',
      '  Sinds 25 nov 2026, 02:01 CET.',
      `Wat te doen: ${FINDINGS.scanner.toDo.nl}`,
      '',
      '+ nog één melding',
      '',
      'Openen in sipcensus: https://sipcensus.example/alerts',
    ]);
  });

  it('of a digest are its figures', () => {
    expect(linesOf({ ...digestMessage(), link: null })).toEqual([
      'Digest: Head office, 18 – 25 Nov 2026',
      '',
      'Period: 18 Nov 2026, 02:02 CET – 25 Nov 2026, 02:02 CET',
      'Phones: 42 (30 full, 4 partial, 6 basic, 2 unsupported)',
      'SLA possible: 34 of 42',
      'What happened: 3 new devices, 1 device gone',
    ]);
  });

  it('of a quiet and empty site say so', () => {
    const figures = { from: AT, to: AT, phones: 0, byLevel: { 'not-applicable': 2 }, findings: {} };
    expect(linesOf({ ...digestMessage(), figures, language: 'nl', link: null }).slice(3)).toEqual([
      'Toestellen: 0',
      'SLA mogelijk: 0 van 0',
      'Wat er gebeurde: niets',
    ]);
  });

  it('of a resolved message give no advice', () => {
    expect(linesOf({ ...resolvedMessage(), link: null }).slice(2)).toEqual([
      '✓ Resolved: Unsupported device: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). The policy names Acme P10 as unsupported.',
      '  Since 25 Nov 2026, 02:01 CET, until 25 Nov 2026, 02:02 CET.',
    ]);
  });

  it('of a test say that nothing is wrong', () => {
    expect(linesOf({ ...testMessage(), link: null }).slice(1)).toEqual([
      '',
      'Nothing is wrong: alerts of this site arrive here.',
    ]);
  });

  it('are one line each, and not too long, whatever strangers say', () => {
    const all = [
      largestMessage(),
      ...HOSTILE.map((text) => hostileMessage(text, { link: `https://x/${text}` })),
    ];
    for (const line of all.flatMap(linesOf)) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/);
      expect(line.length).toBeLessThan(3000);
    }
  });

  it('keep together what is of one kind and state, the worst first', () => {
    const resolved = alert({ state: 'resolved', resolvedAt: AT });
    const groups = groupsOf([scanner, alert(), resolved, scanner, alert()]);
    expect(groups.map(([{ kind, state }, ...others]) => [kind, state, 1 + others.length])).toEqual([
      ['scanner', 'firing', 2],
      ['unsupported', 'firing', 2],
      ['unsupported', 'resolved', 1],
    ]);
    expect(groupsOf([])).toEqual([]);
  });
});
