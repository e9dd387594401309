import { XMLParser } from 'fast-xml-parser';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import { bounded } from '../../model/text.ts';

/** Longest description read; real ones have 2 to 20 KiB. */
export const MAX_DESCRIPTION_BYTES = 256 * 1024;
/** Most tags read: real descriptions have at most some hundred, and it is tags that cost time. */
export const MAX_TAGS = 4096;
/** Most devices kept of one description, the root device first; the deepest that is known, an internet gateway, has four. */
export const MAX_DEVICES = 16;
// An internet gateway's are 9 deep; each embedded device adds two.
const MAX_DEPTH = 32;

/** What each device of a description may say of itself (UPnP Device Architecture 1.1, section 2.3). */
const ELEMENTS = {
  deviceType: 'deviceType',
  friendlyName: 'friendlyName',
  manufacturer: 'manufacturer',
  modelName: 'modelName',
  modelNumber: 'modelNumber',
  modelDescription: 'modelDescription',
  serialNumber: 'serialNumber',
  udn: 'UDN',
} as const;

/** One device of a description; null is what it does not say. */
export type UpnpDevice = Record<keyof typeof ELEMENTS, string | null>;

/** Why bytes are no description, closed. */
export type DescriptionFault =
  | 'too-large' // more bytes or tags than are read
  | 'doctype' // UPnP knows none, and entities come with it
  | 'not-xml'
  | 'no-device'; // XML of something else

// `processEntities: false`: nothing is expanded, nothing is fetched, whatever the document declares.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
  parseTagValue: false,
  processEntities: false,
  removeNSPrefix: true,
});
const decoder = new TextDecoder('utf-8');

/**
 * Reads a device description: its root device, then those embedded in it, level by level. Total and bounded: any bytes give devices or
 * a fault. Whatever encoding the document names, it is read as UTF-8, so that the parser sees what was looked at before.
 */
export function parseDescription(bytes: Uint8Array): Outcome<UpnpDevice[], DescriptionFault> {
  if (bytes.length > MAX_DESCRIPTION_BYTES) return failure('too-large');
  const text = decoder.decode(bytes);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return failure('doctype');
  if (text.split('<', MAX_TAGS + 2).length > MAX_TAGS + 1) return failure('too-large');
  const document = parseXml(text);
  if (document === null) return failure('not-xml');
  const devices = devicesOf(child(document, 'root')[0]);
  return devices.length === 0 ? failure('no-device') : success(devices);
}

function parseXml(text: string): unknown {
  try {
    return parser.parse(text);
  } catch {
    return null;
  }
}

function devicesOf(root: unknown): UpnpDevice[] {
  const found = child(root, 'device').slice(0, MAX_DEVICES);
  // Grows while it is walked: embedded devices queue up behind those around them.
  for (const device of found)
    for (const list of child(device, 'deviceList'))
      found.push(...child(list, 'device').slice(0, MAX_DEVICES - found.length));
  return found.map(readDevice);
}

const readDevice = (node: unknown): UpnpDevice => {
  const entries = Object.entries(ELEMENTS).map(([key, element]) => [key, textOf(child(node, element)[0])]);
  return Object.fromEntries(entries) as UpnpDevice;
};

/** The elements of that name in an element; the parser makes a list of several, and a value of one. */
function child(node: unknown, name: string): unknown[] {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return [];
  const value = (node as Record<string, unknown>)[name];
  return Array.isArray(value) ? value : [value];
}

function textOf(node: unknown): string | null {
  const text = typeof node === 'string' ? node : child(node, '#text')[0];
  return typeof text !== 'string' || text === '' ? null : bounded(withoutReferences(text));
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five references that every XML has (XML 1.0, 4.6), read once: the result is never longer than the text. */
const withoutReferences = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => PREDEFINED[name] ?? '');
