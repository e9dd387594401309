import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { syslog } from '../../../src/alerts/sinks/syslog/index.ts';
import { alertLine } from '../../../src/alerts/message-text.ts';
import { selfSigned, type SelfSigned } from '../../platform/certificates.ts';
import { contextOf } from './conformance.ts';
import { freePort } from './free-port.ts';
import * as messages from './messages.ts';
import { noRsyslog, startRsyslog, type Rsyslog, type Understood } from './rsyslogd.ts';
import {
  openSyslog,
  syslogSettings as settings,
  type SyslogPeer,
  type SyslogSettings as Settings,
  type Transport,
} from './syslog-peer.ts';

describe('syslog over the network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-syslog-'));
  const file = (name: string, content: Buffer | string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  let server: SelfSigned;
  let client: SelfSigned;
  let caFile: string;
  const peers: SyslogPeer[] = [];
  beforeAll(() => {
    server = selfSigned('/CN=syslog', { altNames: 'IP:127.0.0.1' });
    client = selfSigned('/CN=auditor');
    caFile = file('server.pem', server.cert);
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) await peer.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const peerOf = async (transport: Transport, options = {}): Promise<SyslogPeer> => {
    const peer = await openSyslog(transport, { key: server.key, cert: server.cert, ...options });
    peers.push(peer);
    return peer;
  };
  const deliver = (change: Partial<Settings>, message = messages.message(), secrets = {}) =>
    syslog.deliver(message, contextOf(settings(change), { secrets }));

  it.each(['udp', 'tcp', 'tls'] as const)(
    'delivers over %s what RFC 5424 allows, every alert once and in order',
    async (transport) => {
      const { port, records } = await peerOf(transport);
      const delivery = await deliver({ transport, port, caFile }, messages.largestMessage());
      expect(delivery).toEqual({ ok: true, value: undefined });
      expect(records().map(({ data }) => data['sipcensus@32473']?.['device'])).toEqual([
        ...Array.from({ length: 50 }, (_, index) => `d${index}`),
        undefined,
      ]);
      expect(records()[0]?.hostname).toBe(hostname().replace(/[^!-~]/g, '') || '-');
      expect(records()[0]?.procId).toBe(String(process.pid));
    },
  );

  it.each([
    ['udp', 2048],
    ['tcp', 8192],
  ] as const)('sends over %s no message of more than %d octets', async (transport, most) => {
    const { port, octets } = await peerOf(transport);
    const message = messages.largestMessage();
    const id = 'i'.repeat(2 * most);
    expect((await deliver({ transport, port, hostname: 'h'.repeat(255) }, { ...message, id })).ok).toBe(true);
    expect(octets()).toHaveLength(51);
    expect(Math.max(...octets().map(({ length }) => length))).toBeLessThanOrEqual(most);
  });

  it.each(['udp', 'tcp', 'tls'] as const)('says over %s that nobody listens there', async (transport) => {
    const port = await freePort(transport === 'udp' ? 'udp' : 'tcp');
    expect(await deliver({ transport, port })).toEqual({
      ok: false,
      fault: { reason: 'network', retry: true, detail: 'nothing listens there' },
    });
  });

  it.each([
    ['at once', (socket: Socket) => socket.destroy()],
    ['by ending its side first', (socket: Socket) => socket.resume().end()],
    [
      'by ending its side first, from far away',
      (socket: Socket) => setTimeout(() => socket.resume().end(), 60),
    ],
    ['by reset', (socket: Socket) => socket.resetAndDestroy()],
    ['when it has read some of it', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    [
      'by reset, when it has read all of it',
      (socket: Socket) => socket.resume().once('end', () => socket.resetAndDestroy()),
    ],
  ])('calls it undelivered when the server breaks the connection off %s', async (_, breakOff) => {
    const listener = createServer({ allowHalfOpen: true }, (socket) => {
      breakOff(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    expect(await deliver({ port }, messages.largestMessage())).toEqual({
      ok: false,
      fault: { reason: 'network', retry: true, detail: 'the other side broke the connection off' },
    });
    await new Promise((resolve) => listener.close(resolve));
  });

  it('believes no server whose certificate it cannot verify, and tells it nothing', async () => {
    const { port, octets } = await peerOf('tls');
    expect(await deliver({ transport: 'tls', port })).toEqual({
      ok: false,
      fault: {
        reason: 'network',
        retry: true,
        detail: 'its certificate is not believed: DEPTH_ZERO_SELF_SIGNED_CERT',
      },
    });
    expect(octets()).toEqual([]);
  });

  it('believes no certificate of another name, though its authority is believed', async () => {
    const other = selfSigned('/CN=other', { altNames: 'DNS:other.example' });
    const { port, octets } = await peerOf('tls', other);
    const delivery = await deliver({ transport: 'tls', port, caFile: file('other.pem', other.cert) });
    expect(delivery).toEqual({
      ok: false,
      fault: {
        reason: 'network',
        retry: true,
        detail: 'its certificate is not believed: ERR_TLS_CERT_ALTNAME_INVALID',
      },
    });
    expect(octets()).toEqual([]);
  });

  it('says that there is no TLS where something else answers', async () => {
    const listener = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('220 no TLS here\r\n'),
    );
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const delivery = await deliver({ transport: 'tls', port: (listener.address() as AddressInfo).port });
    expect(delivery).toMatchObject({ ok: false, fault: { reason: 'network', retry: true } });
    expect(delivery.ok ? '' : delivery.fault.detail).toMatch(/^no TLS with it: [A-Z_]+$/);
    await new Promise((resolve) => listener.close(resolve));
  });

  describe('where the server asks for our certificate', () => {
    const asking = (): Promise<SyslogPeer> =>
      peerOf('tls', { requestCert: true, ca: client.cert, rejectUnauthorized: true });
    const certificateKey = { environment: 'KEY' };

    it('shows it', async () => {
      const { port, records } = await asking();
      const change = {
        transport: 'tls',
        port,
        caFile,
        certificateKey,
        certificateFile: file('client.pem', client.cert),
      } as const;
      expect(await deliver(change, messages.message(), { KEY: client.key.toString() })).toEqual({
        ok: true,
        value: undefined,
      });
      expect(records()).toHaveLength(1);
    });

    it('notices that the server refuses, which it tells only after the handshake', async () => {
      const { port } = await asking();
      const delivery = await deliver({ transport: 'tls', port, caFile });
      expect(delivery).toEqual({
        ok: false,
        fault: { reason: 'auth', retry: true, detail: 'it does not accept our certificate, or asks for one' },
      });
    });

    it.each([
      ['no key', {}, 'the variable KEY is not set'],
      ['a key that is none', { KEY: 'hunter2-not-pem' }, 'authorities, certificate or key are not PEM'],
    ])('says what is wrong with %s, and never the key', async (_, secrets, detail) => {
      const { port, visits } = await asking();
      const change = {
        transport: 'tls',
        port,
        caFile,
        certificateKey,
        certificateFile: file('client.pem', client.cert),
      } as const;
      expect(await deliver(change, messages.message(), secrets)).toEqual({
        ok: false,
        fault: { reason: 'auth', retry: false, detail },
      });
      expect(visits()).toBe(0);
    });
  });

  it('names the file of authorities that is not there', async () => {
    const missing = join(folder, 'missing.pem');
    expect(await deliver({ transport: 'tls', port: 1, caFile: missing })).toEqual({
      ok: false,
      fault: { reason: 'auth', retry: false, detail: `${missing}: it does not exist` },
    });
  });
});

describe.skipIf(noRsyslog !== null)('a real rsyslogd', () => {
  let rsyslog: Rsyslog;
  beforeAll(async () => void (rsyslog = await startRsyslog()));
  afterAll(() => rsyslog.stop());

  it.each(['udp', 'tcp'] as const)(
    'takes apart what it is sent over %s, every part as meant',
    async (transport) => {
      const hostile = messages.hostileMessage('q" b\\ c] \r\n\u0000☎', {
        id: `over-${transport}`,
        reason: 'firing',
      });
      const delivery = await syslog.deliver(
        hostile,
        contextOf(settings({ transport, port: rsyslog[transport] })),
      );
      expect(delivery).toEqual({ ok: true, value: undefined });
      const found = (): Understood[] =>
        rsyslog.understood().filter(({ data }) => data.includes(`over-${transport}`));
      await vi.waitFor(() => expect(found()).toHaveLength(2), 5000);
      const [first] = found();
      expect(first).toMatchObject({
        facility: 'local0',
        severity: 'crit',
        timestamp: '2026-11-25T01:02:03.004Z',
        hostname: hostname(),
        appName: 'sipcensus',
        procId: String(process.pid),
        msgId: 'unsupported',
      });
      expect(first?.data).toContain('vendor="q\\" b\\\\ c\\] \\\\x0d\\\\x0a\\\\x00☎"');
      expect(first?.text.replace(/^\ufeff/, '')).toBe(alertLine(hostile.alerts[0]!, 'en'));
    },
  );

  it.each(['udp', 'tcp'] as const)('takes fifty large alerts over %s', async (transport) => {
    const message = { ...messages.largestMessage(), id: `large-${transport}` };
    expect(
      (await syslog.deliver(message, contextOf(settings({ transport, port: rsyslog[transport] })))).ok,
    ).toBe(true);
    const found = (): Understood[] =>
      rsyslog.understood().filter(({ data }) => data.includes(`large-${transport}`));
    await vi.waitFor(() => expect(found()).toHaveLength(51), 5000);
    expect(
      found().every(({ hostname: host, appName }) => host === hostname() && appName === 'sipcensus'),
    ).toBe(true);
  });
});
