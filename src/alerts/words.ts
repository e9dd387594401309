import type { FindingKind, Severity } from '../model/finding.ts';
import type { Language, LocalText } from '../model/text.ts';
import type { SupportLevel } from '../model/verdict.ts';

/** Words of the messages, in every language the product speaks. */
const WORDS = {
  resolved: { en: 'Resolved', nl: 'Opgelost' },
  repeat: { en: 'Reminder', nl: 'Herinnering' },
  digest: { en: 'Digest', nl: 'Overzicht' },
  test: { en: 'Test message of sipcensus', nl: 'Testbericht van sipcensus' },
  works: {
    en: 'Nothing is wrong: alerts of this site arrive here.',
    nl: 'Er is niets aan de hand: meldingen van deze locatie komen hier aan.',
  },
  alerts: { en: 'Alerts', nl: 'Meldingen' },
  'not identified': { en: 'not identified', nl: 'niet herkend' },
  'to do': { en: 'What to do', nl: 'Wat te doen' },
  over: { en: 'Nothing: it is over.', nl: 'Niets: het is voorbij.' },
  since: { en: 'Since', nl: 'Sinds' },
  at: { en: 'At', nl: 'Op' },
  until: { en: 'until', nl: 'tot' },
  period: { en: 'Period', nl: 'Periode' },
  phones: { en: 'Phones', nl: 'Toestellen' },
  'sla possible': { en: 'SLA possible', nl: 'SLA mogelijk' },
  of: { en: 'of', nl: 'van' },
  meanwhile: { en: 'What happened', nl: 'Wat er gebeurde' },
  nothing: { en: 'nothing', nl: 'niets' },
  'read on': { en: 'Open in sipcensus', nl: 'Openen in sipcensus' },
  recipients: {
    en: 'Who gets this mail stands in its configuration.',
    nl: 'Wie deze mail krijgt, staat in de configuratie ervan.',
  },
  sender: { en: 'Sent by sipcensus', nl: 'Verstuurd door sipcensus' },
} as const satisfies Record<string, LocalText>;

export type Word = keyof typeof WORDS;

export const say = (word: Word, language: Language): string => WORDS[word][language];

/** A sign as well as a word, and never a colour alone. */
export const SEVERITY_SIGNS: Readonly<Record<Severity | 'resolved', string>> = {
  critical: '▲',
  warning: '◆',
  info: '●',
  resolved: '✓',
};

export const SEVERITY_WORDS: Readonly<Record<Severity, LocalText>> = {
  critical: { en: 'Critical', nl: 'Kritiek' },
  warning: { en: 'Warning', nl: 'Waarschuwing' },
  info: { en: 'Information', nl: 'Ter informatie' },
};

export const LEVEL_SIGNS: Readonly<Record<SupportLevel, string>> = {
  full: '●',
  partial: '◐',
  basic: '○',
  unsupported: '✕',
  'not-applicable': '·',
};

export const LEVEL_WORDS: Readonly<Record<SupportLevel, LocalText>> = {
  full: { en: 'full', nl: 'volledig' },
  partial: { en: 'partial', nl: 'gedeeltelijk' },
  basic: { en: 'basic', nl: 'basis' },
  unsupported: { en: 'unsupported', nl: 'niet ondersteund' },
  'not-applicable': { en: 'no phone', nl: 'geen toestel' },
};

type Plural = Readonly<Record<Language, readonly [one: string, many: string]>>;

const MORE: Plural = {
  en: ['one more alert', '% more alerts'],
  nl: ['nog één melding', 'nog % meldingen'],
};

const ANY: Plural = { en: ['alert', 'alerts'], nl: ['melding', 'meldingen'] };

