import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { systemClock } from '../../src/platform/clock.ts';
import { openConversation } from '../../src/platform/stream.ts';
import { ACTIONS, readAsterisk } from '../../src/registrations/asterisk-ami/index.ts';
import type { SourceOutcome } from '../../src/registrations/source.ts';
import { asteriskOf, contact, contactList, LIST_START, streamOf, type AmiSite, type Peer } from './peers.ts';

const CREDENTIALS = { user: 'sipcensus', secret: 'geheim' };
const peers: Peer[] = [];
afterEach(() => peers.splice(0).forEach((peer) => peer.close()));

async function read(
  answers: AmiSite['answers'],
  credentials = CREDENTIALS,
): Promise<{ outcome: SourceOutcome; heard: string[] }> {
  const peer = await asteriskOf({ answers });
  peers.push(peer);
  const stream = await openConversation({
    host: '127.0.0.1',
    port: peer.port,
    tls: false,
    silenceMs: 10_000,
    signal: new AbortController().signal,
  });
  if (!stream.ok) throw new Error(stream.fault.detail);
  const outcome = await readAsterisk({ stream: stream.value, credentials, clock: systemClock });
  // The last word is on its way when the answer is there.
  await systemClock.sleep(20);
  stream.value.close();
  return { outcome, heard: peer.heard };
}
const actionsOf = (heard: readonly string[]): string[] =>
  heard.map((text) => /^Action: (.*)$/m.exec(text)?.[1]?.trim() ?? '');

const PEER_ENTRIES = [
  LIST_START,
  {
    Event: 'PeerEntry',
    Channeltype: 'SIP',
    ObjectName: '2001',
    ChanObjectType: 'peer',
    IPaddress: '127.94.0.30',
    IPport: '5068',
    Dynamic: 'yes',
    Status: 'OK (12 ms)',
  },
  {
    Event: 'PeerEntry',
    Channeltype: 'SIP',
    ObjectName: '2002',
    ChanObjectType: 'peer',
    IPaddress: '-none-',
    IPport: '0',
    Dynamic: 'yes',
    Status: 'UNKNOWN',
  },
  {
    Event: 'PeerEntry',
    Channeltype: 'SIP',
    ObjectName: 'trunk',
    ChanObjectType: 'peer',
    IPaddress: '192.0.2.77',
    IPport: '5060',
    Dynamic: 'no',
    Status: 'Unmonitored',
  },
  { Event: 'PeerlistComplete', EventList: 'Complete', ListItems: '3' },
];
const SHOWN = {
  Response: 'Success',
  Channeltype: 'SIP',
  ObjectName: '2001',
  'SIP-Useragent': 'Grandstream GXP2170 1.0.11.64',
  'Reg-Contact': 'sip:2001@127.94.0.30:5068',
  'Address-IP': '127.94.0.30',
  'Address-Port': '5068',
};

