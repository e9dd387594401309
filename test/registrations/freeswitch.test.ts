import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { systemClock } from '../../src/platform/clock.ts';
import { openConversation } from '../../src/platform/stream.ts';
import { readFreeswitch } from '../../src/registrations/freeswitch/index.ts';
import { profileNames, toldByRegistrations } from '../../src/registrations/freeswitch/xml.ts';
import type { SourceOutcome } from '../../src/registrations/source.ts';
import { freeswitchOf, PROFILES, registration, registrationsXml, streamOf, type Peer } from './peers.ts';

/** Every command that may ever leave. */
const ALLOWED = /^(?:auth [^\n]*|api sofia xmlstatus|api sofia xmlstatus profile [\w.-]+ reg|exit)$/;
const peers: Peer[] = [];
afterEach(() => peers.splice(0).forEach((peer) => peer.close()));

async function read(
  answers: Record<string, string>,
  options: { secret?: string; greeting?: string; says?: string } = {},
): Promise<{ outcome: SourceOutcome; heard: string[] }> {
  const peer = await freeswitchOf(answers, options);
  peers.push(peer);
  const stream = await openConversation({
    host: '127.0.0.1',
    port: peer.port,
    tls: false,
    silenceMs: 10_000,
    signal: new AbortController().signal,
  });
  if (!stream.ok) throw new Error(stream.fault.detail);
  const outcome = await readFreeswitch({
    stream: stream.value,
    credentials: { secret: options.says ?? 'geheim' },
  });
  await systemClock.sleep(20);
  stream.value.close();
  return { outcome, heard: peer.heard };
}

const SITE = {
  'sofia xmlstatus': PROFILES,
  'sofia xmlstatus profile internal reg': registrationsXml(
    registration(),
    registration({
      user: '1001@example.com',
      agent: 'Acme &amp;lt; 1.0',
      contact: '&quot;x&quot; &lt;sip:1001@127.94.0.21:5060;transport=tcp&gt;',
      'network-ip': '127.94.0.21',
      'network-port': '49152',
    }),
  ),
  'sofia xmlstatus profile external reg': registrationsXml(),
};

describe('FreeSWITCH over the event socket, an exchange recorded from the facts (Debian has no FreeSWITCH)', () => {
  it('gives the registrations of every profile by where their REGISTER came from', async () => {
    const { outcome, heard } = await read(SITE);
    expect(outcome).toEqual({
      ok: true,
      value: {
        registrations: [
          {
            address: '127.94.0.20',
            port: 5066,
            transport: 'udp',
            userAgent: 'snom370/8.7.5.48',
            mac: null,
            instance: null,
            aor: '1000@example.com',
          },
          {
            address: '127.94.0.21',
            port: 5060,
            transport: 'tcp',
            userAgent: 'Acme &lt; 1.0',
            mac: null,
            instance: null,
            aor: '1001@example.com',
          },
        ],
        skipped: {},
      },
    });
    expect(heard).toEqual([
      'auth geheim',
      'api sofia xmlstatus',
      'api sofia xmlstatus profile internal reg',
      'api sofia xmlstatus profile external reg',
      'exit',
    ]);
  });

  it('leaves out browsers, and what has no status of a registration', async () => {
    const { outcome } = await read({
      ...SITE,
      'sofia xmlstatus profile internal reg': registrationsXml(
        registration({ contact: '&lt;sip:a@x.invalid;transport=ws&gt;', status: 'Registered(WSS)(unknown)' }),
        registration({ status: 'Unregistered' }),
      ),
    });
    expect(outcome).toMatchObject({
      ok: true,
      value: { registrations: [], skipped: { transport: 1, unregistered: 1 } },
    });
  });

  it('tells a wrong password, a closed access list, a command that may not be given, and something else apart', async () => {
    const kindOf = async (...args: Parameters<typeof read>) => {
      const { outcome } = await read(...args);
      return outcome.ok ? 'ok' : [outcome.fault.kind, outcome.fault.detail];
    };
    expect(await kindOf(SITE, { says: 'wrong' })).toEqual(['refused', '-ERR invalid']);
    expect(
      await kindOf(SITE, {
        greeting: 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n',
      }),
    ).toEqual(['refused', 'Access Denied, go away.']);
    expect(await kindOf({})).toEqual(['denied', '-ERR no reply']);
    expect(await kindOf({ 'sofia xmlstatus': 'no XML' })).toMatchObject(['not-expected', expect.any(String)]);
    expect(
      await kindOf({ ...SITE, 'sofia xmlstatus profile internal reg': 'Invalid Profile!\n' }),
    ).toMatchObject(['not-expected', expect.stringContaining('internal')]);
    expect(await kindOf(SITE, { greeting: 'Content-Type: text/html\n\n' })).toMatchObject([
      'not-expected',
      expect.stringContaining('text/html'),
    ]);
  });

  it('sends its listed commands alone, whatever a profile is called and a secret holds', async () => {
    const hostile = PROFILES.replace('external', 'x reg\n\napi fsctl shutdown').replace(
      '192.0.2.1</name>',
      'a b</name>',
    );
    const { heard } = await read(
      { ...SITE, 'sofia xmlstatus': hostile },
      { secret: 'gehapi reload', says: 'geh\n\napi reload' },
    );
    for (const command of heard) expect(command).toMatch(ALLOWED);
    expect(heard).toContain('api sofia xmlstatus profile internal reg');
    expect(heard.join()).not.toContain('fsctl');
  });
});

describe('the XML of the event socket', () => {
  it('may define no entity, and nest what it likes', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${registrationsXml(registration({ agent: '&b;' }))}`;
    const told = toldByRegistrations(bomb);
    expect(JSON.stringify(told)).not.toContain('aaaa');
    const deep = '<profile>'.repeat(20_000);
    expect([null, []]).toContainEqual(toldByRegistrations(deep));
  });

  it('is read of any text without throwing', () => {
    const words = fc.constantFrom(
      '<profiles>',
      '<profile>',
      '<name>',
      '</name>',
      '<registrations>',
      '<registration>',
      '</registration>',
      '<contact>',
      '&lt;',
      '<!--',
      '<![CDATA[',
      ']]>',
      '<?xml',
      '?>',
      '<!DOCTYPE',
      '__proto__',
      '<__proto__>',
      '<constructor/>',
      'sip:a@b',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 12 })), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const names = profileNames(text);
        const told = toldByRegistrations(text);
        expect(names === null || names.every((name) => typeof name === 'string')).toBe(true);
        expect(told === null || Array.isArray(told)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read of any bytes on the socket without throwing', async () => {
    const telling = fc.constantFrom(
      ...[
        'Content-Type: auth/request\n\n',
        'Content-Type: command/reply\nReply-Text: +OK\n\n',
        'Content-Type: api/response\n',
        'Content-Length: 5\n\n',
        'Content-Length: 99999999999\n\n',
        '\n',
      ].map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(telling, fc.uint8Array({ maxLength: 60 })), { maxLength: 30 }),
        async (bytes) => {
          const stream = streamOf(bytes);
          expect((await readFreeswitch({ stream, credentials: { secret: 'x' } })).ok).toBe(false);
          for (const command of stream.sent) expect(command).toMatch(/^(?:auth x|api sofia xmlstatus)\n\n$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
