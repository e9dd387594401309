import { failure, success, type Outcome } from '../../model/outcome.ts';
import type { Conversation } from '../../platform/ports.ts';
import { createLineReader, type Block, type LineReader } from '../line-reader.ts';
import type { Skip, Told } from '../registration.ts';
import { gather, type Credentials, type SourceFault, type SourceOutcome } from '../source.ts';
import { profileNames, toldByRegistrations } from './xml.ts';

/** All that is ever sent: `auth` with the secret, the list of profiles, the registrations of one profile, `exit`. */
export const COMMANDS = {
  auth: (secret: string) => `auth ${secret}`,
  profiles: () => 'api sofia xmlstatus',
  registrations: (profile: string) => `api sofia xmlstatus profile ${profile} reg`,
  exit: () => 'exit',
} as const;

export const DEFAULT_PORT = 8021;

/** A profile's name comes from the PBX and goes into a command: anything else than a word stays out. */
const PROFILE_NAME = /^[\w.-]{1,64}$/;
/** Most profiles asked: one for each network of the PBX, rarely more than four. */
const MAX_PROFILES = 64;

/** Logs in to the event socket and reads the registrations of every profile. */
export async function readFreeswitch(work: {
  stream: Conversation;
  credentials: Pick<Credentials, 'secret'>;
}): Promise<SourceOutcome> {
  const talk = createTalk(work.stream);
  const login = await logIn(talk, work.credentials.secret);
  if (!login.ok) return login;
  const status = await talk.ask(COMMANDS.profiles());
  if (!status.ok) return status;
  const names = profileNames(status.value);
  if (names === null) return failure({ kind: 'not-expected', detail: 'its list of profiles is no XML' });
  const told: (Told | Skip)[] = [];
  for (const name of names.filter((word) => PROFILE_NAME.test(word)).slice(0, MAX_PROFILES)) {
    const answer = await talk.ask(COMMANDS.registrations(name));
    if (!answer.ok) return answer;
    const listed = toldByRegistrations(answer.value);
    if (listed === null)
      return failure({ kind: 'not-expected', detail: `its registrations of profile ${name} are no XML` });
    told.push(...listed);
  }
  talk.send(COMMANDS.exit());
  return success(gather(told));
}

interface Frame {
  header: Block;
  body: string;
}

interface Talk {
  send(command: string): void;
  next(): Promise<Outcome<Frame, SourceFault>>;
  /** The body of the answer to an `api` command. */
  ask(command: string): Promise<Outcome<string, SourceFault>>;
}

function createTalk(stream: Conversation): Talk {
  const reader = createLineReader(stream);
  const talk: Talk = {
    // A line break in a secret would end the command and begin another.
    send: (command) => stream.send(`${command.replace(/[\u0000-\u001f\u007f]/g, '')}\n\n`),
    next: () => readFrame(reader),
    async ask(command) {
      talk.send(command);
      const frame = await talk.next();
      if (!frame.ok) return frame;
      const { header, body } = frame.value;
      if (header.get('content-type') !== 'api/response') return unexpected(header);
      // Its own word for a command that failed or that the user may not give.
      return body.startsWith('-ERR')
        ? failure({ kind: 'denied', detail: body.slice(0, 200).trim() })
        : success(body);
    },
  };
  return talk;
}

/** Header lines, and as many bytes of body as they say (none where they say nothing). */
async function readFrame(reader: LineReader): Promise<Outcome<Frame, SourceFault>> {
  const header = await reader.block();
  if (!header.ok) return header;
  const length = header.value.get('content-length') ?? '0';
  if (!/^\d{1,10}$/.test(length))
    return failure({ kind: 'not-expected', detail: 'its Content-Length is no number' });
  const body = await reader.text(Number(length));
  return body.ok ? success({ header: header.value, body: body.value }) : body;
}

async function logIn(talk: Talk, secret: string): Promise<Outcome<void, SourceFault>> {
  const greeting = await talk.next();
  if (!greeting.ok) return greeting;
  const { header, body } = greeting.value;
  const kind = header.get('content-type');
  // An address outside the access list of the event socket is turned away before it may log in.
  if (kind === 'text/rude-rejection') return failure({ kind: 'refused', detail: body.slice(0, 200).trim() });
  if (kind !== 'auth/request') return unexpected(header);
  talk.send(COMMANDS.auth(secret));
  const reply = await talk.next();
  if (!reply.ok) return reply;
  const text = reply.value.header.get('reply-text');
  if (text === undefined) return unexpected(reply.value.header);
  return text.startsWith('+OK') ? success(undefined) : failure({ kind: 'refused', detail: text });
}

const unexpected = (header: Block): { ok: false; fault: SourceFault } =>
  failure({ kind: 'not-expected', detail: `it says Content-Type "${header.get('content-type') ?? 'none'}"` });
