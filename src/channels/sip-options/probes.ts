import type { Endpoint } from '../../model/endpoint.ts';
import { COOKIE_DIGITS } from './cookies.ts';
import { buildProbe, TAG_DIGITS } from './probe.ts';

type From = Parameters<typeof buildProbe>[1];

/** Makes the datagrams of one socket. */
export interface Probes {
  /** The probe for one place. Its bytes are written over by the next one, unless `keep` is called before. */
  of(to: Endpoint, cookie: string): Uint8Array;
  /** The system still holds the bytes made last: the next ones go into a buffer of their own. */
  keep(): void;
}

/** The same message for every address of one length and one port: only some places in it differ. */
interface Template {
  bytes: Buffer;
  addressAt: readonly number[];
  cookieAt: readonly number[];
  tagAt: number;
}

/** Builds one probe for each length of an address and patches it from then on: building anew would take most of a fast sweep. */
export function createProbes(from: From): Probes {
  const templates = new Map<string, Template>();
  let latest: Template | null = null;
  return {
    of(to, cookie) {
      const { address } = to;
      if (address.includes(':')) return buildProbe(to, from, cookie);
      const key = `${address.length} ${to.port}`;
      const template = templates.get(key) ?? createTemplate(to, from);
      templates.set(key, template);
      latest = template;
      const { bytes } = template;
      for (const at of template.addressAt) bytes.write(address, at, 'latin1');
      for (const at of template.cookieAt) bytes.write(cookie, at, 'latin1');
      bytes.write(cookie.slice(-TAG_DIGITS), template.tagAt, 'latin1');
      return bytes;
    },
    keep() {
      if (latest !== null) latest.bytes = Buffer.from(latest.bytes);
    },
  };
}

// Signs that stand nowhere else in a probe.
const ADDRESS_SIGN = '~';
const COOKIE_SIGN = '_';

function createTemplate(to: Endpoint, from: From): Template {
  const address = ADDRESS_SIGN.repeat(to.address.length);
  const cookie = COOKIE_SIGN.repeat(COOKIE_DIGITS);
  const bytes = Buffer.from(buildProbe({ ...to, address }, from, cookie));
  const text = bytes.toString('latin1');
  return {
    bytes,
    addressAt: [...text.matchAll(new RegExp(address, 'g'))].map(({ index }) => index),
    cookieAt: [...text.matchAll(new RegExp(cookie, 'g'))].map(({ index }) => index),
    tagAt: text.indexOf(`;tag=${COOKIE_SIGN}`) + ';tag='.length,
  };
}
