import { isPhone, type Identification } from '../model/identity.ts';
import type { LocalText } from '../model/text.ts';
import { SUPPORT_LEVELS, type SupportLevel, type Verdict } from '../model/verdict.ts';
import { fitOf, type Clause, type Lack } from './clause.ts';
import { clausesOf, type Policy } from './policy.ts';
import { joined, lackText, MODEL_UNKNOWN, NOT_A_PHONE, NOT_IDENTIFIED } from './words.ts';

const NOT_APPLICABLE: Verdict = {
  level: 'not-applicable',
  clause: null,
  because: NOT_A_PHONE,
  caveats: [],
  slaEligible: false,
};

interface NearMiss {
  clause: Clause;
  lack: Lack;
}

/**
 * What the policy says of one identification: the most specific clause that holds, else `basic`. Total. A condition that cannot be
 * judged does not hold; the verdict then names the row, and what it is for.
 */
export function decide(policy: Policy, identification: Identification): Verdict {
  const { vendor, kind } = identification.identity;
  if (!isPhone(kind) && kind !== 'gateway') return NOT_APPLICABLE;

  const nearMisses: NearMiss[] = [];
  for (const clause of clausesOf(policy, vendor)) {
    const fit = fitOf(clause, identification);
    if (fit === 'holds') return withMisses(clause.verdict, nearMisses, []);
    if (fit !== 'elsewhere') nearMisses.push({ clause, lack: fit });
  }
  if (kind === 'gateway') return NOT_APPLICABLE;
  const { fallback } = policy;
  return withMisses(fallback, nearMisses, unknowns(identification));
}

/** The verdict with the rows that nearly held beside it, and the firmware that would help. */
function withMisses(verdict: Verdict, nearMisses: readonly NearMiss[], notes: readonly LocalText[]): Verdict {
  const noted = withNotes(verdict, [...notes, ...missed(verdict.level, nearMisses)]);
  const newer = nearMisses.find(
    ({ clause, lack }) =>
      lack === 'firmware-outside' && isBetter(clause.level, verdict.level) && wantsNewer(clause),
  );
  const firmwareFrom = newer?.clause.when.firmwareFrom;
  return firmwareFrom === undefined ? noted : { ...noted, firmwareFrom };
}

/** A row that ends before some firmware asks for none that is newer. */
const wantsNewer = ({ when }: Clause): boolean =>
  when.firmwareFrom !== undefined && when.firmwareBelow === undefined;

function unknowns({ identity: { vendor, model } }: Identification): LocalText[] {
  if (vendor === undefined) return [NOT_IDENTIFIED];
  return model === undefined ? [MODEL_UNKNOWN] : [];
}

/** Rows that may change the level: those that could not be judged, and those that would make it better. */
function missed(level: SupportLevel, nearMisses: readonly NearMiss[]): LocalText[] {
  return nearMisses
    .filter(({ clause, lack }) =>
      lack === 'firmware-outside' ? isBetter(clause.level, level) : clause.level !== level,
    )
    .map(({ clause, lack }) => lackText(clause, lack));
}

const isBetter = (level: SupportLevel, than: SupportLevel): boolean =>
  SUPPORT_LEVELS.indexOf(level) < SUPPORT_LEVELS.indexOf(than);

const withNotes = (verdict: Verdict, notes: readonly LocalText[]): Verdict =>
  notes.length === 0 ? verdict : { ...verdict, because: joined([verdict.because, ...notes]) };
