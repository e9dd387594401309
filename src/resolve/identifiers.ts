import type { Fact, Field } from '../model/fact.ts';
import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind } from '../model/identifier.ts';
import type { Identity } from '../model/identity.ts';

/** What names a device by itself, taken as it stands; the rest is for rules to find. */
const NAMING: Readonly<Partial<Record<Field, IdentifierKind>>> = {
  'sip.instance': 'instance', // RFC 5626 4.1: the same over reboots, another for every UA
  'ssdp.usn': 'usn', // UPnP Device Architecture 1.1, 1.1.4: the uuid of a device stays
};

/** By what a speaker can be known again, the surest first. A serial number says something only beside its vendor. */
export function identifiersIn(
  facts: readonly Fact[],
  { mac, serial, vendor }: Partial<Identity>,
): Identifier[] {
  const found: Identifier[] = [];
  if (mac !== undefined) found.push({ kind: 'mac', value: mac });
  if (serial !== undefined && vendor !== undefined)
    found.push({ kind: 'serial', value: `${vendor} ${serial}` });
  for (const { field, value } of facts) {
    const kind = NAMING[field];
    if (kind !== undefined && !isNobody(value)) found.push({ kind, value: value.toLowerCase() });
  }
  return found.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ kind }: Identifier): number => IDENTIFIER_KINDS.indexOf(kind);

/** A UUID of nothing but zeros, or of one digit, is a placeholder. No single pattern: a stranger's text would take it forever. */
const isNobody = (value: string): boolean =>
  new Set(
    value
      .toLowerCase()
      .replace(/urn|uuid/g, '')
      .replace(/[^0-9a-f]/g, ''),
  ).size === 1;
