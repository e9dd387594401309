import { LANGUAGES, type LocalText } from '../model/text.ts';
import type { CallDeflect } from '../model/verdict.ts';
import type { Clause, Lack } from './clause.ts';
import type { Condition } from './shape.ts';

export const NOT_A_PHONE: LocalText = {
  en: 'Not a phone: PBX, proxy, scanner, and a gateway that the policy does not name have no support level.',
  nl: 'Geen toestel: een centrale, proxy, scanner, en een gateway die het beleid niet noemt, heeft geen support-level.',
};

export const NOT_IDENTIFIED: LocalText = {
  en: 'Not identified: it answers SIP, but who made it is not known.',
  nl: 'Niet herkend: het spreekt SIP, maar het merk is niet bekend.',
};

export const MODEL_UNKNOWN: LocalText = { en: 'Its model is not known.', nl: 'Het model is niet bekend.' };

const LACKS: Record<Lack, LocalText> = {
  'firmware-unknown': { en: 'Firmware unknown', nl: 'Firmware onbekend' },
  'firmware-incomparable': { en: 'Firmware cannot be compared', nl: 'Firmware niet te vergelijken' },
  'firmware-outside': { en: 'Firmware does not qualify', nl: 'Firmware voldoet niet' },
  confidence: { en: 'Identification not certain enough', nl: 'Herkenning niet zeker genoeg' },
};

/** `Firmware unknown; the row "acme-p10" (full) is for firmware 1.10 or later.` */
export function lackText({ id, level, when }: Clause, lack: Lack): LocalText {
  const range = lack === 'confidence' ? confidenceText(when) : firmwareText(when);
  return {
    en: `${LACKS[lack].en}; the row "${id}" (${level}) is for ${range.en}.`,
    nl: `${LACKS[lack].nl}; de regel "${id}" (${level}) geldt voor ${range.nl}.`,
  };
}

const confidenceText = ({ minConfidence = 0 }: Condition): LocalText => ({
  en: `a confidence of ${minConfidence} or more`,
  nl: `een zekerheid van ${minConfidence} of meer`,
});

function firmwareText({ firmwareFrom: from, firmwareBelow: below }: Condition): LocalText {
  if (below === undefined) return { en: `firmware ${from} or later`, nl: `firmware ${from} of later` };
  if (from === undefined) return { en: `firmware before ${below}`, nl: `firmware vóór ${below}` };
  return { en: `firmware from ${from}, before ${below}`, nl: `firmware vanaf ${from}, vóór ${below}` };
}

const DEFLECTS: Readonly<Record<CallDeflect, readonly LocalText[]>> = {
  never: [],
  'by-setting': [
    {
      en: 'Depending on its settings a transfer on this phone is a call deflect, which the PBX does not support.',
      nl: 'Afhankelijk van de instellingen is doorverbinden op dit toestel call deflect, en die ondersteunt de centrale niet.',
    },
  ],
  always: [
    {
      en: 'A transfer on this phone is technically a call deflect, which the PBX does not support.',
      nl: 'Doorverbinden op dit toestel is technisch call deflect, en die ondersteunt de centrale niet.',
    },
  ],
};

/** What every verdict repeats of a phone that may deflect calls. */
export const deflectCaveat = (deflect: CallDeflect = 'never'): readonly LocalText[] => DEFLECTS[deflect];

/** The texts one after the other, in every language. */
export const joined = (texts: readonly LocalText[]): LocalText =>
  Object.fromEntries(
    LANGUAGES.map((language) => [language, texts.map((text) => text[language]).join(' ')]),
  ) as LocalText;
