import type { DeviceId } from './device.ts';
import type { LocalText } from './text.ts';

/** How much a finding asks of a person, the worst first: now, soon, to know. The words are those of Alertmanager. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What is true of every finding of one kind. */
export interface FindingForm {
  severity: Severity;
  /** A condition lasts until a finding clears it; an event has happened, and that is all. */
  lasts: boolean;
  title: LocalText;
  /** What a person can do about it. */
  toDo: LocalText;
}

/** The closed list of what is worth knowing. `because` of each one comes from its `before`, `after` and `cause` (finding-reason.ts). */
export const FINDINGS = {
  appeared: {
    severity: 'info',
    lasts: false,
    title: { en: 'New device', nl: 'Nieuw toestel' },
    toDo: {
      en: 'Check that it belongs on this site, and give it a name.',
      nl: 'Kijk of het op deze locatie hoort, en geef het een naam.',
    },
  },
  unsupported: {
    severity: 'critical',
    lasts: true,
    title: { en: 'Unsupported device', nl: 'Niet ondersteund toestel' },
    toDo: {
      en: 'Replace it by a model of the supported list: while it is used, no SLA covers it.',
      nl: 'Vervang het door een model van de lijst van ondersteunde toestellen: zolang het in gebruik is, valt het onder geen SLA.',
    },
  },
  'level-changed': {
    severity: 'warning',
    lasts: false,
    title: { en: 'Support level changed', nl: 'Ander ondersteuningsniveau' },
    toDo: {
      en: 'Check what the new level guarantees, and whether the SLA of the site still holds.',
      nl: 'Kijk wat het nieuwe niveau garandeert, en of de SLA van de locatie nog klopt.',
    },
  },
  'firmware-below-minimum': {
    severity: 'warning',
    lasts: true,
    title: { en: 'Firmware below the minimum', nl: 'Firmware onder het minimum' },
    toDo: {
      en: 'Update the firmware to the version that the policy asks for.',
      nl: 'Werk de firmware bij tot de versie die het beleid vraagt.',
    },
  },
  'firmware-changed': {
    severity: 'info',
    lasts: false,
    title: { en: 'Firmware changed', nl: 'Andere firmware' },
    toDo: {
      en: 'Nothing, where the update was meant.',
      nl: 'Niets, als de update de bedoeling was.',
    },
  },
  'identity-changed': {
    severity: 'warning',
    lasts: false,
    title: { en: 'Says that it is another device', nl: 'Zegt een ander toestel te zijn' },
    toDo: {
      en: 'Look at what it said before and now: a phone was replaced, or the identification is wrong.',
      nl: 'Vergelijk wat het eerst zei en nu: het toestel is vervangen, of de herkenning klopt niet.',
    },
  },
  'capability-mismatch': {
    severity: 'warning',
    lasts: true,
    title: { en: 'Lacks what its level guarantees', nl: 'Mist wat zijn niveau garandeert' },
    toDo: {
      en: 'Compare its settings with the settings guide of the model; a function may be switched off.',
      nl: 'Vergelijk de instellingen met de handleiding van het model; een functie kan uit staan.',
    },
  },
  conflict: {
    severity: 'warning',
    lasts: false,
    title: { en: 'Contradicts itself', nl: 'Spreekt zichzelf tegen' },
    toDo: {
      en: 'Ask `sipcensus explain` which rules disagree: a rule is wrong, or two devices look like one.',
      nl: 'Vraag `sipcensus explain` welke regels elkaar tegenspreken: een regel klopt niet, of twee toestellen lijken er één.',
    },
  },
  'duplicate-mac': {
    severity: 'warning',
    lasts: true,
    title: { en: 'One MAC address in two places', nl: 'Eén MAC-adres op twee plaatsen' },
    toDo: {
      en: 'Look at both places: a copied configuration, a cloned phone, or somebody who pretends to be it.',
      nl: 'Kijk op beide plaatsen: een gekopieerde configuratie, een gekloond toestel, of iemand die zich ervoor uitgeeft.',
    },
  },
  'duplicate-address': {
    severity: 'warning',
    lasts: true,
    title: { en: 'One address claimed by several devices', nl: 'Eén adres van meer toestellen' },
    toDo: {
      en: 'Look for a fixed address that the DHCP server gives out as well, or for a sender of forged messages.',
      nl: 'Zoek een vast adres dat de DHCP-server ook uitdeelt, of een afzender van vervalste berichten.',
    },
  },
  'endpoint-moved': {
    severity: 'info',
    lasts: false,
    title: { en: 'Moved to another address', nl: 'Verhuisd naar een ander adres' },
    toDo: { en: 'Nothing: it is the same device.', nl: 'Niets: het is hetzelfde toestel.' },
  },
  gone: {
    severity: 'warning',
    lasts: true,
    title: { en: 'Gone', nl: 'Verdwenen' },
    toDo: {
      en: 'Check whether it was taken away, or has lost power or network.',
      nl: 'Kijk of het is weggehaald, of geen stroom of netwerk meer heeft.',
    },
  },
  returned: {
    severity: 'info',
    lasts: false,
    title: { en: 'Back again', nl: 'Weer terug' },
    toDo: { en: 'Nothing: it is the same device.', nl: 'Niets: het is hetzelfde toestel.' },
  },
  scanner: {
    severity: 'critical',
    lasts: true,
    title: { en: 'SIP scanner on the network', nl: 'SIP-scanner op het netwerk' },
    toDo: {
      en: 'Find the host and ask who runs it: such programs look for phones and passwords to abuse.',
      nl: 'Zoek de host en vraag wie het gebruikt: zulke programma’s zoeken toestellen en wachtwoorden om te misbruiken.',
    },
  },
  'asks-for-provisioning': {
    severity: 'warning',
    lasts: false,
    title: { en: 'Asks for provisioning again', nl: 'Vraagt opnieuw om provisioning' },
    toDo: {
      en: 'Check whether somebody has reset it to factory settings; it may take its settings from whoever answers first.',
      nl: 'Kijk of iemand de fabrieksinstellingen heeft teruggezet; het kan instellingen aannemen van wie het eerst antwoordt.',
    },
  },
  'call-deflect': {
    severity: 'info',
    lasts: true,
    title: { en: 'Transfer may be a call deflect', nl: 'Doorverbinden kan call deflect zijn' },
    toDo: {
      en: 'Tell the users: on this model a transfer can be a deflect, which the PBX does not support.',
      nl: 'Vertel het de gebruikers: bij dit model kan doorverbinden een call deflect zijn, en die ondersteunt de centrale niet.',
    },
  },
  'spoof-suspected': {
    severity: 'critical',
    lasts: true,
    title: { en: 'Forged announcements suspected', nl: 'Vermoedelijk vervalste meldingen' },
    toDo: {
      en: 'Find the sender on the switch. New announcements are not taken in until it is quiet; phones that answer are.',
      nl: 'Zoek de afzender op de switch. Nieuwe meldingen worden niet overgenomen tot het stil is; toestellen die antwoorden wel.',
    },
  },
  'discovery-impaired': {
    severity: 'warning',
    lasts: true,
    title: { en: 'Discovery is impaired', nl: 'Het vinden van toestellen hapert' },
    toDo: {
      en: 'Check cable, interface and firewall of this auditor. Until then no device is called gone.',
      nl: 'Controleer kabel, interface en firewall van deze auditor. Tot die tijd heet geen toestel verdwenen.',
    },
  },
  merged: {
    severity: 'info',
    lasts: false,
    title: { en: 'Two records are one device', nl: 'Twee vermeldingen zijn één toestel' },
    toDo: {
      en: 'Undo it where they are two devices after all.',
      nl: 'Maak het ongedaan als het toch twee toestellen zijn.',
    },
  },
  split: {
    severity: 'info',
    lasts: false,
    title: { en: 'One record was two devices', nl: 'Eén vermelding was twee toestellen' },
    toDo: {
      en: 'Undo it where they are one device after all.',
      nl: 'Maak het ongedaan als het toch één toestel is.',
    },
  },
} as const satisfies Record<string, FindingForm>;

