/** What one syslog message says, taken apart by the grammar of RFC 5424 section 6 and nothing looser. */
export interface ParsedSyslog {
  facility: number;
  severity: number;
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  /** Parameters by SD-ID, their escapes undone. */
  data: Record<string, Record<string, string>>;
  text: string;
}

const decode = (octets: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);

/** Reads one octet after the other; throws, naming the place, where the ABNF does not hold. */
class Octets {
  #at = 0;
  readonly #octets: Uint8Array;
  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }
  fail(wanted: string): never {
    throw new Error(
      `octet ${this.#at}: ${wanted}, and not ${JSON.stringify(String.fromCharCode(this.next()))}`,
    );
  }
  next(): number {
    return this.#octets[this.#at] ?? -1;
  }
  isNext(character: string): boolean {
    return this.next() === character.charCodeAt(0);
  }
  take(character: string): void {
    if (!this.isNext(character)) this.fail(JSON.stringify(character));
    this.#at += 1;
  }
  /** `least*most` octets for which `isAllowed`. */
  run(name: string, least: number, most: number, isAllowed: (octet: number) => boolean): Uint8Array {
    const from = this.#at;
    while (this.#at - from < most && isAllowed(this.next())) this.#at += 1;
    if (this.#at - from < least) this.fail(name);
    return this.#octets.slice(from, this.#at);
  }
  rest(): Uint8Array {
    const from = this.#at;
    this.#at = this.#octets.length;
    return this.#octets.slice(from);
  }
}

const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39;
// PRINTUSASCII = %d33-126
const isPrintable = (octet: number): boolean => octet >= 33 && octet <= 126;
// SD-NAME = 1*32PRINTUSASCII, except '=', SP, ']', %d34 (")
const isName = (octet: number): boolean =>
  isPrintable(octet) && !['=', ']', '"'].includes(String.fromCharCode(octet));

export function parseSyslog(message: Uint8Array): ParsedSyslog {
  const octets = new Octets(message);
  const field = (name: string, most: number): string => {
    octets.take(' ');
    return decode(octets.run(name, 1, most, isPrintable));
  };
  octets.take('<');
  const digits = decode(octets.run('PRIVAL', 1, 3, isDigit));
  const priority = Number(digits);
  if (priority > 191 || String(priority) !== digits) throw new Error(`PRIVAL ${digits}`);
  octets.take('>');
  octets.take('1');
  const timestamp = field('TIMESTAMP', 32);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.test(timestamp))
    throw new Error(timestamp);
  const header = {
    facility: priority >> 3,
    severity: priority & 7,
    timestamp,
    hostname: field('HOSTNAME', 255),
    appName: field('APP-NAME', 48),
    procId: field('PROCID', 128),
    msgId: field('MSGID', 32),
  };
  octets.take(' ');
  const data = structuredData(octets);
  return { ...header, data, text: octets.next() === -1 ? '' : text(octets) };
}

// STRUCTURED-DATA = NILVALUE / 1*SD-ELEMENT
function structuredData(octets: Octets): ParsedSyslog['data'] {
  const data: ParsedSyslog['data'] = {};
  if (octets.isNext('-')) {
    octets.take('-');
    return data;
  }
  do {
    octets.take('[');
    const id = sdId(octets);
    if (id in data) throw new Error(`SD-ID ${id} stands twice`);
    const parameters: Record<string, string> = {};
    while (octets.isNext(' ')) {
      octets.take(' ');
      const name = decode(octets.run('PARAM-NAME', 1, 32, isName));
      octets.take('=');
      octets.take('"');
      parameters[name] = parameterValue(octets);
      octets.take('"');
    }
    octets.take(']');
    data[id] = parameters;
  } while (octets.isNext('['));
  return data;
}

/** Section 6.3.2: registered with IANA, or `name@<private enterprise number>`. */
function sdId(octets: Octets): string {
  const id = decode(octets.run('SD-ID', 1, 32, isName));
  if (!/^[^@]+@\d+(\.\d+)*$/.test(id) && !['timeQuality', 'origin', 'meta'].includes(id))
    throw new Error(`SD-ID ${id}`);
  return id;
}

/** Section 6.3.3: `"`, `\` and `]` escaped, and no other character. */
function parameterValue(octets: Octets): string {
  const parts: Uint8Array[] = [];
  const special = ['"', '\\', ']'];
  while (!octets.isNext('"')) {
    if (octets.isNext('\\')) {
      octets.take('\\');
      parts.push(octets.run('an escape', 1, 1, (octet) => special.includes(String.fromCharCode(octet))));
    } else {
      parts.push(
        octets.run(
          'PARAM-VALUE',
          1,
          Infinity,
          (octet) => octet !== -1 && !special.includes(String.fromCharCode(octet)),
        ),
      );
    }
  }
  const value = decode(Buffer.concat(parts));
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new Error('a control character in PARAM-VALUE');
  return value;
}

/** MSG-UTF8 = BOM UTF-8-STRING; section 6.4 asks to avoid control characters. */
function text(octets: Octets): string {
  octets.take(' ');
  for (const octet of [0xef, 0xbb, 0xbf]) octets.run('BOM', 1, 1, (next) => next === octet);
  const said = decode(octets.rest());
  if (/[\u0000-\u001f\u007f]/.test(said)) throw new Error('a control character in MSG');
  return said;
}

/** Takes octet-counted frames apart (RFC 6587 section 3.4.1, RFC 5425 section 4.3). */
export function unframe(stream: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let rest = stream; rest.length > 0;) {
    const length = /^([1-9]\d{0,4}) /.exec(decode(rest.slice(0, 6).filter((octet) => octet < 0x80)))?.[1];
    if (length === undefined) throw new Error('no MSG-LEN');
    const from = length.length + 1;
    const until = from + Number(length);
    if (until > rest.length) throw new Error(`a frame of ${length} octets with ${rest.length - from}`);
    messages.push(rest.slice(from, until));
    rest = rest.slice(until);
  }
  return messages;
}
