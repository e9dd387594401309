import type { Endpoint } from '../../model/endpoint.ts';
import type { Datagram, ProbeSocket } from '../../platform/ports.ts';
import type { Answers, Context } from './answers.ts';
import type { Cookie } from './cookie.ts';
import { buildProbe } from './probe.ts';

/** Most datagrams sent before the loop looks at the answers again. */
const TURN = 64;

/** When a host is asked, counted from the first time: RFC 3261 17.1.2.2 (Timer E), of which three are enough on a LAN. */
const SEND_AT_MS = [0, 500, 1500] as const;

/** Most datagrams that one endpoint gets in a sweep. */
export const SENDS = SEND_AT_MS.length;

/** Asks every target by UDP; ends when all have answered or been awaited, or the signal aborts. */
export async function askByDatagram(
  context: Context,
  { answers, cookie, targets }: { answers: Answers; cookie: Cookie; targets: readonly Endpoint[] },
): Promise<void> {
  if (targets.length === 0) return;
  const round = createRounds(context, answers, cookie, targets);
  try {
    await round.openSockets();
    for (const afterMs of SEND_AT_MS) await round.send(afterMs);
    await round.awaitAnswers();
  } finally {
    await round.close();
  }
}

/** What is kept of each target is when it was first asked, and whether it has answered. */
function createRounds(context: Context, answers: Answers, cookie: Cookie, targets: readonly Endpoint[]) {
  const { clock, net, signal, config: settings } = context;
  const targetOf = new Map(targets.map((target) => [keyOf(target.address, target.port), target]));
  const answered = new Set<Endpoint>();
  const firstLeftAt = new Float64Array(targets.length);
  const sockets = new Map<string, ProbeSocket>();
  const socketOf: ProbeSocket[] = [];
  let lastLeftAt = clock.monotonic();
  const allAnswered = new AbortController();
  const stop = AbortSignal.any([signal, allAnswered.signal]);

  const hear = ({ bytes, address }: Datagram): void => {
    const target = answers.hear({
      bytes,
      from: { transport: 'udp', address },
      targetAt: (port) => targetOf.get(keyOf(address, port)),
    });
    if (target === null) return;
    answered.add(target);
    if (answered.size === targets.length) allAnswered.abort();
  };

  const sendTo = (target: Endpoint, index: number): void => {
    const socket = socketOf[index];
    if (socket === undefined) return;
    const bytes = buildProbe(
      target,
      { address: socket.localAddress, port: socket.localPort },
      cookie.of(target),
    );
    const refusal = socket.send(bytes, target, (error) => {
      lastLeftAt = clock.monotonic();
      if (firstLeftAt[index] === 0) firstLeftAt[index] = lastLeftAt;
      if (error !== null) answers.refuse('send-failed');
    });
    if (refusal === null) answers.report.sent += 1;
    else answers.refuse(refusal);
  };

  return {
    /** One socket per local address, its own and never 5060: on the host of a PBX nothing is taken from it. */
    async openSockets(): Promise<void> {
      const localOf = new Map<string, string>();
      for (const [index, target] of targets.entries()) {
        const block = target.address.replace(/\.\d+$/, '');
        const local = localOf.get(block) ?? (await net.localAddressFor(target.address));
        localOf.set(block, local);
        let socket = sockets.get(local);
        if (socket === undefined) {
          socket = await net.openProbeSocket(local);
          socket.onDatagram(hear);
          sockets.set(local, socket);
        }
        socketOf[index] = socket;
      }
    },

    /** Asks every host that has not answered, in the same order each time, so that who is due first comes first. */
    async send(afterMs: number): Promise<void> {
      let budget = 0;
      for (const [index, target] of targets.entries()) {
        if (signal.aborted) return;
        if (answered.has(target)) continue;
        const dueMs = afterMs === 0 ? 0 : (firstLeftAt[index] ?? 0) + afterMs - clock.monotonic();
        const waitMs = Math.max(dueMs, net.waitFor(target.address) ?? 0);
        if (waitMs > 0) await clock.sleep(Math.ceil(waitMs), stop);
        if (budget === 0) {
          budget = await net.takeTurn(TURN, signal);
          answers.tellProgress();
        }
        if (budget === 0 || answered.has(target)) continue;
        budget -= 1;
        sendTo(target, index);
      }
    },

    async awaitAnswers(): Promise<void> {
      const until = (): number => lastLeftAt + settings.waitMs - clock.monotonic();
      while (until() > 0 && answered.size < targets.length && !signal.aborted) {
        await clock.sleep(Math.min(until(), 250), stop);
        answers.tellProgress();
      }
    },

    async close(): Promise<void> {
      await Promise.all([...sockets.values()].map((socket) => socket.close()));
    },
  };
}

const keyOf = (address: string, port: number): string => `${address} ${port}`;
