import { parseMac } from '../model/mac.ts';
import { parseDailyHours } from '../model/daily-hours.ts';
import { parseTarget } from '../scope/network.ts';
import type { Exclusion as ScopeExclusion } from '../scope/scope.ts';
import type { ConfigFile } from './config-schema.ts';

/** An exclusion as a person writes it, in the configuration or behind --exclude. */
export type WrittenExclusion = ConfigFile['scope']['exclude'][number];

/** Whether it holds at all hours and for a network, so that it is part of the scope itself. */
export const isOfScope = (written: WrittenExclusion): written is ScopeExclusion =>
  written.network !== undefined && written.mac === undefined && written.between === undefined;

/** The word of --exclude: a MAC address, else a network, range or address. */
export function excludedByWord(word: string): WrittenExclusion {
  const mac = parseMac(word);
  return mac === null ? { network: word, because: '--exclude' } : { mac: word, because: '--exclude' };
}

/** What is wrong with an exclusion, and which of its keys it is; null where it is one. */
export function exclusionTrouble({
  network,
  mac,
  between,
}: WrittenExclusion): { key: 'network' | 'mac' | 'between'; message: string; hint?: string } | null {
  if (network === undefined && mac === undefined && between === undefined)
    return {
      key: 'network',
      message: 'the exclusion says nothing of what is left alone.',
      hint: 'Give a network, a mac, or hours of the day as between.',
    };
  if (mac !== undefined && parseMac(mac) === null)
    return { key: 'mac', message: `"${mac}" is no MAC address.`, hint: "Write '00:15:65:aa:bb:cc'." };
  if (between !== undefined && parseDailyHours(between) === null)
    return {
      key: 'between',
      message: `"${between}" are no hours of the day.`,
      hint: "Write for example '08:00-18:00', or '22:00-06:00' over midnight.",
    };
  if (network === undefined) return null;
  const target = parseTarget(network, true);
  return target.ok ? null : { key: 'network', message: target.fault };
}
