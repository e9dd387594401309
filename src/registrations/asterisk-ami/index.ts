import { createHash } from 'node:crypto';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import type { Clock, Conversation } from '../../platform/ports.ts';
import { createLineReader, type Block, type LineReader } from '../line-reader.ts';
import { gather, type Credentials, type SourceFault, type SourceOutcome } from '../source.ts';
import { isRegistered, toldByContact, toldByPeer } from './contacts.ts';

/** All that is ever sent. Each only reads: none makes the PBX send anything to a phone, as a qualify or a notify would. */
export const ACTIONS = [
  'Challenge',
  'Login',
  'PJSIPShowContacts',
  'SIPpeers',
  'SIPshowpeer',
  'Logoff',
] as const;
type Action = (typeof ACTIONS)[number];

export const DEFAULT_PORT = 5038;
export const DEFAULT_TLS_PORT = 5039;

/** Between two questions about single peers: a PBX answers calls on the same processor. */
export const PEER_GAP_MS = 20;

const GREETING = /^Asterisk Call Manager\//;
// AMI has no codes: these texts are its protocol (res/res_pjsip/pjsip_options.c, main/manager.c).
const NO_CONTACTS = /^No Contacts found/i;
const UNKNOWN_ACTION = /^Invalid\/unknown command/i;

/** Reads the contacts of PJSIP and the peers of chan_sip, whichever there is, and logs off. */
export async function readAsterisk(work: {
  stream: Conversation;
  credentials: Credentials;
  clock: Pick<Clock, 'sleep'>;
}): Promise<SourceOutcome> {
  const reader = createLineReader(work.stream);
  const greeting = await reader.line();
  if (!greeting.ok) return greeting;
  if (!GREETING.test(greeting.value))
    return failure({ kind: 'not-expected', detail: `it greets with "${greeting.value.slice(0, 80)}"` });
  const talk = createTalk(work.stream, reader);
  const login = await logIn(talk, work.credentials);
  if (!login.ok) return login;
  const contacts = await list(talk, 'PJSIPShowContacts', ['contactlist', 'contactlistcomplete']);
  if (!contacts.ok) return contacts;
  const peers = await listPeers(talk, work.clock);
  if (!peers.ok) return peers;
  talk.send('Logoff', {});
  if (contacts.value === null && peers.value === null)
    return failure({ kind: 'not-expected', detail: 'it has neither PJSIP nor chan_sip' });
  return success(
    gather([...(contacts.value ?? []).map(toldByContact), ...(peers.value ?? []).map(toldByPeer)]),
  );
}

/** Questions and their answers: packets with another ActionID, such as events, are passed over. */
interface Talk {
  send(action: Action, fields: Readonly<Record<string, string>>): void;
  next(): Promise<Outcome<Block, SourceFault>>;
}

function createTalk(stream: Conversation, reader: LineReader): Talk {
  let count = 0;
  const id = (): string => `sipcensus-${count}`;
  return {
    send(action, fields) {
      count += 1;
      const lines = Object.entries({ Action: action, ActionID: id(), ...fields });
      stream.send(`${lines.map(([key, value]) => `${key}: ${oneLine(value)}`).join('\r\n')}\r\n\r\n`);
    },
    async next() {
      for (;;) {
        const packet = await reader.block();
        if (!packet.ok || packet.value.get('actionid') === id()) return packet;
      }
    },
  };
}

/** No value can become a line, and so an action, of its own. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '');

/** By challenge, so that the secret itself never travels; the hash is what AMI asks for. */
async function logIn(talk: Talk, { user, secret }: Credentials): Promise<Outcome<void, SourceFault>> {
  talk.send('Challenge', { AuthType: 'MD5' });
  const challenge = await talk.next();
  if (!challenge.ok) return challenge;
  const nonce = challenge.value.get('challenge');
  if (nonce === undefined) return refusal('refused', challenge.value);
  const key = createHash('md5').update(`${nonce}${secret}`).digest('hex');
  talk.send('Login', { AuthType: 'MD5', Username: user, Key: key, Events: 'off' });
  const login = await talk.next();
  if (!login.ok) return login;
  return login.value.get('response') === 'Success' ? success(undefined) : refusal('refused', login.value);
}

const refusal = (kind: 'refused' | 'denied', packet: Block): { ok: false; fault: SourceFault } =>
  failure({ kind, detail: packet.get('message') ?? 'without a reason' });

/** The events of one list, up to the one that completes it; null where the PBX does not know the action. */
async function list(
  talk: Talk,
  action: Action,
  [wanted, complete]: readonly [string, string],
): Promise<Outcome<Block[] | null, SourceFault>> {
  talk.send(action, {});
  const events: Block[] = [];
  for (;;) {
    const packet = await talk.next();
    if (!packet.ok) return packet;
    const event = packet.value.get('event')?.toLowerCase();
    if (event === complete) return success(events);
    if (event === wanted) events.push(packet.value);
    if (packet.value.get('response') === 'Error') {
      const message = packet.value.get('message') ?? '';
      if (NO_CONTACTS.test(message)) return success([]);
      return UNKNOWN_ACTION.test(message) ? success(null) : refusal('denied', packet.value);
    }
  }
}

/** The list of peers has no User-Agent: every peer that is registered is asked for. */
async function listPeers(
  talk: Talk,
  clock: Pick<Clock, 'sleep'>,
): Promise<Outcome<{ entry: Block; detail: Block | null }[] | null, SourceFault>> {
  const entries = await list(talk, 'SIPpeers', ['peerentry', 'peerlistcomplete']);
  if (!entries.ok || entries.value === null) return entries as { ok: true; value: null };
  const peers: { entry: Block; detail: Block | null }[] = [];
  for (const entry of entries.value) {
    const name = entry.get('objectname');
    if (name === undefined || !isRegistered(entry)) {
      peers.push({ entry, detail: null });
      continue;
    }
    await clock.sleep(PEER_GAP_MS);
    talk.send('SIPshowpeer', { Peer: name });
    const detail = await talk.next();
    if (!detail.ok) return detail;
    peers.push({ entry, detail: detail.value.get('response') === 'Success' ? detail.value : null });
  }
  return success(peers);
}
