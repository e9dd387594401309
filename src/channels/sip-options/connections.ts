import type { ProbeConnection, StreamEndpoint } from '../../platform/ports.ts';
import { createFrames } from '../../wire/sip/frames.ts';
import type { Answers, Context } from './answers.ts';
import type { Cookie } from './cookie.ts';
import { buildProbe } from './probe.ts';

/** How long connecting may take, TLS handshake included: a lost SYN is sent again after 1 s (RFC 6298 2.1), and phones compute slowly. */
const CONNECT_MS = 3000;

/** How long an open connection waits for its answer: nothing is lost on the way, and a phone has few sockets to spare. */
const ANSWER_MS = 5000;

/** Longest life of a connection: connecting, waiting, and at most 2 s for its end. */
export const LONGEST_MS = 10_000;

interface Asking {
  answers: Answers;
  cookie: Cookie;
  targets: readonly StreamEndpoint[];
}

/** Asks every target by TCP or TLS, a few at once and each once; ends when every connection has, soon when the signal aborts. */
export async function askByConnection(context: Context, asking: Asking): Promise<void> {
  const { clock, net, signal, config } = context;
  const open = new Map<string, Promise<void>>();
  for (const target of asking.targets) {
    const { address } = target;
    while (open.size >= config.maxConnections || open.has(address)) await Promise.race(open.values());
    for (let ms = net.waitFor(address); ms && !signal.aborted; ms = net.waitFor(address))
      await clock.sleep(Math.ceil(ms), signal);
    if ((await net.takeTurn(1, signal)) === 0) break;
    const ended = ask(context, asking, target).finally(() => {
      open.delete(address);
      asking.answers.tellProgress();
    });
    open.set(address, ended);
  }
  await Promise.all(open.values());
}

async function ask({ clock, net, signal }: Context, asking: Asking, target: StreamEndpoint): Promise<void> {
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
    const end = listen(connection, answers, target, () => heard.abort());
    connection.send(
      buildProbe(
        target,
        { address: connection.localAddress, port: connection.localPort },
        asking.cookie.of(target),
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
  target: StreamEndpoint,
  onHeard: () => void,
): () => void {
  const { certificate } = connection;
  const frames = createFrames();
  const targetAt = (port: number): StreamEndpoint | undefined => (port === target.port ? target : undefined);
  const hear = (bytes: Uint8Array): void => void answers.hear({ bytes, from: target, targetAt, certificate });
  connection.onBytes((bytes) => {
    if (bytes !== null) frames.push(bytes).forEach(hear);
    if (bytes === null || frames.fault !== null || answers.hasFinal(target)) onHeard();
  });
  return () => {
    const rest = frames.rest();
    if (rest === null || answers.hasFinal(target)) return;
    if (rest.hasWholeHead) {
      hear(rest.bytes);
    } else {
      answers.report.heard += 1;
      answers.refuse('malformed');
    }
  };
}
