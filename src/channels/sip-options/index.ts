import type { Static } from 'typebox';
import type { Endpoint } from '../../model/endpoint.ts';
import { MAX_RAW_BYTES, type Sighting } from '../../model/sighting.ts';
import type { Datagram, ProbeSocket } from '../../platform/ports.ts';
import { parseCSeq } from '../../wire/sip/cseq.ts';
import { headerValue } from '../../wire/sip/headers.ts';
import type { SipMessage, SipResponse } from '../../wire/sip/message.ts';
import { parseSip } from '../../wire/sip/parse.ts';
import { parseVia } from '../../wire/sip/via.ts';
import type { ActiveContext, ActiveChannel, ChannelReport, Refusal } from '../channel.ts';
import { config } from './config.ts';
import { createCookie, type Cookie } from './cookie.ts';
import { factsOf } from './facts.ts';
import { buildProbe } from './probe.ts';
import { shuffled } from './shuffle.ts';

/** Most datagrams sent before the loop looks at the answers again. */
const TURN = 64;

/** When a host is asked, counted from the first time: RFC 3261 17.1.2.2 (Timer E), of which three are enough on a LAN. */
const SEND_AT_MS = [0, 500, 1500] as const;

/** Most datagrams that one endpoint gets in a sweep. */
export const SENDS = SEND_AT_MS.length;

type Context = ActiveContext<Static<typeof config>>;

export const sipOptions: ActiveChannel<typeof config> = {
  name: 'sip-options',
  mode: 'active',
  config,
  run: async (context) => {
    const sweep = createSweep(context);
    try {
      await sweep.openSockets();
      for (const afterMs of SEND_AT_MS) await sweep.sendRound(afterMs);
      await sweep.awaitAnswers();
    } finally {
      await sweep.close();
    }
    return sweep.report;
  },
};

/** One run: what is kept of each target is where it is in the three sends, and whether it has answered. */
function createSweep(context: Context) {
  const { clock, net, signal, config: settings } = context;
  const cookie = createCookie();
  const targets = inOrder(context.targets);
  const indexOf = new Map(targets.map((target, index) => [keyOf(target.address, target.port), index]));
  const firstLeftAt = new Float64Array(targets.length);
  const answered = new Uint8Array(targets.length);
  const provisional = new Map<number, Sighting>();
  const sockets = new Map<string, ProbeSocket>();
  const socketOf: ProbeSocket[] = [];
  const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
  let answers = 0;
  let lastLeftAt = clock.monotonic();
  const allAnswered = new AbortController();
  const stop = AbortSignal.any([signal, allAnswered.signal]);

  const refuse = (reason: Refusal): void => {
    report.refused[reason] = (report.refused[reason] ?? 0) + 1;
  };
  const tellProgress = (): void =>
    context.onProgress({
      sent: report.sent,
      mostToSend: targets.length * SENDS,
      answered: answers,
    });

  const markAnswered = (index: number): void => {
    if (answered[index] === 1) return;
    answered[index] = 1;
    answers += 1;
    if (answers === targets.length) allAnswered.abort();
  };

  const hear = (datagram: Datagram): void => {
    report.heard += 1;
    const read = readAnswer(datagram, cookie);
    if ('refusal' in read) return refuse(read.refusal);
    const index = indexOf.get(keyOf(datagram.address, read.port));
    if (index === undefined) return refuse('unsolicited');
    const from: Endpoint = {
      site: context.site,
      transport: 'udp',
      address: datagram.address,
      port: read.port,
    };
    const sighting: Sighting = {
      channel: 'sip-options',
      at: clock.now(),
      from,
      solicited: true,
      facts: factsOf(read.answer),
      raw: datagram.bytes.slice(0, MAX_RAW_BYTES),
    };
    const isFinal = read.answer.statusCode >= 200;
    if (answered[index] === 1 && !(isFinal && provisional.delete(index))) return refuse('duplicate');
    markAnswered(index);
    if (isFinal) context.emit(sighting);
    else provisional.set(index, sighting);
  };

  const sendTo = (target: Endpoint, index: number): void => {
    const socket = socketOf[index];
    if (socket === undefined) return;
    const bytes = buildProbe(
      target,
      { address: socket.localAddress, port: socket.localPort },
      cookie.of(target.address, target.port),
    );
    const refusal = socket.send(bytes, target, (error) => {
      lastLeftAt = clock.monotonic();
      if (firstLeftAt[index] === 0) firstLeftAt[index] = lastLeftAt;
      if (error !== null) refuse('send-failed');
    });
    if (refusal === null) report.sent += 1;
    else refuse(refusal);
  };

  return {
    report,

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
    async sendRound(afterMs: number): Promise<void> {
      let budget = 0;
      for (const [index, target] of targets.entries()) {
        if (signal.aborted) return;
        if (answered[index] === 1) continue;
        const dueMs = afterMs === 0 ? 0 : (firstLeftAt[index] ?? 0) + afterMs - clock.monotonic();
        const waitMs = Math.max(dueMs, net.waitFor(target.address) ?? 0);
        if (waitMs > 0) await clock.sleep(Math.ceil(waitMs), stop);
        if (budget === 0) {
          budget = await net.takeTurn(TURN, signal);
          tellProgress();
        }
        if (budget === 0 || answered[index] === 1) continue;
        budget -= 1;
        sendTo(target, index);
      }
    },

    async awaitAnswers(): Promise<void> {
      const until = (): number => lastLeftAt + settings.waitMs - clock.monotonic();
      while (until() > 0 && answers < targets.length && !signal.aborted) {
        await clock.sleep(Math.min(until(), 250), stop);
        tellProgress();
      }
      for (const sighting of provisional.values()) context.emit(sighting);
    },

    async close(): Promise<void> {
      await Promise.all([...sockets.values()].map((socket) => socket.close()));
      tellProgress();
    },
  };
}

