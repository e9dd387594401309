import type { DeviceState } from '../model/device.ts';
import { findingKey, type Finding, type FindingKind } from '../model/finding.ts';
import type { SupportLevel } from '../model/verdict.ts';
import { event, nameOf, type FindingDraft } from './advance.ts';

/** A matter that lasts as long as the state of a device, or what it says it can, gives reason for it. */
type Standing = Pick<Finding, 'kind' | 'about' | 'before' | 'after'>;

/** The kinds that are judged by the state of a device alone. */
export const STANDING_KINDS: ReadonlySet<FindingKind> = new Set([
  'unsupported',
  'firmware-below-minimum',
  'capability-mismatch',
  'call-deflect',
  'scanner',
]);

/** What a device says of itself that its level can be held against; null where it does not say. */
export interface Capabilities {
  /** Methods of its Allow header. */
  methods: readonly string[] | null;
  /** Names of its audio codecs, as in SDP. */
  codecs: readonly string[] | null;
}

/** What a level guarantees that the network shows (the supplier's document): a transfer needs REFER (RFC 3515). */
const GUARANTEED: Readonly<Partial<Record<SupportLevel, { methods: string[]; codecs: string[] }>>> = {
  full: { methods: ['REFER'], codecs: [] },
  partial: { methods: ['REFER'], codecs: ['G729'] },
  basic: { methods: ['REFER'], codecs: [] },
};

/** The matters that the state of a device gives reason for. */
export function standingOf(
  state: DeviceState,
  capabilities: Capabilities,
  address: string | null,
): Standing[] {
  const { identity, verdict } = state;
  const standing: Standing[] = [];
  const add = (kind: FindingKind, words: Partial<Standing>): void => {
    standing.push({ kind, about: null, before: null, after: null, ...words });
  };
  if (verdict.level === 'unsupported') add('unsupported', { after: nameOf(identity) });
  if (verdict.firmwareFrom !== undefined)
    add('firmware-below-minimum', { before: identity.firmware ?? null, after: verdict.firmwareFrom });
  if (verdict.callDeflect === 'always' || verdict.callDeflect === 'by-setting')
    add('call-deflect', { after: nameOf(identity) });
  if (identity.kind === 'scanner') add('scanner', { about: address, after: nameOf(identity) });
  const { methods, codecs } = capabilities;
  for (const method of lacking(GUARANTEED[verdict.level]?.methods, methods))
    add('capability-mismatch', { about: method, after: methods?.join(', ') ?? null });
  for (const codec of lacking(GUARANTEED[verdict.level]?.codecs, codecs))
    add('capability-mismatch', { about: codec, after: codecs?.join(', ') ?? null });
  return standing;
}

const lacking = (wanted: readonly string[] = [], said: readonly string[] | null): string[] =>
  said === null ? [] : wanted.filter((word) => !said.some((one) => one.toUpperCase() === word));

/** What begins and what ends, when these matters hold of a device and those held before. */
export function changeOfStanding(
  held: readonly Pick<Finding, 'kind' | 'about'>[],
  standing: readonly Standing[],
  at: number,
): FindingDraft[] {
  const keyOf = (one: Pick<Finding, 'kind' | 'about'>): string => findingKey({ ...one, device: null });
  const [before, now] = [new Set(held.map(keyOf)), new Set(standing.map(keyOf))];
  return [
    ...standing.filter((one) => !before.has(keyOf(one))).map((one) => event(at, one)),
    ...held
      .filter((one) => STANDING_KINDS.has(one.kind) && !now.has(keyOf(one)))
      .map(({ kind, about }) => cleared(at, kind, about)),
  ];
}

/** The end of a matter. */
export const cleared = (at: number, kind: FindingKind, about: string | null): FindingDraft => ({
  ...event(at, { kind, about }),
  state: 'cleared',
});
