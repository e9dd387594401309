/** Expected trouble as a value: what comes from the network never throws, it returns one of these. */
export type Outcome<T, F> = { ok: true; value: T } | { ok: false; fault: F };

export const success = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const failure = <F>(fault: F): { ok: false; fault: F } => ({ ok: false, fault });
