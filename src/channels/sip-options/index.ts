import type { ActiveChannel, Targets } from '../channel.ts';
import { createAnswers, type Context } from './answers.ts';
import type { Asking } from './asking.ts';
import { config } from './config.ts';
import { askByConnection, LONGEST_MS, type Part } from './connections.ts';
import { createCookies } from './cookies.ts';
import { createDatagrams, SENDS } from './datagrams.ts';

export const sipOptions: ActiveChannel<typeof config> = {
  name: 'sip-options',
  mode: 'active',
  config,
  run: async (context) => {
    const { targets, startAt = 0 } = context;
    const cookies = createCookies(targets.length);
    const answers = createAnswers(context, { targets, cookies });
    const most = mostToSend(targets, startAt);
    let position = startAt;
    const asking: Asking = {
      answers,
      cookies,
      skipped: 0,
      tellProgress: () =>
        context.onProgress({
          sent: answers.report.sent,
          mostToSend: Math.max(answers.report.sent, most - asking.skipped),
          answered: answers.count,
          position,
        }),
    };
    const datagrams = createDatagrams(context, asking);
    try {
      for (const part of partsOf(context)) {
        await datagrams.ask(part);
        await askByConnection(context, asking, part);
        if (context.signal.aborted) break;
        // The part before the last one is done with: answers to this one may still be on their way.
        position = part.from;
      }
      await datagrams.awaitAnswers();
    } finally {
      await datagrams.close();
    }
    answers.end();
    asking.tellProgress();
    return answers.report;
  },
};

/** Seconds of sending in one part: what is asked again when a sweep goes on after a stop. */
const PART_SECONDS = 30;

/** Parts of the targets in their order; without a limit of rate all are one. */
function* partsOf({ targets, startAt = 0, config: { rate } }: Context): Generator<Part> {
  const size = rate === 0 ? Math.max(1, targets.length) : rate * PART_SECONDS;
  for (let from = startAt; from < targets.length; from += size)
    yield { from, until: Math.min(targets.length, from + size) };
}

/** Datagrams and connections of a sweep in which nobody answers. */
export function mostToSend(targets: Targets, startAt = 0): number {
  let sum = 0;
  for (let index = startAt; index < targets.length; index++) {
    const target = targets.at(index);
    if (target !== undefined) sum += target.transport === 'udp' ? SENDS : 1;
  }
  return sum;
}

/** Seconds that a sweep takes at most, the pace of single hosts left out; `rate` above 0. */
export function longestSeconds(
  targets: Targets,
  { rate, waitMs, maxConnections }: Pick<Context['config'], 'rate' | 'waitMs' | 'maxConnections'>,
): number {
  const hosts = new Set<string>();
  let streams = 0;
  for (let index = 0; index < targets.length; index++) {
    const target = targets.at(index);
    if (target === undefined || target.transport === 'udp') continue;
    streams += 1;
    hosts.add(target.address);
  }
  const atOnce = Math.min(maxConnections, hosts.size);
  const connectingMs = streams === 0 ? 0 : Math.ceil(streams / atOnce) * LONGEST_MS;
  return Math.max(5, Math.ceil(mostToSend(targets) / rate + (waitMs + connectingMs) / 1000));
}
