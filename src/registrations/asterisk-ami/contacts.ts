import type { Block } from '../line-reader.ts';
import { readPort, type Skip, type Told } from '../registration.ts';

/**
 * A ContactList event. `Uri` is the contact after the PBX's own NAT rewriting (`rewrite_contact`); `ViaAddr` is what the phone
 * believes of itself, which from behind NAT is an address of another site, and is not read.
 */
export function toldByContact(event: Block): Told | Skip {
  const contact = event.get('uri') ?? '';
  // A contact that never runs out was written in the configuration: a trunk or a gateway, which has not registered.
  if (contact === '' || event.get('expirationtime') === '0') return 'unregistered';
  return {
    // ObjectName is the AOR, `;@` and a hash; an endpoint may have several AORs.
    aor: event.get('objectname')?.split(';@')[0] ?? event.get('endpoint') ?? '',
    contact,
    userAgent: event.get('useragent') ?? null,
  };
}

/** Whether a PeerEntry has registered: `-none-` is how chan_sip writes that it has no address; one that is not dynamic has a fixed one. */
export const isRegistered = (entry: Block): boolean =>
  entry.get('dynamic') !== 'no' && !['', '-none-', '(null)'].includes(entry.get('ipaddress') ?? '');

/** A PeerEntry event with what SIPshowpeer adds to it: the address is where the REGISTER came from. */
export function toldByPeer({ entry, detail }: { entry: Block; detail: Block | null }): Told | Skip {
  if (!isRegistered(entry)) return 'unregistered';
  return {
    aor: entry.get('objectname') ?? '',
    contact: detail?.get('reg-contact') ?? null,
    source: { address: entry.get('ipaddress') ?? '', port: readPort(entry.get('ipport') ?? '') },
    userAgent: detail?.get('sip-useragent') ?? null,
  };
}
