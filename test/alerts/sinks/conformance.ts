import type { Static, TSchema } from 'typebox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, success } from '../../../src/model/outcome.ts';
import type { Message } from '../../../src/model/alert.ts';
import { DELIVERY_FAULTS, type Sink, type SinkContext } from '../../../src/alerts/sink.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import * as messages from './messages.ts';

/** One thing that arrived: by what the receiver knows a repeat of it, and all that a person reads. */
export interface Arrival {
  id: string;
  text: string;
}

/** The real other side of a sink: a server, or a program. */
export interface Peer<S extends TSchema> {
  /** Settings that lead to it. */
  settings: Static<S>;
  arrivals(): readonly Arrival[] | Promise<readonly Arrival[]>;
  /** Connections or processes that are open now. */
  open(): number;
  /** How often anybody came. */
  visits(): number;
  /** From now on it takes what comes, and never answers. */
  hold(): void;
  /** From now on it refuses, and says back whatever it was told; left out where it cannot. */
  refuse?(): void;
  close(): Promise<void>;
}

export interface Candidate<S extends TSchema> {
  sink: Sink<S>;
  open(): Promise<Peer<S>>;
  /** Whether its peer can refuse at all: nobody answers a datagram of syslog. */
  canBeRefused?: boolean;
  /** Settings that lead to nobody; null where a sink has no network. */
  nowhere: (() => Promise<Static<S>>) | null;
  /** Secrets by the variable of the environment that `settings` name. */
  secrets?: Readonly<Record<string, string>>;
}

/** A context as the engine makes it: real clock, secrets out of this list. */
export const contextOf = <C>(
  config: C,
  {
    signal = new AbortController().signal,
    secrets = {},
  }: { signal?: AbortSignal; secrets?: Candidate<TSchema>['secrets'] } = {},
): SinkContext<C> => ({
  config,
  signal,
  clock: systemClock,
  secret: ({ environment = '' }) => {
    const found = secrets[environment];
    return found === undefined
      ? failure({ reason: 'auth', retry: false, detail: `the variable ${environment} is not set` })
      : success(found);
  },
});

/** How long a delivery that is called off may still take: a program is given a second to end. */
const PROMPTLY_MS = 1500;
const HELD = ['TCPSocketWrap', 'TLSWrap', 'UDPWrap', 'PipeWrap', 'ProcessWrap', 'Timeout'];

/** How many sockets, children and timers of each kind this process holds open. */
function held(): ReadonlyMap<string, number> {
  const names = process.getActiveResourcesInfo().filter((name) => HELD.includes(name));
  return new Map(HELD.map((kind) => [kind, names.filter((name) => name === kind).length]));
}

