import type { Endpoint } from '../../model/endpoint.ts';
import type { StreamEndpoint } from '../../platform/ports.ts';
import type { ActiveChannel } from '../channel.ts';
import { createAnswers, type Context } from './answers.ts';
import { config } from './config.ts';
import { askByConnection, LONGEST_MS } from './connections.ts';
import { createCookie } from './cookie.ts';
import { askByDatagram, SENDS } from './datagrams.ts';
import { shuffled } from './shuffle.ts';

export const sipOptions: ActiveChannel<typeof config> = {
  name: 'sip-options',
  mode: 'active',
  config,
  run: async (context) => {
    const targets = inOrder(context.targets);
    const cookie = createCookie();
    const answers = createAnswers(context, cookie, mostToSend(targets));
    await askByDatagram(context, { answers, cookie, targets: targets.filter(isUdp) });
    await askByConnection(context, { answers, cookie, targets: targets.filter(isStream) });
    answers.end();
    answers.tellProgress();
    return answers.report;
  },
};

const isUdp = ({ transport }: Endpoint): boolean => transport === 'udp';
const isStream = (target: Endpoint): target is StreamEndpoint => !isUdp(target);

/** Datagrams and connections of a sweep in which nobody answers. */
export const mostToSend = (targets: readonly Endpoint[]): number =>
  targets.reduce((sum, target) => sum + (isUdp(target) ? SENDS : 1), 0);

/** Seconds that a sweep takes at most, the pace of single hosts left out; `rate` above 0. */
export function longestSeconds(
  targets: readonly Endpoint[],
  { rate, waitMs, maxConnections }: Pick<Context['config'], 'rate' | 'waitMs' | 'maxConnections'>,
): number {
  const streams = targets.filter(isStream);
  const atOnce = Math.min(maxConnections, new Set(streams.map(({ address }) => address)).size);
  const connectingMs = streams.length === 0 ? 0 : Math.ceil(streams.length / atOnce) * LONGEST_MS;
  return Math.max(5, Math.ceil(mostToSend(targets) / rate + (waitMs + connectingMs) / 1000));
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
  return [...Map.groupBy(targets, ({ transport, port }) => `${transport} ${port}`).values()].flatMap(
    (together) => together.sort((a, b) => rankOf(a) - rankOf(b)),
  );
}
