import type { Language } from '../model/text.ts';

/** Words of the command line's tables and summaries, in every language the product speaks. */
const WORDS = {
  level: { en: 'level', nl: 'niveau' },
  vendor: { en: 'vendor', nl: 'merk' },
  model: { en: 'model', nl: 'model' },
  firmware: { en: 'firmware', nl: 'firmware' },
  kind: { en: 'kind', nl: 'soort' },
  address: { en: 'address', nl: 'adres' },
  mac: { en: 'MAC', nl: 'MAC' },
  sla: { en: 'SLA', nl: 'SLA' },
  because: { en: 'because', nl: 'omdat' },
  yes: { en: 'yes', nl: 'ja' },
  no: { en: 'no', nl: 'nee' },
  full: { en: 'full', nl: 'volledig' },
  partial: { en: 'partial', nl: 'gedeeltelijk' },
  basic: { en: 'basic', nl: 'basis' },
  unsupported: { en: 'unsupported', nl: 'niet ondersteund' },
  'not-applicable': { en: 'no phone', nl: 'geen toestel' },
  'not identified': { en: 'not identified', nl: 'niet herkend' },
  'desk-phone': { en: 'desk phone', nl: 'bureautoestel' },
  'dect-base': { en: 'DECT base', nl: 'DECT-basis' },
  'conference-phone': { en: 'conference phone', nl: 'vergadertoestel' },
  ata: { en: 'ATA', nl: 'ATA' },
  gateway: { en: 'gateway', nl: 'gateway' },
  'door-intercom': { en: 'door intercom', nl: 'deurintercom' },
  'pager-speaker': { en: 'speaker', nl: 'luidspreker' },
  softphone: { en: 'softphone', nl: 'softphone' },
  'mobile-softphone': { en: 'mobile softphone', nl: 'mobiele softphone' },
  pbx: { en: 'PBX', nl: 'telefooncentrale' },
  proxy: { en: 'proxy', nl: 'proxy' },
  scanner: { en: 'scanner', nl: 'scanner' },
  other: { en: 'other', nl: 'overig' },
  phones: { en: 'phones', nl: 'toestellen' },
  'SLA eligible': { en: 'SLA eligible', nl: 'SLA mogelijk' },
  'not phones': { en: 'not phones', nl: 'geen toestellen' },
  of: { en: 'of', nl: 'van' },
  heard: { en: 'Heard', nl: 'Gehoord' },
  evidence: { en: 'Evidence', nl: 'Bewijs' },
  conflicts: { en: 'Conflicts', nl: 'Tegenspraak' },
  timeline: { en: 'Timeline', nl: 'Tijdlijn' },
  clause: { en: 'policy clause', nl: 'beleidsregel' },
  default: { en: 'none, the default', nl: 'geen, de standaard' },
  none: { en: 'none', nl: 'geen' },
  'nothing found': { en: 'Nothing answered.', nl: 'Niets antwoordde.' },
  'silence is not absence': {
    en: 'Silence is not absence: phones that trust only their PBX do not answer strangers.',
    nl: 'Stilte is geen afwezigheid: toestellen die alleen hun centrale vertrouwen, antwoorden vreemden niet.',
  },
  'example policy': {
    en: 'Levels by an example policy, not by any supplier’s list.',
    nl: 'Niveaus volgens een voorbeeldbeleid, niet volgens de lijst van een leverancier.',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type Word = keyof typeof WORDS;

export const say = (word: Word, language: Language): string => WORDS[word][language];
