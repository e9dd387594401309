import { XMLParser } from 'fast-xml-parser';
import { isRecord } from '../json.ts';
import { readPort, type Skip, type Told } from '../registration.ts';

// Entities stay as they are: a document may not define any, and the five of XML itself are put in their place below.
const parser = new XMLParser({
  processEntities: false,
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (name) => name === 'registration' || name === 'profile',
});

/** Names of the running profiles in `sofia xmlstatus`; aliases, which name a profile once more, are elements of another name. */
export function profileNames(xml: string): string[] | null {
  const profiles = child(parse(xml), 'profiles');
  if (profiles === null) return null;
  return listOf(profiles, 'profile').flatMap((profile) => textOf(profile, 'name') ?? []);
}

/** The registrations in `sofia xmlstatus profile NAME reg`; null when the text is something else. */
export function toldByRegistrations(xml: string): (Told | Skip)[] | null {
  const document = parse(xml);
  const holder = listOf(document, 'profile')[0] ?? document;
  // An empty element is an empty text to the parser: a profile on which nobody is registered.
  if (holder === null || !('registrations' in holder)) return null;
  return listOf(child(holder, 'registrations'), 'registration').map(toldBy);
}

type Node = Record<string, unknown>;

/** `network-ip` and `network-port` are where the REGISTER came from; the contact may be what a phone behind NAT believes. */
function toldBy(registration: Node): Told | Skip {
  const status = textOf(registration, 'status') ?? '';
  if (!/^Registered/i.test(status)) return 'unregistered';
  const address = textOf(registration, 'network-ip') ?? '';
  return {
    aor: textOf(registration, 'user') ?? '',
    contact: textOf(registration, 'contact'),
    source: address === '' ? null : { address, port: readPort(textOf(registration, 'network-port') ?? '') },
    userAgent: textOf(registration, 'agent'),
  };
}

function parse(xml: string): Node | null {
  try {
    const document: unknown = parser.parse(xml);
    return isRecord(document) ? document : null;
  } catch {
    return null;
  }
}

function child(node: Node | null, name: string): Node | null {
  const value = node?.[name];
  return isRecord(value) ? value : value === '' ? {} : null;
}

function listOf(node: Node | null, name: string): Node[] {
  const value = node?.[name];
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
}

function textOf(node: Node, name: string): string | null {
  const value = node[name];
  return typeof value === 'string' && value !== '' ? decodeXml(value) : null;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** In one pass: what `&amp;lt;` stands for is `&lt;`, and no bracket. */
const decodeXml = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