/** What follows a number: `3 unsupported devices`. */
const KINDS: Readonly<Record<FindingKind, Plural>> = {
  appeared: { en: ['new device', 'new devices'], nl: ['nieuw toestel', 'nieuwe toestellen'] },
  unsupported: {
    en: ['unsupported device', 'unsupported devices'],
    nl: ['niet ondersteund toestel', 'niet ondersteunde toestellen'],
  },
  'level-changed': {
    en: ['changed support level', 'changed support levels'],
    nl: ['gewijzigd ondersteuningsniveau', 'gewijzigde ondersteuningsniveaus'],
  },
  'firmware-below-minimum': {
    en: ['device with firmware below the minimum', 'devices with firmware below the minimum'],
    nl: ['toestel met firmware onder het minimum', 'toestellen met firmware onder het minimum'],
  },
  'firmware-changed': {
    en: ['device with other firmware', 'devices with other firmware'],
    nl: ['toestel met andere firmware', 'toestellen met andere firmware'],
  },
  'identity-changed': {
    en: ['device that says it is another', 'devices that say they are others'],
    nl: ['toestel dat zegt een ander te zijn', 'toestellen die zeggen andere te zijn'],
  },
  'capability-mismatch': {
    en: ['device that lacks what its level guarantees', 'devices that lack what their level guarantees'],
    nl: ['toestel dat mist wat zijn niveau garandeert', 'toestellen die missen wat hun niveau garandeert'],
  },
  conflict: {
    en: ['device that contradicts itself', 'devices that contradict themselves'],
    nl: ['toestel dat zichzelf tegenspreekt', 'toestellen die zichzelf tegenspreken'],
  },
  'duplicate-mac': {
    en: ['MAC address in two places', 'MAC addresses in two places'],
    nl: ['MAC-adres op twee plaatsen', 'MAC-adressen op twee plaatsen'],
  },
  'duplicate-address': {
    en: ['address claimed by several devices', 'addresses claimed by several devices'],
    nl: ['adres van meer toestellen', 'adressen van meer toestellen'],
  },
  'endpoint-moved': {
    en: ['device at another address', 'devices at other addresses'],
    nl: ['toestel op een ander adres', 'toestellen op een ander adres'],
  },
  gone: { en: ['device gone', 'devices gone'], nl: ['verdwenen toestel', 'verdwenen toestellen'] },
  returned: {
    en: ['device back again', 'devices back again'],
    nl: ['toestel weer terug', 'toestellen weer terug'],
  },
  scanner: { en: ['SIP scanner', 'SIP scanners'], nl: ['SIP-scanner', 'SIP-scanners'] },
  'asks-for-provisioning': {
    en: ['device that asks for provisioning again', 'devices that ask for provisioning again'],
    nl: ['toestel dat opnieuw om provisioning vraagt', 'toestellen die opnieuw om provisioning vragen'],
  },
  'call-deflect': {
    en: ['device whose transfer may be a call deflect', 'devices whose transfer may be a call deflect'],
    nl: [
      'toestel waarop doorverbinden call deflect kan zijn',
      'toestellen waarop doorverbinden call deflect kan zijn',
    ],
  },
  'spoof-suspected': {
    en: ['suspicion of forged announcements', 'suspicions of forged announcements'],
    nl: ['vermoeden van vervalste meldingen', 'vermoedens van vervalste meldingen'],
  },
  'discovery-impaired': {
    en: ['impaired discovery channel', 'impaired discovery channels'],
    nl: ['haperend zoekkanaal', 'haperende zoekkanalen'],
  },
  merged: {
    en: ['merged record', 'merged records'],
    nl: ['samengevoegde vermelding', 'samengevoegde vermeldingen'],
  },
  split: { en: ['split record', 'split records'], nl: ['gesplitste vermelding', 'gesplitste vermeldingen'] },
};

const form = (plural: Plural, count: number, language: Language): string =>
  plural[language][count === 1 ? 0 : 1];

/** `unsupported devices`; `alerts` for those of more kinds than one, which is `null`. */
export const nounOf = (kind: FindingKind | null, count: number, language: Language): string =>
  form(kind === null ? ANY : KINDS[kind], count, language);

/** `12 more alerts`, `nog één melding`. */
export const moreWords = (count: number, language: Language): string =>
  form(MORE, count, language).replace('%', String(count));