/**
 * Hosts in random order, and the second port of a host only after the first port of all, so that the pause that is due to one host
 * keeps no other waiting.
 */
function inOrder(targets: readonly Endpoint[]): Endpoint[] {
  const rank = new Map(
    shuffled([...new Set(targets.map(({ address }) => address))]).map((address, index) => [address, index]),
  );
  const rankOf = ({ address }: Endpoint): number => rank.get(address) ?? 0;
  const ports = [...new Set(targets.map(({ port }) => port))];
  return ports.flatMap((port) =>
    targets.filter((target) => target.port === port).sort((a, b) => rankOf(a) - rankOf(b)),
  );
}

const keyOf = (address: string, port: number): string => `${address} ${port}`;

type Read = { answer: SipResponse; port: number } | { refusal: Refusal };

/**
 * Whether a datagram answers a probe of ours to its own source address: cookie in the top Via branch, or in the Call-ID where a
 * device damaged the Via; CSeq of an OPTIONS. Any status from 100 to 699 is an answer (RFC 3261 11.2).
 */
function readAnswer(datagram: Datagram, cookie: Cookie): Read {
  const parsed = parseSip(datagram.bytes);
  if (!parsed.ok)
    return { refusal: parsed.fault === 'not-sip' || parsed.fault === 'empty' ? 'not-sip' : 'malformed' };
  const message = parsed.value;
  const port = probedPort(message, datagram.address, cookie);
  if (message.kind === 'request') return { refusal: port === null ? 'unsolicited' : 'own-echo' };
  if (port === null || parseCSeq(headerValue(message, 'CSeq') ?? '')?.method !== 'OPTIONS')
    return { refusal: 'unsolicited' };
  return { answer: message, port };
}

function probedPort(message: SipMessage, address: string, cookie: Cookie): number | null {
  const branch = parseVia(headerValue(message, 'Via') ?? '')?.params.get('branch') ?? '';
  return cookie.portFrom(branch, address) ?? cookie.portFrom(headerValue(message, 'Call-ID') ?? '', address);
}