export type FindingKind = keyof typeof FINDINGS;
export const FINDING_KINDS = Object.keys(FINDINGS) as [FindingKind, ...FindingKind[]];

/** What brought a change about: the device itself, or those who judge it. */
export const FINDING_CAUSES = [
  'firmware',
  'identity',
  'policy',
  'rules',
  'person',
  'silence',
  'flood',
] as const;
export type FindingCause = (typeof FINDING_CAUSES)[number];

/** An event and the beginning of a condition are raised; the end of a condition is cleared. */
export const FINDING_STATES = ['raised', 'cleared'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** One line of the journal; `seq` is its place, given by the store. */
export interface Finding {
  seq: number;
  /** Null where it is about the site and no one device. */
  device: DeviceId | null;
  /** What it is about where the device alone does not say: an address, a MAC address, a channel, a function. */
  about: string | null;
  at: number;
  kind: FindingKind;
  state: FindingState;
  cause: FindingCause | null;
  before: string | null;
  after: string | null;
  /** The sighting whose bytes show it; null where nothing that was heard does. */
  sighting: number | null;
}

/** Findings with the same key are about the same matter: one alert, and a later one clears or repeats it. */
export const findingKey = ({ kind, device, about }: Pick<Finding, 'kind' | 'device' | 'about'>): string =>
  [kind, device ?? '-', ...(about === null ? [] : [about])].join(' ');
