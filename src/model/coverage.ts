import type { Device } from './device.ts';

/** How much of what is known to be there has answered for itself. */
export interface Coverage {
  /** Phones known to be there, by any channel. */
  known: number;
  /** Those of them that answered our own probe. */
  answered: number;
  /** 0..1; null where no phone is known. */
  share: number | null;
}

/** Whether a device ever answered a probe of ours. What its PBX says of it is trusted, and is no answer of its own. */
export const hasAnswered = ({ endpoints }: Pick<Device, 'endpoints'>): boolean =>
  endpoints.some(({ sipStatus }) => sipStatus !== null);

/** The coverage of these phones. Silence is never absence: who is silent was told by its PBX, its neighbours, or itself when it booted. */
export function coverageOf(phones: readonly Pick<Device, 'endpoints'>[]): Coverage {
  const known = phones.length;
  const answered = phones.filter(hasAnswered).length;
  return { known, answered, share: known === 0 ? null : answered / known };
}
