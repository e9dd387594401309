import { failure, success, type Outcome } from '../../model/outcome.ts';
import { bounded } from '../../model/text.ts';
import { parseSipUri } from '../../wire/sip/uri.ts';
import { isRecord } from '../json.ts';
import type { Skip, Told } from '../registration.ts';
import type { SourceFault } from '../source.ts';

type Node = Record<string, unknown>;

/** Reads the answer to `ul.dump`: domains of AoRs of contacts, each wrapped in an object that names it. */
export function readDump(text: string): Outcome<(Told | Skip)[], SourceFault> {
  const answer = parse(text);
  const error = answer?.['error'];
  if (isRecord(error)) return failure({ kind: 'denied', detail: bounded(String(error['message']), 200) });
  const result = answer?.['result'];
  if (!isRecord(result)) return failure({ kind: 'not-expected', detail: 'its answer is no JSON-RPC' });
  return success(
    unwrapped(result, 'Domains', 'Domain').flatMap((domain) =>
      unwrapped(domain, 'AoRs', 'Info').flatMap((info) =>
        unwrapped(info, 'Contacts', 'Contact').map((contact) => toldBy(textOf(info, 'AoR') ?? '', contact)),
      ),
    ),
  );
}

function parse(text: string): Node | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** `{ list: [{ item: {…} }, …] }` as the inner objects. */
function unwrapped(node: Node, list: string, item: string): Node[] {
  const values = node[list];
  if (!Array.isArray(values)) return [];
  return (values as unknown[]).flatMap((value) => {
    const inner = isRecord(value) ? value[item] : null;
    return isRecord(inner) ? [inner] : [];
  });
}

/** Its words for a contact that is about to be removed. */
const GONE = ['deleted', 'expired'];

/** `Received` is where the REGISTER came from, told only where the script found NAT; `Socket` tells how it came. */
function toldBy(aor: string, contact: Node): Told | Skip {
  if (GONE.includes(textOf(contact, 'Expires') ?? '')) return 'unregistered';
  const received = parseSipUri(textOf(contact, 'Received') ?? '');
  return {
    aor,
    contact: textOf(contact, 'Address'),
    source: received === null ? null : { address: received.host, port: received.port },
    transport: /^([a-z]+):/i.exec(textOf(contact, 'Socket') ?? '')?.[1] ?? null,
    userAgent: textOf(contact, 'User-Agent'),
    instance: textOf(contact, 'Instance'),
  };
}

/** `[not set]` is how it writes nothing. */
function textOf(node: Node, key: string): string | null {
  const value = node[key];
  return typeof value === 'string' && value !== '' && value !== '[not set]' ? value : null;
}
