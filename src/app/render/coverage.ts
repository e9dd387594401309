import type { SummaryJson } from '../../api/contract/device.ts';
import type { Language } from '../../model/text.ts';
import { someAddresses } from './some-addresses.ts';
import type { UnknownPhone } from './unknown-to-pbx.ts';

const SENTENCES = {
  en: {
    answered: (answered: number, known: number) => `${answered} of ${known} known phones answered our probe.`,
    inScope: (addresses: number) => `Addresses in scope: ${addresses}.`,
    blocked: (hosts: number) => `Fell silent after a probe, possibly blocked: ${hosts}.`,
    sources: (channels: string) => `Phones by channel: ${channels}.`,
    unknown: (phones: number, all: number) => `Unknown to the PBX: ${phones} of ${all} phones on the network`,
  },
  nl: {
    answered: (answered: number, known: number) =>
      `${answered} van ${known} bekende toestellen antwoordden op onze vraag.`,
    inScope: (addresses: number) => `Adressen in het bereik: ${addresses}.`,
    blocked: (hosts: number) => `Zweeg na een vraag, mogelijk geblokkeerd: ${hosts}.`,
    sources: (channels: string) => `Toestellen per kanaal: ${channels}.`,
    unknown: (phones: number, all: number) =>
      `Onbekend bij de telefooncentrale: ${phones} van ${all} toestellen op het netwerk`,
  },
} as const;

/** A line for each question: how much of what is known has answered, who saw it, and who is unknown to the PBX. */
export function coverageLines(
  summary: Pick<SummaryJson, 'coverage'> & { unknownToPbx?: readonly UnknownPhone[] | null },
  language: Language,
): string[] {
  const { known, answered, inScope, possiblyBlocked, bySource, unknownToPbx } = summary.coverage;
  const words = SENTENCES[language];
  const figures = [
    ...(known === 0 ? [] : [words.answered(answered, known)]),
    ...(inScope === null ? [] : [words.inScope(inScope)]),
    ...(possiblyBlocked === null || possiblyBlocked === 0 ? [] : [words.blocked(possiblyBlocked)]),
  ];
  const sources = Object.entries(bySource).map(([channel, phones]) => `${channel} ${phones}`);
  const who = summary.unknownToPbx ?? [];
  return [
    ...(figures.length === 0 ? [] : [figures.join(' ')]),
    // One channel alone says no more than the figure above.
    ...(sources.length < 2 ? [] : [words.sources(sources.join(', '))]),
    ...(unknownToPbx === null || unknownToPbx.onTheWire === 0
      ? []
      : [
          `${words.unknown(unknownToPbx.unknown, unknownToPbx.onTheWire)}${who.length === 0 ? '' : ` (${someAddresses(who)})`}.`,
        ]),
  ];
}
