import { aborted } from '../../model/aborted.ts';
import type { Datagram, GroupSocket, ListeningSocket } from '../../platform/ports.ts';
import { buildSearch } from '../../wire/ssdp/build.ts';
import { parseSsdp, SSDP_GROUP, SSDP_PORT } from '../../wire/ssdp/message.ts';
import type { ChannelReport, GroupChannel, Refusal } from '../channel.ts';
import { createFlood } from '../flood.ts';
import { createAudience, type SsdpContext } from './audience.ts';
import { config } from './config.ts';
import { MOST_TAKEN } from './limits.ts';

/** Over how many seconds devices spread their answers (MX). */
const MAX_WAIT_SECONDS = 2;
/** UDP loses datagrams: the architecture asks for two or three copies. */
const COPIES = 2;
/** Between any two questions; UPnP asks for 200 ms between copies of one. */
const GAP_MS = 250;

interface SsdpChannel extends GroupChannel<typeof config> {
  /**
   * Television sets, printers and media servers speak SSDP too, and which of all names belongs to a telephone is vendor knowledge. So
   * the channel reports everybody, and a sighting counts only where some rule asserts something of it: otherwise it is to be dropped.
   */
  readonly needsRule: true;
  run(context: SsdpContext): Promise<ChannelReport>;
}

/** Asks the UPnP group of the LAN who is there, hears who announces itself, and reads the description that a device points to. */
export const ssdp: SsdpChannel = {
  name: 'ssdp',
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
      listenTo(await net.joinGroup(SSDP_GROUP, SSDP_PORT, settings.interfaces));
      if (settings.ask) {
        const sockets = await net.openGroupSockets(SSDP_GROUP, SSDP_PORT, settings.interfaces);
        await askUntilAborted(context, sockets.map(listenTo), report);
      } else await aborted(signal);
    } finally {
      await Promise.all(open.map((socket) => socket.close()));
      await audience.end();
    }
    context.log.info('ssdp.descriptions', audience.outcomes);
    return report;
  },
};

const count = (report: ChannelReport, refusal: Refusal | null): void => {
  if (refusal !== null) report.refused[refusal] = (report.refused[refusal] ?? 0) + 1;
};

function createHearer(
  context: SsdpContext,
  audience: ReturnType<typeof createAudience>,
  own: readonly ListeningSocket[],
): (datagram: Datagram) => Refusal | null {
  const flood = createFlood(context.clock, MOST_TAKEN);
  // Multicast comes back to the host that sent it. Others may well send from 1900, where we only listen.
  const isOwn = ({ port }: Datagram): boolean =>
    port !== SSDP_PORT && own.some(({ localPort }) => localPort === port);
  return (datagram) => {
    if (!context.net.isInScope(datagram.address)) return 'out-of-scope';
    if (flood.isOver(datagram.address)) return 'rate-limited';
    const parsed = parseSsdp(datagram.bytes);
    if (!parsed.ok) return 'malformed';
    if (parsed.value.kind === 'search') return isOwn(datagram) ? 'own-echo' : 'irrelevant';
    // A farewell can be forged, and takes nothing away.
    if (parsed.value.kind === 'byebye') return 'irrelevant';
    return audience.take(datagram, parsed.value);
  };
}

async function askUntilAborted(
  context: SsdpContext,
  sockets: readonly GroupSocket[],
  report: ChannelReport,
): Promise<void> {
  const { clock, signal, config: settings } = context;
  const askAll = async (question: Uint8Array): Promise<void> => {
    if (signal.aborted) return;
    for (const socket of sockets) {
      const refusal = socket.ask(question);
      if (refusal === null) report.sent += 1;
      else count(report, refusal);
    }
    await clock.sleep(GAP_MS, signal);
  };
  const questions = settings.searchTargets.flatMap((target) => {
    const built = buildSearch(target, MAX_WAIT_SECONDS);
    return built.ok ? [built.value] : [];
  });
  while (!signal.aborted) {
    for (const question of Array.from({ length: COPIES }, () => questions).flat()) await askAll(question);
    await clock.sleep(settings.everyMinutes * 60_000, signal);
  }
}
