import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/model/app-error.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Datagram, ListeningSocket } from '../../src/platform/ports.ts';
import { joinGroup, openUdp } from '../../src/platform/udp.ts';
import type { SimulatedPhone } from '../../src/simulation/phone.ts';
import type { Change } from '../../src/simulation/plan.ts';
import { startSite, type Site, type SiteOptions } from '../../src/simulation/site.ts';
import { truthOf } from '../../src/simulation/truth.ts';
import { headerValue } from '../../src/wire/sip/headers.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import { optionsRequest, phoneOf, site } from './shipped.ts';

// Real sockets on 127.78.0.0/24 and the real multicast group on the loopback interface.
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(
  phones: readonly SimulatedPhone[],
  more: Partial<SiteOptions> = {},
): Promise<{ site: Site; end: () => Promise<void> }> {
  const stop = new AbortController();
  const started = await startSite({
    phones,
    net: { openUdp },
    clock: systemClock,
    signal: stop.signal,
    ...more,
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await started.ended;
  };
  cleanUps.push(end);
  return { site: started, end };
}

async function listening<S extends ListeningSocket>(opened: Promise<S>): Promise<S> {
  const socket = await opened;
  cleanUps.push(() => socket.close());
  return socket;
}

/** Resolves when as many of the wanted addresses have been heard. */
const heardFrom = (socket: ListeningSocket, addresses: readonly string[]): Promise<Map<string, Datagram>> =>
  new Promise((resolve) => {
    const heard = new Map<string, Datagram>();
    socket.onDatagram((datagram) => {
      if (addresses.includes(datagram.address)) heard.set(datagram.address, datagram);
      if (heard.size === addresses.length) resolve(heard);
    });
  });

const free = async (address: string, port: number): Promise<void> =>
  (await openUdp({ address, port })).close();

describe('a site on loopback', () => {
  it('answers a real OPTIONS from each phone’s own address and port, to whoever asked', async () => {
    const phones = site();
    await start(phones);
    const asker = await listening(openUdp({ address: '127.0.0.1', port: 0 }));
    const truth = truthOf(phones).phones;
    const answering = truth.filter(({ answers }) => answers);
    const heard = heardFrom(
      asker,
      answering.map(({ address }) => address),
    );
    for (const { address, port } of truth) asker.send(optionsRequest(), address, port);
    for (const [address, { port, bytes }] of await heard) {
      const expected = answering.find((phone) => phone.address === address);
      expect(port).toBe(expected?.port);
      expect(parseSip(bytes).ok).toBe(true);
    }
    expect(answering.length).toBeLessThan(truth.length);
  });

  it('holds hundreds of phones', async () => {
    const phones = site({ network: '127.78.4.0/22', phones: 700 });
    const { site: running } = await start(phones);
    expect(running.phones()).toHaveLength(700);
  });

  it('sends PnP SUBSCRIBEs to a listener that joined the group, from each phone’s own address', async () => {
    const group = await listening(joinGroup('224.0.1.75', 5060, ['127.0.0.1']));
    const phones = site().filter(({ model }) => model.pnp !== null);
    const heard = heardFrom(
      group,
      phones.map(({ address }) => address),
    );
    await start(phones);
    for (const [address, { port, bytes }] of await heard) {
      expect(port).toBe(phones.find((phone) => phone.address === address)?.model.pnp?.port);
      const message = parseSip(bytes);
      expect(message.ok && message.value.kind === 'request' && message.value.method).toBe('SUBSCRIBE');
    }
  });

  it('boots again and again, with a new Call-ID each time', async () => {
    const group = await listening(joinGroup('224.0.1.75', 5060, ['127.0.0.1']));
    const phone = phoneOf('snom-d120');
    const callIds = new Set<string>();
    const twice = new Promise<void>((resolve) => {
      group.onDatagram(({ address, bytes }) => {
        const message = parseSip(bytes);
        if (address === phone.address && message.ok) callIds.add(headerValue(message.value, 'Call-ID') ?? '');
        if (callIds.size === 2) resolve();
      });
    });
    await start([phone], { bootEveryMs: 20 });
    await twice;
  });

  it('changes while it runs: a phone that moved answers at its new address only, and boots there', async () => {
    const group = await listening(joinGroup('224.0.1.75', 5060, ['127.0.0.1']));
    const phone = { ...phoneOf('snom-370'), address: '127.78.0.20' };
    const moved = { ...phone, address: '127.78.0.21' };
    const newcomer = { ...phoneOf('yealink-t53w'), id: 'p99', address: '127.78.0.22' };
    const updated = { ...newcomer, firmware: '96.87.0.16' };
    const booted = heardFrom(group, [moved.address, updated.address]);
    const changes = [
      { kind: 'moved', phone: moved },
      { kind: 'appeared', phone: newcomer },
      { kind: 'firmware-updated', phone: updated },
    ] as const;
    const kinds: string[] = [];
    let allMade: () => void = () => undefined;
    const made = new Promise<void>((resolve) => (allMade = resolve));
    const onChange = ({ kind }: Change): void => {
      kinds.push(kind);
      if (kinds.length === changes.length) allMade();
    };
    const { site: running } = await start([phone], { changes, changeEveryMs: 5, onChange });

    await made;
    expect(kinds).toEqual(['moved', 'appeared', 'firmware-updated']);
    expect(running.phones()).toEqual([moved, updated]);
    await free(phone.address, 5060);
    await booted;
    const asker = await listening(openUdp({ address: '127.0.0.1', port: 0 }));
    const heard = heardFrom(asker, [moved.address, updated.address]);
    for (const { address } of [moved, updated]) asker.send(optionsRequest(), address, 5060);
    const answer = parseSip((await heard).get(updated.address)?.bytes ?? new Uint8Array(0));
    expect(answer.ok && headerValue(answer.value, 'User-Agent')).toBe('Yealink SIP-T53W 96.87.0.16');
  });

  it('closes every socket when its signal ends it', async () => {
    const phones = [phoneOf('snom-370'), phoneOf('snom-300')];
    const { end } = await start(phones);
    await end();
    for (const { address, model } of phones)
      for (const port of [model.answer?.port, model.pnp?.port])
        if (port !== undefined) await free(address, port);
  });

  it('opens nothing when one port is taken, and says which', async () => {
    const [first, second] = [phoneOf('snom-370'), phoneOf('snom-300')];
    await listening(openUdp({ address: second.address, port: 2048 }));
    const failure = await start([first, second]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(`${second.address}:2048`) as string,
    });
    await free(first.address, 5060);
    await free(first.address, 1053);
  });

  it('ends with the error when a change cannot be made', async () => {
    const phone = phoneOf('snom-370');
    const moved = { ...phone, address: '127.78.0.30' };
    await listening(openUdp({ address: moved.address, port: 1053 }));
    const stop = new AbortController();
    const running = await startSite({
      phones: [phone],
      changes: [{ kind: 'moved', phone: moved }],
      changeEveryMs: 5,
      net: { openUdp },
      clock: systemClock,
      signal: stop.signal,
    });
    await expect(running.ended).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    await free(moved.address, 5060);
  });
});
