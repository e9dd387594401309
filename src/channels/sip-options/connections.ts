import type { ProbeConnection, StreamEndpoint } from '../../platform/ports.ts';
import { createFrames } from '../../wire/sip/frames.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Answers, Context } from './answers.ts';
import type { Asking } from './asking.ts';
import { buildProbe } from './probe.ts';

/** How long connecting may take, TLS handshake included: a lost SYN is sent again after 1 s (RFC 6298 2.1), and phones compute slowly. */
const CONNECT_MS = 3000;

/** How long an open connection waits for its answer: nothing is lost on the way, and a phone has few sockets to spare. */
const ANSWER_MS = 5000;

/** Longest life of a connection: connecting, waiting, and at most 2 s for its end. */
export const LONGEST_MS = 10_000;

/** Some of the targets: from this number up to, and without, that one. */
export interface Part {
  from: number;
  until: number;
}

/** Asks the TCP and TLS endpoints of a part, a few at once and each once; ends when every connection has, soon when the signal aborts. */
export async function askByConnection(
  context: Context,
  asking: Asking,
  { from, until }: Part,
): Promise<void> {
  const { net, signal, config, targets } = context;
  const open = new Map<string, Promise<void>>();
  for (let index = from; index < until && !signal.aborted; index++) {
    const target = targets.at(index);
    if (target === undefined || !isStream(target)) continue;
    const { address } = target;
    while (open.size >= config.maxConnections || open.has(address)) await Promise.race(open.values());
    if (!(await isAskable(context, target)) || (await net.takeTurn(1, signal)) === 0) {
      asking.skipped += 1;
      continue;
    }
    const ended = ask(context, asking, { index, target }).finally(() => {
      open.delete(address);
      asking.tellProgress();
    });
    open.set(address, ended);
  }
  await Promise.all(open.values());
}

const isStream = (target: Endpoint): target is StreamEndpoint => target.transport !== 'udp';

/** Waits until the host may be sent to; false where it may not in this sweep, or where nobody is at that address. */
async function isAskable({ clock, net, signal }: Context, to: StreamEndpoint): Promise<boolean> {
  const { address } = to;
  let ms = net.waitFor(address);
  for (; ms !== null && ms > 0 && !signal.aborted; ms = net.waitFor(address))
    await clock.sleep(Math.ceil(ms), signal);
  return ms !== null && net.linkState(address) !== 'silent' && !net.spares(to);
}

async function ask(
  { clock, net, signal }: Context,
  asking: Asking,
  { index, target }: { index: number; target: StreamEndpoint },
): Promise<void> {
  const { answers } = asking;
  const opened = await net.connect(target, CONNECT_MS, signal);
  if (!opened.ok) {
    countFault(answers, opened.fault);
    return;
  }
  answers.report.sent += 1;
  const connection = opened.value;
  const heard = new AbortController();
  try {
    const end = listen(connection, answers, { index, target }, () => heard.abort());
    connection.send(
      buildProbe(
        target,
        { address: connection.localAddress, port: connection.localPort },
        asking.cookies.of(index),
      ),
    );
    await clock.sleep(ANSWER_MS, AbortSignal.any([signal, heard.signal]));
    end();
  } finally {
    await connection.close();
  }
}

type ConnectRefusal = Extract<Awaited<ReturnType<Context['net']['connect']>>, { ok: false }>['fault'];

/** Nobody at home is silence, as it is over UDP. */
function countFault(answers: Answers, fault: ConnectRefusal): void {
  switch (fault) {
    case 'out-of-scope':
    case 'rate-limited':
    case 'queue-full':
      return answers.refuse(fault);
    case 'failed':
      answers.report.sent += 1;
      return answers.refuse('send-failed');
    case 'no-tls':
      answers.report.sent += 1;
      answers.report.heard += 1;
      return answers.refuse('not-sip');
    case 'unreachable':
      answers.report.sent += 1;
  }
}

/**
 * Reads what comes until the final answer, the end of the stream, or what cannot be read, and calls `onHeard` then. The result is
 * to be called when nothing more is awaited: it reads an answer whose body never came whole.
 */
function listen(
  connection: ProbeConnection,
  answers: Answers,
  { index, target }: { index: number; target: StreamEndpoint },
  onHeard: () => void,
): () => void {
  const { certificate } = connection;
  const frames = createFrames();
  const hear = (bytes: Uint8Array): void =>
    void answers.hear({ bytes, from: target, certificate, only: index });
  connection.onBytes((bytes) => {
    if (bytes !== null) frames.push(bytes).forEach(hear);
    if (bytes === null || frames.fault !== null || answers.hasFinal(index)) onHeard();
  });
  return () => {
    const rest = frames.rest();
    if (rest === null || answers.hasFinal(index)) return;
    if (rest.hasWholeHead) {
      hear(rest.bytes);
    } else {
      answers.report.heard += 1;
      answers.refuse('malformed');
    }
  };
}
