import type { Endpoint } from '../../model/endpoint.ts';
import type { Datagram, ProbeSocket } from '../../platform/ports.ts';
import { AppError } from '../../model/app-error.ts';
import type { Context } from './answers.ts';
import type { Asking } from './asking.ts';
import type { Part } from './connections.ts';
import { createProbes, type Probes } from './probes.ts';

/** Most datagrams sent before the loop looks at the answers again: it reads as many from a socket in one go. */
const TURN = 32;

/** When a host is asked, counted from the first time: RFC 3261 17.1.2.2 (Timer E), of which three are enough on a LAN. */
const SEND_AT_MS = [0, 500, 1500] as const;

/** Most datagrams that one endpoint gets in a sweep. */
export const SENDS = SEND_AT_MS.length;

/** Where the system dropped what was handed to it, it is asked again after this pause, so often at most. */
const AGAIN_AFTER_MS = 100;
const MOST_AGAIN = 100;
/** Datagrams between two looks at whether any were dropped. */
const LOOK_EVERY = 128;

/** Without a limit of rate the wait for the last answers follows the slowest so far, as a retransmission timer does, from here on. */
const SHORTEST_WAIT_MS = 250;
const WAIT_BY_SLOWEST = 4;

/** Asks by UDP, part by part, through sockets that hear answers until they are closed. */
export interface Datagrams {
  /** Asks the UDP endpoints of a part, three times where nobody answers. */
  ask(part: Part): Promise<void>;
  /** Waits for the answers to what was sent last. */
  awaitAnswers(): Promise<void>;
  close(): Promise<void>;
}

const NOT_YET = -1;

interface Way {
  socket: ProbeSocket;
  probes: Probes;
}

