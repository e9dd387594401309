import { bounded } from '../../model/text.ts';

/** Most realms read: one for Basic and one for Digest is what phones send. */
export const MAX_REALMS = 4;
/** Longest realm kept; one with model, firmware and MAC address has 40. */
export const MAX_REALM_LENGTH = 256;

const REALM = /(?:^|[\s,])realm\s{0,8}=\s{0,8}(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]+))/gi;

/** The realms of a WWW-Authenticate value, which may hold several challenges (RFC 9110 11.6.1), each once. */
export function parseRealms(value: string): string[] {
  const realms = new Set<string>();
  for (const [, quoted, bare = ''] of bounded(value).matchAll(REALM)) {
    const realm = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    if (realm !== '' && realms.size < MAX_REALMS) realms.add(bounded(realm, MAX_REALM_LENGTH));
  }
  return [...realms];
}
