/** A mail taken apart, as a program that shows it does. */
export interface ReadMail {
  /** Every header field in its order: name in lower case, value unfolded and decoded. */
  fields: readonly (readonly [name: string, value: string])[];
  header: (name: string) => string | null;
  text: string;
  html: string;
}

/** Reads a multipart/alternative mail of two parts (RFC 5322, 2045-2047); throws for anything else. */
export function readMail(raw: string): ReadMail {
  const { fields, body } = split(raw);
  const header = (name: string): string | null => valueOf(fields, name);
  const boundary = /^multipart\/alternative;.*boundary="([^"]+)"/s.exec(header('content-type') ?? '')?.[1];
  if (boundary === undefined) throw new Error(`not two parts: ${header('content-type') ?? ''}`);
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1).map(readPart);
  const [text, html] = parts;
  if (text?.type !== 'text/plain' || html?.type !== 'text/html' || parts.length !== 2)
    throw new Error(`parts are ${parts.map(({ type }) => type).join(', ')}`);
  return { fields, header, text: text.content, html: html.content };
}

type Fields = readonly (readonly [string, string])[];

function split(raw: string): { fields: Fields; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const fields = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      if (!/^[\x21-\x39\x3b-\x7e]+:/.test(line)) throw new Error(`no header field: ${line}`);
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())] as const;
    });
  return { fields, body: raw.slice(end + 4) };
}

const valueOf = (fields: Fields, name: string): string | null =>
  fields.find(([own]) => own === name)?.[1] ?? null;

function readPart(raw: string): { type: string; content: string } {
  const { fields, body } = split(raw.replace(/^\r\n/, ''));
  const bytes =
    valueOf(fields, 'content-transfer-encoding') === 'base64'
      ? Buffer.from(body, 'base64')
      : valueOf(fields, 'content-transfer-encoding') === 'quoted-printable'
        ? unquote(body.replace(/=[ \t]*\r\n/g, ''))
        : Buffer.from(body);
  return {
    type: (valueOf(fields, 'content-type') ?? '').split(';')[0] ?? '',
    content: bytes.toString('utf8').replaceAll('\r\n', '\n'),
  };
}

const unquote = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2047: the white space between two encoded words is none of the text. */
const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, how, coded]) =>
          how?.toLowerCase() === 'b' ? Buffer.from(coded!, 'base64') : unquote(coded!.replaceAll('_', ' ')),
        ),
      ).toString('utf8'),
    );
