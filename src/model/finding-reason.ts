import type { Finding, FindingCause, FindingKind } from './finding.ts';
import type { LocalText } from './text.ts';

type Told = Pick<Finding, 'kind' | 'state' | 'cause' | 'before' | 'after' | 'about'>;
type Words = (told: Told) => LocalText;

const text = (value: string | null, none: LocalText): LocalText =>
  value === null ? none : { en: value, nl: value };

const NAMELESS: LocalText = { en: 'a device that is not identified', nl: 'een toestel dat niet herkend is' };
const UNKNOWN: LocalText = { en: 'unknown', nl: 'onbekend' };

/** Puts both languages together: `join(['From ', 'Van '], before)`. */
function sentence(en: (word: (value: LocalText) => string) => string, nl: typeof en): LocalText {
  return { en: en((value) => value.en), nl: nl((value) => value.nl) };
}

const CAUSES: Record<FindingCause, LocalText> = {
  firmware: { en: 'by a change of firmware', nl: 'door andere firmware' },
  identity: { en: 'because more is known of the device', nl: 'omdat er meer van het toestel bekend is' },
  policy: { en: 'by a change of the policy', nl: 'door ander beleid' },
  rules: { en: 'by a change of the rules', nl: 'door andere regels' },
  person: { en: 'by a person', nl: 'door een mens' },
  silence: { en: 'after a long silence', nl: 'na een lange stilte' },
  flood: { en: 'by a flood of messages', nl: 'door een stortvloed van berichten' },
};

const fromTo =
  (en: string, nl: string): Words =>
  ({ before, after, cause }) =>
    sentence(
      (word) =>
        `${en}: ${word(text(before, UNKNOWN))} → ${word(text(after, UNKNOWN))}${cause === null ? '' : `, ${word(CAUSES[cause])}`}.`,
      (word) =>
        `${nl}: ${word(text(before, UNKNOWN))} → ${word(text(after, UNKNOWN))}${cause === null ? '' : `, ${word(CAUSES[cause])}`}.`,
    );

const named =
  (en: string, nl: string): Words =>
  ({ after }) =>
    sentence(
      (word) => en.replace('%', () => word(text(after, NAMELESS))),
      (word) => nl.replace('%', () => word(text(after, NAMELESS))),
    );

const both =
  (en: string, nl: string): Words =>
  ({ about, before, after }) => {
    const fill = (words: string, language: 'en' | 'nl'): string =>
      words
        .replace('{about}', () => about ?? UNKNOWN[language])
        .replace('{before}', () => before ?? UNKNOWN[language])
        .replace('{after}', () => after ?? UNKNOWN[language]);
    return { en: fill(en, 'en'), nl: fill(nl, 'nl') };
  };

const RAISED: Record<FindingKind, Words> = {
  appeared: named('Seen for the first time: %.', 'Voor het eerst gezien: %.'),
  unsupported: named('The policy names % as unsupported.', 'Het beleid noemt % niet ondersteund.'),
  'level-changed': fromTo('Support level', 'Ondersteuningsniveau'),
  'firmware-below-minimum': both(
    'Firmware {before} is older than {after}, which the policy asks for.',
    'Firmware {before} is ouder dan {after}, die het beleid vraagt.',
  ),
  'firmware-changed': fromTo('Firmware', 'Firmware'),
  'identity-changed': fromTo('Identified as', 'Herkend als'),
  'capability-mismatch': both(
    'Its level guarantees {about}, but what it says of itself lacks it: {after}.',
    'Zijn niveau garandeert {about}, maar dat ontbreekt in wat het over zichzelf zegt: {after}.',
  ),
  conflict: both(
    'It contradicts what else is known of it: {after}.',
    'Het spreekt tegen wat er verder van bekend is: {after}.',
  ),
  'duplicate-mac': both(
    'The MAC address {about} answers at {before} and at {after} at the same time.',
    'Het MAC-adres {about} antwoordt tegelijk op {before} en op {after}.',
  ),
  'duplicate-address': both(
    'Several devices claim the address {about}: {before}, {after}.',
    'Meer toestellen claimen het adres {about}: {before}, {after}.',
  ),
  'endpoint-moved': fromTo('Address', 'Adres'),
  gone: both('Not seen since {before}.', 'Niet gezien sinds {before}.'),
  returned: both('Seen again after {before}.', 'Weer gezien na {before}.'),
  scanner: both('A scanner spoke from {about}: {after}.', 'Er sprak een scanner vanaf {about}: {after}.'),
  'asks-for-provisioning': both(
    'A phone that was provisioned asks for provisioning from {about}.',
    'Een ingericht toestel vraagt om provisioning vanaf {about}.',
  ),
  'call-deflect': both('{after}', '{after}'),
  'spoof-suspected': both(
    'More new devices announce themselves than a network brings: {after}.',
    'Er melden zich meer nieuwe toestellen dan een netwerk brengt: {after}.',
  ),
  'discovery-impaired': both('{about}: {after}.', '{about}: {after}.'),
  merged: both('{before} and {after} are the same device.', '{before} en {after} zijn hetzelfde toestel.'),
  split: both('{after} is another device than {before}.', '{after} is een ander toestel dan {before}.'),
};

const OVER: LocalText = { en: 'No longer so.', nl: 'Niet langer zo.' };

/** What was found, in one sentence. It holds strangers' text: escape it where it is shown. */
export const reasonOf = (finding: Told): LocalText =>
  finding.state === 'cleared' ? OVER : RAISED[finding.kind](finding);
