import { AppError } from '../model/app-error.ts';

/** A network inside 127.0.0.0/8: its addresses as numbers, first and last included, without network and broadcast address. */
export interface LoopbackNetwork {
  first: number;
  last: number;
}

/**
 * Reads `127.77.0.0/24`. Throws AppError USAGE for anything outside 127.0.0.0/8, where nothing of ours may pretend to be a phone,
 * and for a network that holds 127.0.0.1, where the real programs of this machine live.
 */
export function parseLoopbackNetwork(text: string): LoopbackNetwork {
  const numbers =
    /^(127)\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number) ?? [];
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = numbers;
  if (numbers.length === 0 || Math.max(b, c, d) > 255 || prefix < 9 || prefix > 30)
    throw refusal(text, 'is no network of 127.0.0.0/8 with a prefix of 9 to 30');
  const size = 2 ** (32 - prefix);
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const start = address - (address % size);
  if (start === 127 * 2 ** 24) throw refusal(text, 'holds 127.0.0.1');
  return { first: start + 1, last: start + size - 2 };
}

const refusal = (text: string, what: string): AppError =>
  new AppError('USAGE', `The simulated site cannot live in "${text}": it ${what}.`, {
    hint: 'Choose a loopback network such as 127.77.0.0/24 or 127.77.0.0/16.',
  });

export const formatIpv4 = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
