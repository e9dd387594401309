import type { LocalText } from './text.ts';

/** The supplier's support levels, best first; `not-applicable` is for what is no phone. */
export const SUPPORT_LEVELS = ['full', 'partial', 'basic', 'unsupported', 'not-applicable'] as const;
export type SupportLevel = (typeof SUPPORT_LEVELS)[number];

/** Levels under which a Service Level Agreement can be closed (seed document: not for basic, not for exceptions). */
export const isSlaLevel = (level: SupportLevel): boolean => level === 'full' || level === 'partial';

/** When a transfer on a phone is technically a call deflect, which the PBX does not support; it cannot be seen from the network. */
export const CALL_DEFLECTS = ['never', 'by-setting', 'always'] as const;
export type CallDeflect = (typeof CALL_DEFLECTS)[number];

/** What the policy says of one identification. `clause` is null when no clause holds and the default applies. */
export interface Verdict {
  level: SupportLevel;
  clause: string | null;
  because: LocalText;
  caveats: readonly LocalText[];
  slaEligible: boolean;
  /** Missing where the policy does not say. */
  callDeflect?: CallDeflect;
  /** The firmware from which on a row of a better level would hold; missing where no newer firmware would help. */
  firmwareFrom?: string;
}
