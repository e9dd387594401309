import { isToken, trimBlanks } from './grammar.ts';

/** Sequence number, below 2^31 (RFC 3261 8.1.1.5), and method, as sent. */
export interface CSeq {
  number: number;
  method: string;
}

const CSEQ = /^(\d+)[ \t]+([^ \t]+)$/;

/** Reads `1 OPTIONS`; null when it is not a number in range and a method. */
export function parseCSeq(value: string): CSeq | null {
  const [, digits, method] = CSEQ.exec(trimBlanks(value)) ?? [];
  if (digits === undefined || method === undefined || !isToken(method)) return null;
  const number = Number(digits);
  return number < 2 ** 31 ? { number, method } : null;
}
