import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Post } from '../../src/platform/ports.ts';
import { postJsonTo } from '../../src/platform/post-json.ts';
import { readDump } from '../../src/registrations/kamailio/dump.ts';
import { METHOD, readKamailio } from '../../src/registrations/kamailio/index.ts';
import { noKamailio, startKamailio, type Kamailio } from './kamailio-program.ts';

const postTo = (url: string): Post =>
  postJsonTo({
    url: new URL(url),
    credentials: null,
    silenceMs: 10_000,
    mostBytes: 1_000_000,
    signal: new AbortController().signal,
  });

describe.skipIf(noKamailio !== null)(
  `a real Kamailio${noKamailio === null ? '' : `, skipped: ${noKamailio}`}`,
  () => {
    let kamailio: Kamailio;
    beforeAll(async () => {
      kamailio = await startKamailio();
    });
    afterAll(() => kamailio.stop());

    it('has nothing to tell while nobody has registered', async () => {
      expect(await readKamailio(postTo(kamailio.url))).toEqual({
        ok: true,
        value: { registrations: [], skipped: {} },
      });
    });

    it('tells of every phone where it is, what it is, and where its REGISTER came from if there was NAT', async () => {
      await kamailio.register({
        address: '127.94.0.40',
        user: '1001',
        contact:
          '<sip:1001@127.94.0.40:5062>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-001565f4f9e1>"',
        userAgent: 'Yealink SIP-T46S 66.84.0.15',
      });
      await kamailio.register({
        address: '127.94.0.41',
        user: '0c383e63963b',
        contact: '<sip:1002@192.168.99.41:5060;transport=udp>',
        userAgent: 'Fanvil X4 2.4.0',
        behindNat: true,
      });
      await kamailio.register({
        address: '127.94.0.42',
        user: '1003',
        contact: '<sip:x@df7jal23ls0d.invalid;transport=ws>',
        userAgent: 'JsSIP 3.10',
      });
      const outcome = await readKamailio(postTo(kamailio.url));
      if (!outcome.ok) throw new Error(outcome.fault.detail);
      const { registrations, skipped } = outcome.value;
      expect([...registrations].sort((a, b) => (a.address < b.address ? -1 : 1))).toEqual([
        {
          address: '127.94.0.40',
          port: 5062,
          transport: 'udp',
          userAgent: 'Yealink SIP-T46S 66.84.0.15',
          mac: null,
          instance: '<urn:uuid:00000000-0000-1000-8000-001565f4f9e1>',
          aor: '1001',
        },
        {
          address: '127.94.0.41',
          port: expect.any(Number) as number,
          transport: 'udp',
          userAgent: 'Fanvil X4 2.4.0',
          mac: '0c383e63963b',
          instance: null,
          aor: '0c383e63963b',
        },
      ]);
      expect(skipped).toEqual({ transport: 1 });
    });

    it('is told apart from a page that is not its JSON-RPC, and from one that is closed', async () => {
      expect(await readKamailio(postTo(kamailio.url.replace('/RPC', '/else')))).toEqual({
        ok: false,
        fault: { kind: 'not-expected', detail: 'HTTP 404' },
      });
      expect(await readKamailio(postTo(kamailio.url.replace('/RPC', '/forbidden')))).toEqual({
        ok: false,
        fault: { kind: 'refused', detail: 'HTTP 403' },
      });
    });
  },
);

describe('the answer to ul.dump', () => {
  it('comes to one question, the only one ever asked', async () => {
    const asked: string[] = [];
    await readKamailio(
      (body) => (
        asked.push(body),
        Promise.resolve({ ok: true, value: { status: 200, body: new Uint8Array(0) } })
      ),
    );
    expect(asked.map((body) => JSON.parse(body) as unknown)).toEqual([
      { jsonrpc: '2.0', method: METHOD, id: 1 },
    ]);
    expect(METHOD).toBe('ul.dump');
  });

  it('says in its own words why not', async () => {
    const body = Buffer.from('{"jsonrpc":"2.0","error":{"code":500,"message":"Method Not Found"},"id":1}');
    expect(await readKamailio(() => Promise.resolve({ ok: true, value: { status: 500, body } }))).toEqual({
      ok: false,
      fault: { kind: 'denied', detail: 'Method Not Found' },
    });
  });

  const contact = (change: object): string =>
    JSON.stringify({
      result: {
        Domains: [
          {
            Domain: {
              AoRs: [
                {
                  Info: {
                    AoR: '1',
                    Contacts: [{ Contact: { Address: 'sip:1@192.0.2.5', Expires: 60, ...change } }],
                  },
                },
              ],
            },
          },
        ],
      },
    });

  it('leaves out what is about to be removed, and keeps what never runs out', () => {
    const told = (change: object): unknown => {
      const dump = readDump(contact(change));
      return dump.ok && (typeof dump.value[0] === 'string' ? dump.value[0] : dump.value[0]?.contact);
    };
    expect([told({ Expires: 'deleted' }), told({ Expires: 'expired' })]).toEqual([
      'unregistered',
      'unregistered',
    ]);
    expect([told({ Expires: 'permanent' }), told({})]).toEqual(['sip:1@192.0.2.5', 'sip:1@192.0.2.5']);
  });

  it('says by its socket how a phone came, where the contact does not', () => {
    const dump = readDump(
      contact({
        Socket: 'tls:10.0.0.1:5061',
        'User-Agent': '[not set]',
        Instance: '[not set]',
        Received: '[not set]',
      }),
    );
    expect(dump).toMatchObject({
      ok: true,
      value: [{ transport: 'tls', userAgent: null, instance: null, source: null }],
    });
  });

  it('is read of any JSON, and of any text, without throwing', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 0, '', 'sip:a@b', '[not set]', 'deleted'),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'result',
            'error',
            'message',
            'Domains',
            'Domain',
            'AoRs',
            'Info',
            'AoR',
            'Contacts',
            'Contact',
            'Address',
            'Received',
            '__proto__',
          ),
          tie('node'),
          { maxKeys: 4 },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(value, (json) => void readDump(JSON.stringify({ result: json }))),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.string(), (text) => !readDump(text).ok));
  });
});
