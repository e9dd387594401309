import { printable } from '../../../model/text.ts';

/** Numerical codes of RFC 5424 section 6.2.1, of those that are not the system's own. */
export const FACILITIES = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
export type Facility = keyof typeof FACILITIES;

/** One syslog message before it is written down. */
export interface SyslogRecord {
  facility: Facility;
  /** 0 to 7, the worst first: RFC 5424 section 6.2.1. */
  severity: number;
  /** RFC 3339 in UTC, with milliseconds. */
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  /** Name and parameters of the one element of structured data; those that are null are left out. */
  sdId: string;
  parameters: Readonly<Record<string, string | null>>;
  text: string;
}

/** Most octets of one parameter's value: a dozen of them and the longest header leave text its place in 2,048. */
export const MOST_VALUE_OCTETS = 112;

const BOM = '\ufeff';
const CUT = '…';

/**
 * Writes a record down as RFC 5424 section 6 says, in at most so many octets. Strangers' text may be longer than any bound: values are cut
 * to theirs and the text to what is left, never the structure.
 */
export function formatRecord(record: SyslogRecord, mostOctets: number): Uint8Array {
  const { facility, severity, timestamp, hostname, appName, procId, msgId } = record;
  const priority = FACILITIES[facility] * 8 + severity;
  const head = [
    `<${priority}>1 ${timestamp}`,
    word(hostname, 255),
    word(appName, 48),
    word(procId, 128),
    word(msgId, 32),
    element(record),
    BOM,
  ].join(' ');
  return Buffer.from(head + fit(printable(record.text), mostOctets - Buffer.byteLength(head)));
}

/** A header field: printable US-ASCII without spaces, so many at most, and `-` for nothing. */
const word = (text: string, most: number): string => text.replace(/[^!-~]/g, '').slice(0, most) || '-';

function element({ sdId, parameters }: SyslogRecord): string {
  const written = Object.entries(parameters).map(([name, value]) =>
    value === null ? '' : ` ${name}="${fit(printable(value), MOST_VALUE_OCTETS, escapeUnit)}"`,
  );
  return `[${sdId}${written.join('')}]`;
}

/** Section 6.3.3: these three must be escaped, and nothing else may be. */
const escapeUnit = (unit: string): string => (/["\\\]]/.test(unit) ? `\\${unit}` : unit);

/** A text in at most so many octets of UTF-8; a cut shows, and splits neither a character nor an escape. Half a character becomes U+FFFD. */
function fit(text: string, most: number, write: (unit: string) => string = String): string {
  let kept = '';
  let octets = 0;
  let whenCut = '';
  for (const unit of text) {
    const written = write(unit);
    octets += Buffer.byteLength(written);
    if (octets > most) return whenCut + CUT;
    kept += written;
    if (octets <= most - Buffer.byteLength(CUT)) whenCut = kept;
  }
  return kept;
}