describe('Asterisk over AMI, an exchange recorded from the facts (Debian has no Asterisk)', () => {
  it('gives every contact of PJSIP by the address that the PBX sends to', async () => {
    const { outcome } = await read({
      PJSIPShowContacts: contactList(
        contact(),
        contact({
          ObjectName: '1002;@00',
          Uri: 'sip:1002@[fd00::7]:5061;transport=tls',
          UserAgent: 'snomD785/10.1.84.12',
        }),
      ),
    });
    expect(outcome).toEqual({
      ok: true,
      value: {
        registrations: [
          {
            address: '127.94.0.10',
            port: 5062,
            transport: 'udp',
            userAgent: 'Yealink SIP-T46S 66.84.0.15',
            mac: null,
            instance: null,
            aor: '1001',
          },
          {
            address: 'fd00::7',
            port: 5061,
            transport: 'tls',
            userAgent: 'snomD785/10.1.84.12',
            mac: null,
            instance: null,
            aor: '1002',
          },
        ],
        skipped: {},
      },
    });
  });

  it('leaves out contacts that were written by hand, which nobody has registered', async () => {
    const { outcome } = await read({
      PJSIPShowContacts: contactList(contact({ ExpirationTime: '0', UserAgent: '' })),
    });
    expect(outcome).toMatchObject({ ok: true, value: { registrations: [], skipped: { unregistered: 1 } } });
  });

  it('takes "No Contacts found" for an empty list, which it is', async () => {
    const { outcome } = await read({
      PJSIPShowContacts: [{ Response: 'Error', Message: 'No Contacts found' }],
    });
    expect(outcome).toEqual({ ok: true, value: { registrations: [], skipped: {} } });
  });

  it('gives the peers of chan_sip, asking for the User-Agent of each that is registered and of no other', async () => {
    const { outcome, heard } = await read({ SIPpeers: PEER_ENTRIES, 'SIPshowpeer 2001': [SHOWN] });
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        registrations: [
          {
            address: '127.94.0.30',
            port: 5068,
            transport: 'udp',
            userAgent: 'Grandstream GXP2170 1.0.11.64',
            aor: '2001',
          },
        ],
        skipped: { unregistered: 2 },
      },
    });
    expect(actionsOf(heard).filter((action) => action === 'SIPshowpeer')).toHaveLength(1);
  });

  it('tells a wrong secret, a missing right and a PBX without SIP apart', async () => {
    const wrong = await read({}, { ...CREDENTIALS, secret: 'wrong' });
    expect(wrong.outcome).toEqual({ ok: false, fault: { kind: 'refused', detail: 'Authentication failed' } });
    const denied = await read({ PJSIPShowContacts: [{ Response: 'Error', Message: 'Permission denied' }] });
    expect(denied.outcome).toEqual({ ok: false, fault: { kind: 'denied', detail: 'Permission denied' } });
    expect((await read({})).outcome).toMatchObject({ ok: false, fault: { kind: 'not-expected' } });
  });

  it('sends its listed actions alone, each of one question, and never the secret', async () => {
    const hostile = { ...PEER_ENTRIES[1]!, ObjectName: '2001' };
    const { heard } = await read(
      {
        PJSIPShowContacts: contactList(contact()),
        SIPpeers: [LIST_START, hostile, PEER_ENTRIES.at(-1)!],
        'SIPshowpeer 2001': [SHOWN],
      },
      { user: 'sipcensus\r\nAction: Originate', secret: 'geheim' },
    );
    const all = await read({
      PJSIPShowContacts: contactList(contact()),
      SIPpeers: PEER_ENTRIES,
      'SIPshowpeer 2001': [SHOWN],
    });
    for (const action of [...actionsOf(heard), ...actionsOf(all.heard)]) expect(ACTIONS).toContain(action);
    expect(actionsOf(all.heard)).toEqual([
      'Challenge',
      'Login',
      'PJSIPShowContacts',
      'SIPpeers',
      'SIPshowpeer',
      'Logoff',
    ]);
    const text = [...heard, ...all.heard].join('\n');
    expect(text.match(/^Action:/gm)).toHaveLength(heard.length + all.heard.length);
    expect(text).not.toContain('geheim');
  });

  it('names no action that makes a PBX send or change anything', () => {
    expect(
      ACTIONS.filter((action) =>
        /Command|Notify|Qualify|Originate|Unregister|Reload|Set|Put|Config/i.test(action),
      ),
    ).toEqual([]);
  });

  it('survives any bytes after the greeting, and sends nothing else', async () => {
    const telling = fc.constantFrom(
      ...[
        'Response: Success\r\n',
        'ActionID: sipcensus-1\r\n',
        'Challenge: 1\r\n',
        'ActionID: sipcensus-2\r\n',
        'ActionID: sipcensus-3\r\n',
        'Event: ContactList\r\n',
        'Uri: sip:a@b\r\n',
        '\r\n',
        ':\r\n',
      ].map((text) => Buffer.from(text)),
    );
    const pieces = fc.array(fc.oneof(telling, fc.uint8Array({ maxLength: 60 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(pieces, async (bytes) => {
        const stream = streamOf(['Asterisk Call Manager/2.10.6\r\n', ...bytes]);
        const outcome = await readAsterisk({
          stream,
          credentials: CREDENTIALS,
          clock: { sleep: () => Promise.resolve() },
        });
        expect(outcome.ok).toBe(false);
        for (const action of actionsOf(stream.sent)) expect(ACTIONS).toContain(action);
      }),
      { numRuns: 500 },
    );
  });
});
