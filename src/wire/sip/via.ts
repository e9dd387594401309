import { indexOutside, trimBlanks } from './grammar.ts';
import { parseParameters } from './params.ts';
import { parseHostPort, type HostPort } from './uri.ts';

/** One Via (RFC 3261 20.42). */
export interface Via {
  /** `SIP/2.0`. */
  protocol: string;
  /** `UDP`, in upper case. */
  transport: string;
  /** Null where it is no host: a damaged Via still carries its branch home. */
  sentBy: HostPort | null;
  /** `branch`, `received`, `rport` ('' where it has no value) and others. */
  params: Map<string, string>;
}

// Blanks may stand around the slashes (RFC 4475 3.1.1.1).
const PROTOCOL = /^[ \t]*([^ \t/]+)[ \t]*\/[ \t]*([^ \t/]+)[ \t]*\/[ \t]*([^ \t/]+)(.*)$/s;

/** Reads a Via header value, of several in one field the top one; null when it does not begin with protocol and transport. */
export function parseVia(value: string): Via | null {
  const top = value.slice(0, indexOutside(value, ','));
  const end = indexOutside(top, ';');
  const [, name, version, transport, sentBy] = PROTOCOL.exec(top.slice(0, end)) ?? [];
  if (name === undefined || version === undefined || transport === undefined) return null;
  return {
    protocol: `${name}/${version}`,
    transport: transport.toUpperCase(),
    sentBy: parseHostPort(trimBlanks(sentBy ?? '')),
    params: parseParameters(top.slice(end)),
  };
}