/** What every sink keeps to, tried on a real peer of its kind. */
export function conformsToSink<S extends TSchema>(name: string, make: () => Candidate<S>): void {
  describe(`${name} as a sink`, () => {
    const candidate = make();
    const { sink, secrets = {} } = candidate;
    let before: ReadonlyMap<string, number>;
    let peer: Peer<S>;
    beforeEach(async () => {
      peer = await candidate.open();
      // What the test before has closed is gone by then.
      await systemClock.sleep(5);
      before = held();
    });
    afterEach(() => peer.close());

    const deliver = (message: Message, change: { config?: Static<S>; signal?: AbortSignal } = {}) =>
      sink.deliver(message, contextOf(change.config ?? peer.settings, { secrets, ...change }));
    const textOf = async (): Promise<string> => (await peer.arrivals()).map(({ text }) => text).join('\n');
    /** Not by `vi.waitFor`, whose timers would be among what is held. */
    async function nothingIsLeft(): Promise<void> {
      const left = (): string[] => HELD.filter((kind) => held().get(kind)! > before.get(kind)!);
      for (let tries = 0; (peer.open() > 0 || left().length > 0) && tries < 100; tries += 1)
        await systemClock.sleep(20);
      expect({ openAtPeer: peer.open(), openHere: left() }).toEqual({ openAtPeer: 0, openHere: [] });
    }

    it.each([
      ['firing', messages.message(), 'Acme'],
      ['resolved', messages.resolvedMessage(), 'Acme'],
      ['repeat', messages.message({ reason: 'repeat' }), 'Acme'],
      ['digest', messages.digestMessage(), '42'],
      ['test', messages.testMessage(), 'sipcensus'],
    ])('delivers a message whose reason is %s, and leaves nothing open', async (_, message, word) => {
      expect(await deliver(message)).toEqual({ ok: true, value: undefined });
      expect(await textOf()).toContain(word);
      await nothingIsLeft();
    });

    it('says it in the language of the message', async () => {
      expect((await deliver(messages.message({ language: 'nl' }))).ok).toBe(true);
      const dutch = await textOf();
      expect((await deliver(messages.message({ language: 'en' }))).ok).toBe(true);
      const both = await textOf();
      expect(both.startsWith(dutch)).toBe(true);
      expect(both.slice(dutch.length + 1)).not.toBe(dutch);
    });

    it('carries the same id when the same message is delivered again, and another when another is', async () => {
      const idsOf = async (message: Message): Promise<string[]> => {
        const { length } = await peer.arrivals();
        expect((await deliver(message)).ok).toBe(true);
        return (await peer.arrivals()).slice(length).map(({ id }) => id);
      };
      const first = await idsOf(messages.message());
      expect(first[0]).toMatch(/\S/);
      expect(await idsOf(messages.message())).toEqual(first);
      const other = messages.alert({
        key: 'gone d8',
        kind: 'gone',
        seq: 18,
        subject: messages.subject({ device: 'd8' }),
      });
      expect(await idsOf(messages.message({ id: 'sipcensus.head-office.18', alerts: [other] }))).not.toEqual(
        first,
      );
    });

    it('opens and sends nothing once it has been called off', async () => {
      const delivery = await deliver(messages.message(), { signal: AbortSignal.abort() });
      expect(delivery).toMatchObject({ ok: false, fault: { reason: 'aborted', retry: true } });
      await systemClock.sleep(100);
      expect(peer.visits()).toBe(0);
      await nothingIsLeft();
    });

    it('ends promptly when it is called off in the middle of a delivery, and leaves nothing open', async () => {
      peer.hold();
      const controller = new AbortController();
      const delivery = deliver(messages.message(), { signal: controller.signal });
      await vi.waitFor(() => expect(peer.visits()).toBeGreaterThan(0), { timeout: 5000, interval: 5 });
      const since = performance.now();
      controller.abort();
      expect(await delivery).toMatchObject({ ok: false, fault: { reason: 'aborted', retry: true } });
      expect(performance.now() - since).toBeLessThan(PROMPTLY_MS);
      await nothingIsLeft();
    });

    it.each(['firing', 'repeat', 'digest'] as const)(
      'delivers whatever text strangers have put into a message whose reason is %s, many at the same time',
      async (reason) => {
        const deliveries = messages.HOSTILE.map(async (text) => ({
          text,
          delivery: await deliver(messages.hostileMessage(text, { reason })),
        }));
        const failed = (await Promise.all(deliveries)).filter(({ delivery }) => !delivery.ok);
        expect(failed).toEqual([]);
        expect((await peer.arrivals()).length).toBeGreaterThanOrEqual(messages.HOSTILE.length);
        await nothingIsLeft();
      },
    );

    it('delivers fifty alerts with texts of 1,024 characters', async () => {
      expect(await deliver(messages.largestMessage())).toEqual({ ok: true, value: undefined });
      expect(await textOf()).toMatch(/\S/);
      await nothingIsLeft();
    });

    const { nowhere, canBeRefused = true } = candidate;
    if (nowhere !== null)
      it('calls a peer that is not there a fault after which to try again, without telling a secret', async () => {
        const delivery = await deliver(messages.message(), { config: await nowhere() });
        expect(delivery).toMatchObject({ ok: false, fault: { retry: true } });
        if (delivery.ok) return;
        expect(['network', 'timeout']).toContain(delivery.fault.reason);
        tellsNoSecret(delivery.fault.detail);
        await nothingIsLeft();
      });

    if (canBeRefused)
      it('tells no secret when the peer refuses and says back what it was told', async () => {
        peer.refuse?.();
        const delivery = await deliver(messages.message());
        expect(delivery.ok).toBe(false);
        if (delivery.ok) return;
        expect(DELIVERY_FAULTS).toContain(delivery.fault.reason);
        tellsNoSecret(delivery.fault.detail);
        await nothingIsLeft();
      });

    function tellsNoSecret(detail: string): void {
      expect(detail).toMatch(/\S/);
      expect(detail.length).toBeLessThanOrEqual(1024);
      expect(detail).not.toMatch(/[\u0000-\u001f]/);
      for (const secret of Object.values(secrets))
        for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
          expect(detail).not.toContain(form);
    }
  });
}
