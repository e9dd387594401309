import type { LocalText } from './text.ts';

/** The supplier's support levels, best first; `not-applicable` is for what is no phone. */
export const SUPPORT_LEVELS = ['full', 'partial', 'basic', 'unsupported', 'not-applicable'] as const;
export type SupportLevel = (typeof SUPPORT_LEVELS)[number];

/** Levels under which a Service Level Agreement can be closed (seed document: not for basic, not for exceptions). */
export const isSlaLevel = (level: SupportLevel): boolean => level === 'full' || level === 'partial';

/** What the policy says of one identification. `clause` is null when no clause holds and the default applies. */
export interface Verdict {
  level: SupportLevel;
  clause: string | null;
  because: LocalText;
  caveats: readonly LocalText[];
  slaEligible: boolean;
}
