import { readFileSync } from 'node:fs';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { bounded, printable } from '../model/text.ts';
import { fileTrouble } from './files.ts';

/** `starttls`: TLS on a connection that begins in plain text, required (RFC 3207); `tls`: from the first byte (RFC 8314 3.3). */
export type MailSecurity = 'starttls' | 'tls' | 'none';

export interface MailServer {
  /** Name or address; the certificate must be of it. */
  host: string;
  port: number;
  security: MailSecurity;
  /** Null for a server that asks for none. */
  login: { user: string; password: string } | null;
  /** PEM file of the only authorities to trust; null for those of the system. */
  caFile: string | null;
  /** Longest time for all of it, in milliseconds. */
  timeoutMs: number;
}

export interface Mail {
  /** `alerts@example.nl`, shown with `name`. */
  from: { name: string; address: string };
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** `<17@example.nl>`. */
  messageId: string;
  /** The message that all mails of one thread refer to, as `messageId` is written. */
  thread: string;
  headers: Readonly<Record<string, string>>;
}

/** `deferred`: refused for now (a 4xx reply), `rejected`: for good; both also where some of the recipients have it. */
export type MailFaultKind = 'auth' | 'rejected' | 'deferred' | 'timeout' | 'network' | 'tls' | 'aborted';

export interface MailFault {
  kind: MailFaultKind;
  /** For people, bounded and on one line; never the password. */
  detail: string;
}

type Sent = Outcome<void, MailFault>;

/** Hands one mail to one server over a connection of its own, which is closed afterwards. Never throws. */
export async function sendMail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<Sent> {
  const trust = trustOf(server.caFile);
  if (!trust.ok) return trust;
  // Not at the top: it takes a tenth of a second to load, at every start of the program that sends no mail.
  const { createTransport } = await import('nodemailer');
  const either = AbortSignal.any([signal, AbortSignal.timeout(server.timeoutMs)]);
  const transport = createTransport(optionsFor(server, trust.value));
  try {
    const { thread, at, to, headers, ...fields } = mail;
    const { rejectedErrors = [] } = await transport.sendMail({
      ...fields,
      to: [...to],
      headers: { ...headers },
      date: new Date(at),
      inReplyTo: thread,
      references: thread,
      signal: either,
    });
    return rejectedErrors.length === 0 ? success(undefined) : failure(partly(rejectedErrors, to));
  } catch (error) {
    return failure(either.aborted ? abortFault(either.reason) : faultOf(error as SmtpError));
  } finally {
    transport.close();
  }
}

function optionsFor({ host, port, security, login, timeoutMs }: MailServer, ca: string | null) {
  return {
    host,
    port,
    secure: security === 'tls',
    // Else what a stranger on the way strips from the greeting would make it fall back to plain text.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    tls: {
      minVersion: 'TLSv1.2' as const,
      // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot take it away.
      rejectUnauthorized: true,
      ...(ca === null ? {} : { ca }),
    },
    // A text can be no more than text: never a path or a URL to read from.
    disableFileAccess: true,
    disableUrlAccess: true,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: 1000,
    maxResponseSize: 64 * 1024,
  };
}

function trustOf(caFile: string | null): Outcome<string | null, MailFault> {
  if (caFile === null) return success(null);
  try {
    return success(readFileSync(caFile, 'utf8'));
  } catch (error) {
    return failure({ kind: 'tls', detail: line(`${caFile} cannot be read: ${fileTrouble(error)}`) });
  }
}

interface SmtpError extends Error {
  /** nodemailer's; the system's or the TLS library's own is `originalCode`. */
  code?: string | undefined;
  originalCode?: string | undefined;
  responseCode?: number | undefined;
  recipient?: string | undefined;
}

function faultOf(error: SmtpError): MailFault {
  const kind = kindOf(error);
  // A server may repeat what it was sent, and here that was the password.
  const detail =
    kind === 'auth'
      ? `the server refuses user or password (${error.responseCode ?? 'no reply'})`
      : error.message;
  return { kind, detail: line(detail) };
}

/** Replies of RFC 4954 6 that ask for another login, wherever they come. */
const AUTH_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

function kindOf({ code, originalCode, responseCode }: SmtpError): MailFaultKind {
  if (responseCode !== undefined && AUTH_REPLIES.has(responseCode)) return 'auth';
  if (code === 'ETLS' || isTlsCode(originalCode)) return 'tls';
  // RFC 5321 4.2.1: 4yz may be tried again, 5yz may not.
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) return 'deferred';
  if (code === 'EAUTH') return 'auth';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (responseCode !== undefined && responseCode >= 500) return 'rejected';
  return code === 'EENVELOPE' || code === 'EMESSAGE' ? 'rejected' : 'network';
}

/** CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID and all their like have an underscore, ECONNREFUSED and its like have none. */
const isTlsCode = (code: string | undefined): boolean =>
  code !== undefined && (code === 'EPROTO' || (code.includes('_') && !code.startsWith('EAI_')));

/** Some have it; with a repeat they get it twice, under the same Message-ID. It may be tried again where one of the others was refused for now. */
function partly(errors: readonly SmtpError[], to: readonly string[]): MailFault {
  const isDeferred = errors.some((error) => kindOf(error) === 'deferred');
  const refused = errors.map(({ recipient, responseCode }) => `${recipient ?? '?'} (${responseCode ?? '?'})`);
  return {
    kind: isDeferred ? 'deferred' : 'rejected',
    detail: line(`refused for ${errors.length} of ${to.length} recipients: ${refused.join(', ')}`),
  };
}

const abortFault = (reason: unknown): MailFault =>
  reason instanceof Error && reason.name === 'TimeoutError'
    ? { kind: 'timeout', detail: 'the server took too long' }
    : { kind: 'aborted', detail: 'interrupted' };

const MOST_DETAIL = 200;
const line = (text: string): string => printable(bounded(text, MOST_DETAIL));
