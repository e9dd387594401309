import { bounded, printable } from '../model/text.ts';
import { faultOf } from './stream.ts';

/** Why a POST has no answer, closed; `detail` is for people, without any part of the URL but its host. */
export interface PostFault {
  kind:
    | 'unsendable' // no http(s) URL, a login in it, or a header that cannot be sent
    | 'forbidden' // an address that may not be called; nothing was sent
    | 'unreadable' // the file of authorities
    | 'unreachable'
    | 'untrusted' // its certificate, or the lack of one
    | 'timeout'
    | 'aborted'
    | 'broken'; // no HTTP, or it ended too early
  detail: string;
}

/** Code of the error with which the look-up refuses an address. */
export const FORBIDDEN = 'FORBIDDEN';

/** Longest text of the system that is shown. */
const MOST_DETAIL = 300;

/** Codes of Node and OpenSSL. Their messages are not shown: they quote the certificate, which a stranger wrote. */
const TLS_CODE =
  /CERT|TLS|SSL|ISSUER|SIGNATURE|EPROTO|INVALID_(CA|PURPOSE)|HOSTNAME|TOO_(SMALL|WEAK)|CRL|PATH_LENGTH/;

const UNKNOWN_SIGNER = 'nobody that is trusted has signed its certificate; "caFile" can name who has';
const TLS_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_SIGNER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_SIGNER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_SIGNER,
};

/** What the system says of a request that failed, as a fault. */
export function postFaultOf(error: NodeJS.ErrnoException): PostFault {
  const code = error.code ?? '';
  if (code === FORBIDDEN) return { kind: 'forbidden', detail: shown(error.message) };
  if (TLS_CODE.test(code)) return { kind: 'untrusted', detail: TLS_WORDS[code] ?? `no TLS with it: ${code}` };
  if (code.startsWith('HPE_')) return { kind: 'broken', detail: 'it does not answer as HTTP does' };
  const { kind, detail } = faultOf(error);
  return { kind: kind === 'closed' ? 'broken' : 'unreachable', detail: shown(detail) };
}

const shown = (text: string): string => printable(bounded(text, MOST_DETAIL));
