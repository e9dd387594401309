import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import { bounded } from '../../model/text.ts';
import { isToken, trimBlanks } from './grammar.ts';
import { decodeUtf8 } from './utf8.ts';

/** Most payload names told of one body. */
export const MAX_CODECS = 32;

/** Audio payload types with a number of their own (RFC 3551 table 4). What is missing is reserved or has no name. */
const STATIC_PAYLOADS: ReadonlyMap<string, string> = new Map([
  ['0', 'PCMU'],
  ['3', 'GSM'],
  ['4', 'G723'],
  ['5', 'DVI4'],
  ['6', 'DVI4'],
  ['7', 'LPC'],
  ['8', 'PCMA'],
  ['9', 'G722'],
  ['10', 'L16'],
  ['11', 'L16'],
  ['12', 'QCELP'],
  ['13', 'CN'],
  ['14', 'MPA'],
  ['15', 'G728'],
  ['16', 'DVI4'],
  ['17', 'DVI4'],
  ['18', 'G729'],
]);

const RTPMAP = /^a=rtpmap:[ \t]*(\d{1,3})[ \t]+([^ \t/\r]+)/;

/**
 * Payload names of the audio lines of an SDP body, in the order offered and without repeats; [] when it is no SDP. Port 0 counts:
 * an answer to OPTIONS is written so (RFC 3264 9). An rtpmap names any number, RFC 3551 those without one; others have no name.
 */
export function audioCodecs(body: Uint8Array): readonly string[] {
  const names = sdpText(body)
    .split('\nm=')
    .slice(1)
    .filter((media) => media.startsWith('audio '))
    .flatMap(payloadNames);
  return [...new Set(names)].slice(0, MAX_CODECS);
}

/** Who wrote an SDP body: the user name of its o= line, `-` left out (RFC 4566 5.2), and the session name of s=; null for none. */
export function sdpNames(body: Uint8Array): { origin: string | null; session: string | null } {
  const [description = ''] = sdpText(body).split('\nm=');
  const value = (letter: string): string =>
    trimBlanks(description.split(`\n${letter}=`)[1]?.split(/\r?\n/)[0] ?? '');
  const named = (text: string): string | null => (text === '' || text === '-' ? null : bounded(text));
  return { origin: named(value('o').split(' ')[0] ?? ''), session: named(value('s')) };
}

/** '' when it is no SDP. */
function sdpText(body: Uint8Array): string {
  const text = decodeUtf8(body.subarray(0, MAX_RAW_BYTES));
  return text.startsWith('v=') ? text : '';
}

/** Names of one media description: `audio 0 RTP/AVP 18 0`, then its attributes. */
function payloadNames(media: string): string[] {
  const [mediaLine = '', ...attributes] = media.split('\n');
  const named = new Map(attributes.flatMap(readRtpmap));
  const [, , , ...payloads] = trimBlanks(mediaLine).split(/[ \t]+/);
  return payloads.flatMap((payload) => named.get(payload) ?? STATIC_PAYLOADS.get(payload) ?? []);
}

function readRtpmap(line: string): [string, string][] {
  const [, payload, name] = RTPMAP.exec(line) ?? [];
  return payload === undefined || name === undefined || !isToken(name) ? [] : [[payload, name]];
}
