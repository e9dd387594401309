import type { Alert, AlertSubject } from '../../src/model/alert.ts';
import { FINDINGS, findingKey, type Finding } from '../../src/model/finding.ts';

export const AT = Date.UTC(2026, 10, 25, 9);

/** A finding before it has its place in the journal. */
export const news = (change: Partial<Finding> = {}): Omit<Finding, 'seq'> => ({
  device: 'd1',
  about: null,
  at: AT,
  kind: 'unsupported',
  state: 'raised',
  cause: null,
  before: null,
  after: 'Acme P10',
  sighting: null,
  ...change,
});

export const finding = (change: Partial<Finding> = {}): Finding => ({ seq: 1, ...news(change), ...change });

export const subject = (change: Partial<AlertSubject> = {}): AlertSubject => ({
  device: 'd1',
  vendor: 'Acme',
  model: 'P10',
  firmware: '1.2',
  mac: '001565aabbcc',
  address: '192.0.2.7',
  level: 'unsupported',
  ...change,
});

/** An alert that fires, with the key of its kind and device. */
export function alert(change: Partial<Alert> = {}): Alert {
  const { kind = 'unsupported', about = null, subject: who = subject() } = change;
  return {
    key: findingKey({ kind, about, device: who?.device ?? null }),
    kind,
    severity: FINDINGS[kind].severity,
    subject: who,
    about,
    state: 'firing',
    since: AT,
    resolvedAt: null,
    seq: 1,
    because: { en: 'it is', nl: 'het is zo' },
    ...change,
  };
}

export const resolved = (change: Partial<Alert> = {}): Alert =>
  alert({ state: 'resolved', resolvedAt: AT + 60_000, ...change });
