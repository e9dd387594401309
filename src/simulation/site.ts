import type { Clock } from '../platform/ports.ts';
import { answersTo } from './answer.ts';
import type { SiteNet, SiteSocket } from './net.ts';
import type { SimulatedPhone } from './phone.ts';
import type { Change } from './plan.ts';
import { subscribeOf } from './pnp.ts';

/** `sip.mcast.net`, where phones look for a provisioning server. */
const PNP_GROUP = { address: '224.0.1.75', port: 5060 };
/** The loopback interface: multicast of the site reaches listeners on this machine and nobody else. */
const LOOPBACK = '127.0.0.1';

export interface SiteOptions {
  phones: readonly SimulatedPhone[];
  /** What happens while it runs, one each `changeEveryMs`; none for a site that stays as it is. */
  changes?: readonly Change[];
  changeEveryMs?: number;
  /** Pause between two boots of all phones that look for a provisioning server. */
  bootEveryMs?: number;
  net: SiteNet;
  clock: Clock;
  /** Ends the site. */
  signal: AbortSignal;
  onChange?: (change: Change) => void;
}

export interface Site {
  /** Who stands there now. */
  phones(): SimulatedPhone[];
  /** Resolves when the signal has ended the site and every socket is closed; rejects when a change could not be made. */
  ended: Promise<void>;
}

// Whoever listens for ten seconds, as `listen` and `scan` do unless told otherwise, hears every phone.
const BOOT_EVERY_MS = 8_000;
const CHANGE_EVERY_MS = 20_000;

/** Puts every phone on its own address. Resolves when all are up; throws AppError, with nothing left open, when one cannot be. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const { net, clock } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const running = new Map<string, RunningPhone>();
  const closeAll = async (): Promise<void> => {
    await Promise.all([...running.values()].map((phone) => phone.close()));
  };
  const apply = async (phone: SimulatedPhone): Promise<void> => {
    const before = running.get(phone.id);
    // Out of the list first: nobody boots a phone whose sockets are closing.
    running.delete(phone.id);
    await before?.close();
    running.set(phone.id, await startPhone(phone, net));
  };

  const bootAgain = async (): Promise<void> => {
    while (!signal.aborted) {
      for (const phone of running.values()) phone.boot(clock.now());
      await clock.sleep(options.bootEveryMs ?? BOOT_EVERY_MS, signal);
    }
  };
  const change = async (): Promise<void> => {
    for (const next of options.changes ?? []) {
      await clock.sleep(options.changeEveryMs ?? CHANGE_EVERY_MS, signal);
      if (signal.aborted) return;
      await apply(next.phone);
      running.get(next.phone.id)?.boot(clock.now());
      options.onChange?.(next);
    }
  };

  try {
    for (const phone of options.phones) await apply(phone);
  } catch (error) {
    await closeAll();
    throw error;
  }
  return {
    phones: () => [...running.values()].map(({ phone }) => phone),
    ended: Promise.all([bootAgain(), change()]).then(closeAll, async (error: unknown) => {
      failed.abort();
      await closeAll();
      throw error;
    }),
  };
}

interface RunningPhone {
  phone: SimulatedPhone;
  /** Sends the SUBSCRIBE of a boot, if the phone is of that kind. */
  boot(at: number): void;
  close(): Promise<void>;
}

async function startPhone(phone: SimulatedPhone, net: SiteNet): Promise<RunningPhone> {
  const { answer, pnp } = phone.model;
  const answering = answer === null ? [] : [answer.port, ...answer.alsoOn];
  const sockets = new Map<number, SiteSocket>();
  const close = async (): Promise<void> => {
    await Promise.all([...sockets.values()].map((socket) => socket.close()));
  };
  try {
    for (const port of new Set([...answering, ...(pnp === null ? [] : [pnp.port])]))
      sockets.set(port, await net.openUdp({ address: phone.address, port }));
  } catch (error) {
    await close();
    throw error;
  }
  for (const port of answering) {
    const listening = sockets.get(port);
    listening?.onDatagram((datagram) => {
      for (const bytes of answersTo(phone, datagram)) listening.send(bytes, datagram.address, datagram.port);
    });
  }
  const booting = pnp && sockets.get(pnp.port);
  booting?.sendMulticastFrom(LOOPBACK);
  return {
    phone,
    boot(at) {
      const subscribe = subscribeOf(phone, at);
      if (subscribe !== null) booting?.send(subscribe, PNP_GROUP.address, PNP_GROUP.port);
    },
    close,
  };
}
