import type { Knowledge } from './knowledge.ts';
import type { Evidence, Identification } from '../model/identity.ts';
import type { LocalText } from '../model/text.ts';
import type { Verdict } from '../model/verdict.ts';
import { decide } from '../policy/decide.ts';

/**
 * Who a device is and how well it is supported. Once a device has answered our own probe, only what it answered decides the level;
 * what was merely overheard (and may be forged) is shown, and named as a caveat where it would decide otherwise.
 */
export function judge(
  { matcher, policy }: Knowledge,
  evidence: readonly Evidence[],
  isConfirmed: boolean,
): { identification: Identification; verdict: Verdict } {
  const identification = matcher.combine(evidence);
  const overheard = decide(policy, identification);
  if (!isConfirmed) return { identification, verdict: overheard };
  const verdict = decide(policy, matcher.combine(evidence.filter((item) => item.solicited)));
  if (verdict.level === overheard.level) return { identification, verdict };
  return { identification, verdict: { ...verdict, caveats: [...verdict.caveats, unconfirmed(overheard)] } };
}

const unconfirmed = ({ level }: Verdict): LocalText => ({
  en: `Announced itself as a device of level "${level}", but no answer to our own probe confirms it: not counted.`,
  nl: `Meldde zich als toestel van niveau "${level}", maar geen antwoord op onze eigen vraag bevestigt dat: niet meegeteld.`,
});
