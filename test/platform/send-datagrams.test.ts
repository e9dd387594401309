import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendDatagrams, SETTLE_MS } from '../../src/platform/send-datagrams.ts';
import { openSyslog, type SyslogPeer } from '../alerts/sinks/syslog-peer.ts';

describe('datagrams to a place that a person named', () => {
  let peer: SyslogPeer;
  beforeEach(async () => void (peer = await openSyslog('udp')));
  afterEach(() => peer.close());

  const bytes = [Buffer.from('one'), Buffer.from('two')];
  const send = (addresses: string[], signal = new AbortController().signal, timeoutMs = 5000) =>
    sendDatagrams({ host: 'collector.example', port: peer.port, timeoutMs, signal }, bytes, () =>
      Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
    );
  const arrived = (): string[] => peer.octets().map((octets) => Buffer.from(octets).toString());

  it('go to the first address of its name that does not refuse them', async () => {
    expect(await send(['127.0.0.2', '127.0.0.1', '127.0.0.3'])).toEqual({ ok: true, value: undefined });
    expect(arrived()).toEqual(['one', 'two']);
  });

  it('are sent once where more addresses than one would take them', async () => {
    expect((await send(['127.0.0.1', '127.0.0.1'])).ok).toBe(true);
    expect(arrived()).toEqual(['one', 'two']);
  });

  it('are undelivered where every address refuses them, and where there is none', async () => {
    const refused = { ok: false, fault: { kind: 'unreachable', detail: 'nothing listens there' } };
    expect(await send(['127.0.0.2', '127.0.0.3'])).toEqual(refused);
    expect(await send([])).toMatchObject({ ok: false, fault: { kind: 'unreachable' } });
  });

  it('are followed by a moment in which a refusal can come', async () => {
    const since = performance.now();
    expect((await send(['127.0.0.1'])).ok).toBe(true);
    expect(performance.now() - since).toBeGreaterThanOrEqual(SETTLE_MS - 5);
  });

  it('end when they are called off or it takes too long', async () => {
    expect(await send(['127.0.0.1'], AbortSignal.timeout(20))).toMatchObject({ fault: { kind: 'silent' } });
    expect(await send(['127.0.0.1'], undefined, 20)).toMatchObject({ fault: { kind: 'silent' } });
    expect(await send(['127.0.0.1'], AbortSignal.abort())).toMatchObject({ fault: { kind: 'interrupted' } });
  });
});