/** What is kept of each target is when it was first asked and how often; the rest is in the answers. */
export function createDatagrams(context: Context, asking: Asking): Datagrams {
  const { clock, net, signal, targets, config: settings } = context;
  const { answers, cookies } = asking;
  const ways = createWays(context, hear);
  const firstLeftAt = new Float64Array(targets.length).fill(NOT_YET);
  const copies = new Uint8Array(targets.length);
  let lastLeftAt = clock.monotonic();
  let slowestMs = 0;
  let asked = 0;
  let answered = 0;
  let everyoneIsIn = new AbortController();
  let isFirstRound = true;

  function hear({ bytes, address }: Datagram): void {
    const before = answers.count;
    const index = answers.hear({ bytes, from: { transport: 'udp', address } });
    if (index === null || answers.count === before) return;
    answered += 1;
    asking.skipped += SENDS - (copies[index] ?? 0);
    slowestMs = Math.max(slowestMs, clock.monotonic() - (firstLeftAt[index] ?? 0));
    noteWhetherAllAreIn();
  }

  /** Who waits for no answer any more need not sleep. */
  const noteWhetherAllAreIn = (): void => {
    if (!isFirstRound && answered === asked) everyoneIsIn.abort();
  };

  const sleep = (ms: number): Promise<void> =>
    clock.sleep(Math.ceil(ms), AbortSignal.any([signal, everyoneIsIn.signal]));

  const sendTo = (target: Endpoint, index: number, { socket, probes }: Way): boolean => {
    const refusal = socket.send(probes.of(target, cookies.of(index)), target, (error) => {
      lastLeftAt = clock.monotonic();
      if (firstLeftAt[index] === NOT_YET) firstLeftAt[index] = lastLeftAt;
      if (error !== null) answers.refuse('send-failed');
    });
    if (socket.holdsBytes) probes.keep();
    if (refusal === null) answers.report.sent += 1;
    else if (refusal !== 'queue-full') answers.refuse(refusal);
    return refusal !== 'queue-full';
  };

  /** Milliseconds until a target may be asked in this round; null where it is not to be asked. */
  const dueIn = (target: Endpoint, index: number, afterMs: number): number | null => {
    const waitMs = net.waitFor(target.address);
    if (waitMs === null || answers.has(index) || signal.aborted) return null;
    const link = net.linkState(target.address);
    // A copy for an address that is being resolved would only join the one before it, and leave with it.
    if (link === 'silent' || (afterMs > 0 && link === 'resolving')) return null;
    if (afterMs === 0) return waitMs;
    return Math.max(0, waitMs, (firstLeftAt[index] ?? 0) + afterMs - clock.monotonic());
  };

  /** Sends to those of a part that have not answered; resolves to those whose datagrams the system has dropped meanwhile. */
  const pass = async (indexes: Iterable<number>, afterMs: number): Promise<number[]> => {
    const lost: number[] = [];
    let unsure: number[] = [];
    let budget = 0;
    let dropped = net.droppedCount();
    const look = (): void => {
      const now = net.droppedCount();
      if (now !== dropped)
        for (const index of unsure) {
          lost.push(index);
          copies[index] = (copies[index] ?? 1) - 1;
        }
      dropped = now;
      unsure = [];
    };
    for (const index of indexes) {
      const target = targets.at(index);
      if (target?.transport !== 'udp') continue;
      if (budget === 0) {
        if (unsure.length >= LOOK_EVERY) look();
        budget = await net.takeTurn(TURN, signal);
        asking.tellProgress();
      }
      // Nothing is awaited where nothing has to be: a promise for each datagram would take a third of a fast sweep.
      let ms = dueIn(target, index, afterMs);
      for (; ms !== null && ms > 0; ms = dueIn(target, index, afterMs)) await sleep(ms);
      let way = ms === null ? null : ways.known(target.address);
      if (way === undefined) way = await ways.open(target.address);
      if (way === null) {
        if (!answers.has(index)) asking.skipped += 1;
        continue;
      }
      budget -= 1;
      unsure.push(index);
      copies[index] = (copies[index] ?? 0) + 1;
      if (firstLeftAt[index] === NOT_YET) asked += 1;
      while (!sendTo(target, index, way) && !signal.aborted) await clock.sleep(1, signal);
    }
    look();
    return lost;
  };

  return {
    async ask({ from, until }) {
      everyoneIsIn = new AbortController();
      for (const afterMs of SEND_AT_MS) {
        isFirstRound = afterMs === 0;
        let lost = await pass(numbers(from, until), afterMs);
        for (let times = 0; lost.length > 0 && times < MOST_AGAIN && !signal.aborted; times++) {
          await sleep(AGAIN_AFTER_MS);
          lost = await pass(lost, afterMs);
        }
        isFirstRound = false;
        noteWhetherAllAreIn();
      }
    },

    async awaitAnswers() {
      const waitMs = (): number =>
        settings.rate > 0 || answered === 0
          ? settings.waitMs
          : Math.min(settings.waitMs, Math.max(SHORTEST_WAIT_MS, WAIT_BY_SLOWEST * slowestMs));
      const left = (): number => lastLeftAt + waitMs() - clock.monotonic();
      while (asked > 0 && left() > 0 && answered < asked && !signal.aborted) {
        await sleep(Math.min(left(), 250));
        asking.tellProgress();
      }
    },

    close: () => ways.close(),
  };
}

function* numbers(from: number, until: number): Generator<number> {
  for (let index = from; index < until; index++) yield index;
}

/** One socket per local address, its own and never 5060: on the host of a PBX nothing is taken from it. */
function createWays({ net }: Context, hear: (datagram: Datagram) => void) {
  const byLocal = new Map<string, Way>();
  const byBlock = new Map<string, Way | null>();
  let trouble: AppError | null = null;

  const open = async (address: string): Promise<Way | null> => {
    try {
      const local = await net.localAddressFor(address);
      const known = byLocal.get(local);
      if (known !== undefined) return known;
      const socket = await net.openProbeSocket(local);
      socket.onDatagram(hear);
      const way = { socket, probes: createProbes({ address: socket.localAddress, port: socket.localPort }) };
      byLocal.set(local, way);
      return way;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      trouble ??= error;
      return null;
    }
  };
  return {
    /** The way to an address: that of its /24, which one route leads to (an IPv6 address has its own); null where none leads there, undefined before it was asked. */
    known: (address: string): Way | null | undefined => byBlock.get(blockOf(address)),
    async open(address: string): Promise<Way | null> {
      const way = await open(address);
      byBlock.set(blockOf(address), way);
      return way;
    },
    async close(): Promise<void> {
      await Promise.all([...byLocal.values()].map(({ socket }) => socket.close()));
      if (byLocal.size === 0 && trouble !== null) throw trouble;
    },
  };
}

const blockOf = (address: string): string =>
  address.includes(':') ? address : address.slice(0, address.lastIndexOf('.'));
