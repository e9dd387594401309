import { randomInt } from 'node:crypto';
import type { Static } from 'typebox';
import { aborted } from '../../model/aborted.ts';
import type { Datagram, GroupSocket, ListeningSocket } from '../../platform/ports.ts';
import { buildQuery } from '../../wire/dns/build.ts';
import { isStandard, TYPE } from '../../wire/dns/message.ts';
import { parseDns } from '../../wire/dns/parse.ts';
import type { ChannelReport, GroupChannel, GroupContext, Refusal } from '../channel.ts';
import { createFlood } from '../flood.ts';
import { createAudience, MDNS_PORT } from './audience.ts';
import { config } from './config.ts';
import { MOST_READ, MOST_TAKEN } from './limits.ts';
import { createMemory } from './memory.ts';
import { isBrowsing, isForOthers, readNews, type Interest } from './news.ts';
import { SIP_SERVICES } from './speaker.ts';

export const MDNS_GROUP = '224.0.0.251';
/** RFC 6762 5.2: the first question after 20 to 120 ms, the next a second later, then half as often each time, hourly at last. */
const FIRST_AFTER_MS = { min: 20, max: 121 };
const FIRST_INTERVAL_MS = 1000;
const LONGEST_INTERVAL_MS = 3_600_000;

type Context = GroupContext<Static<typeof config>>;

/** Asks the LAN who offers SIP, and hears what phones and door stations announce and look for. It never registers or answers. */
export const mdns: GroupChannel<typeof config> = {
  name: 'mdns',
  mode: 'group',
  config,
  needsRule: true,
  run: async (context) => {
    const { net, signal, config: settings } = context;
    const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
    const audience = createAudience(context);
    const open: ListeningSocket[] = [];
    const hear = createHearer(context, audience, open);
    const listenTo = <S extends ListeningSocket>(socket: S): S => {
      open.push(socket);
      socket.onDatagram((datagram) => {
        report.heard += 1;
        count(report, hear(datagram));
      });
      return socket;
    };
    try {
      listenTo(await net.joinGroup(MDNS_GROUP, MDNS_PORT, settings.interfaces));
      if (settings.ask) {
        const sockets = await net.openGroupSockets(MDNS_GROUP, MDNS_PORT, settings.interfaces);
        await askUntilAborted(context, sockets.map(listenTo), report);
      } else await aborted(signal);
    } finally {
      await Promise.all(open.map((socket) => socket.close()));
      await audience.end();
    }
    return report;
  },
};

const count = (report: ChannelReport, refusal: Refusal | null): void => {
  if (refusal !== null) report.refused[refusal] = (report.refused[refusal] ?? 0) + 1;
};

function createHearer(
  { clock, net, config: settings }: Context,
  audience: ReturnType<typeof createAudience>,
  own: readonly ListeningSocket[],
): (datagram: Datagram) => Refusal | null {
  const [read, taken] = [createFlood(clock, MOST_READ), createFlood(clock, MOST_TAKEN)];
  const browsers = createMemory();
  const interest = interestOf(settings);
  const isOwn = ({ address, port }: Datagram): boolean =>
    own.some(({ localAddress, localPort }) => localAddress === address && localPort === port);

  return (datagram) => {
    const { address, bytes } = datagram;
    // Multicast comes back to the host that sent it.
    if (isOwn(datagram)) return 'own-echo';
    if (!net.isInScope(address)) return 'out-of-scope';
    if (read.isOver(address)) return 'rate-limited';
    const parsed = parseDns(bytes);
    if (!parsed.ok) return 'malformed';
    const message = parsed.value;
    if (isBrowsing(message)) browsers.add(address);
    const news = readNews(message, interest);
    const queries = browsers.has(address) ? [] : news.queries;
    if (!isStandard(message) || news.parts.length + queries.length === 0) return 'irrelevant';
    if (taken.isOver(address)) return 'rate-limited';
    const refusal = audience.take(datagram, { ...news, queries });
    if (isForOthers(message, news, address)) audience.noteForOthers(address);
    return refusal;
  };
}

const lowered = (names: Iterable<string>): ReadonlySet<string> =>
  new Set([...names].map((name) => name.toLowerCase()));

const interestOf = ({ services, queries }: Context['config']): Interest => ({
  services: lowered([...SIP_SERVICES.keys(), ...services]),
  queries: lowered(queries),
});

/** One datagram asks for all service types: from a port that is not 5353 it is a legacy query, answered to us alone (RFC 6762 6.7). */
async function askUntilAborted(
  { clock, signal, config: settings }: Context,
  sockets: readonly GroupSocket[],
  report: ChannelReport,
): Promise<void> {
  const names = [...interestOf(settings).services].map((service) => [...service.split('.'), 'local']);
  const question = buildQuery(names, TYPE.PTR);
  if (!question.ok) throw new Error(`the question cannot be built: ${question.fault}`);
  await clock.sleep(randomInt(FIRST_AFTER_MS.min, FIRST_AFTER_MS.max), signal);
  for (let intervalMs = FIRST_INTERVAL_MS; !signal.aborted; intervalMs *= 2) {
    for (const socket of sockets) {
      const refusal = socket.ask(question.value);
      if (refusal === null) report.sent += 1;
      else count(report, refusal);
    }
    await clock.sleep(Math.min(intervalMs, LONGEST_INTERVAL_MS), signal);
  }
}
