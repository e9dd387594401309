import type { Static } from 'typebox';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { sendMail, type MailFault, type MailFaultKind, type MailServer } from '../../../platform/mail.ts';
import { TIMEOUT_MS, type DeliveryFault, type Sink, type SinkContext } from '../../sink.ts';
import { config } from './config.ts';
import { mailOf } from './mail-of.ts';

type Settings = Static<typeof config>;

/** Sends each message as one mail, in text and HTML, to all addresses of its configuration. */
export const email: Sink<typeof config> = {
  name: 'email',
  config,
  deliver: async (message, context) => {
    const login = loginOf(context);
    if (!login.ok) return login;
    const { host, security, caFile = null, port = PORTS[security] } = context.config;
    const server: MailServer = { host, port, security, login: login.value, caFile, timeoutMs: TIMEOUT_MS };
    const sent = await sendMail(server, mailOf(message, context.config), context.signal);
    return sent.ok ? sent : failure(faultOf(sent.fault));
  },
};

/** RFC 6409 (submission), RFC 8314 3.3 (submission inside TLS), RFC 5321 4.5.4.2 (a relay). */
const PORTS: Readonly<Record<Settings['security'], number>> = { starttls: 587, tls: 465, none: 25 };

function loginOf(context: SinkContext<Settings>): Outcome<MailServer['login'], DeliveryFault> {
  const { host, security, user, password } = context.config;
  if (user === undefined || password === undefined) return success(null);
  if (security === 'none' && !isThisHost(host))
    return failure({
      reason: 'auth',
      retry: false,
      detail: 'without TLS a password is sent to 127.0.0.1 and ::1 alone',
    });
  const read = context.secret(password);
  return read.ok ? success({ user, password: read.value }) : read;
}

/** By address: `localhost` is looked up like any other name, and a resolver may say what it likes. */
const isThisHost = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1)$/.test(host);

/** A certificate that is refused may be renewed tonight; a password that is refused needs a person. */
const FAULTS: Readonly<Record<MailFaultKind, Pick<DeliveryFault, 'reason' | 'retry'>>> = {
  auth: { reason: 'auth', retry: false },
  rejected: { reason: 'rejected', retry: false },
  deferred: { reason: 'rejected', retry: true },
  timeout: { reason: 'timeout', retry: true },
  network: { reason: 'network', retry: true },
  tls: { reason: 'network', retry: true },
  aborted: { reason: 'aborted', retry: true },
};

const faultOf = ({ kind, detail }: MailFault): DeliveryFault => ({ ...FAULTS[kind], detail });
