import type { Static } from 'typebox';
import { aborted } from '../../model/aborted.ts';
import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import type { Datagram } from '../../platform/ports.ts';
import { DHCP_SERVER_PORT, type DhcpMessage, type DhcpType } from '../../wire/dhcp/message.ts';
import { parseDhcp } from '../../wire/dhcp/parse.ts';
import type { ChannelReport, PassiveChannel, PassiveContext, Refusal } from '../channel.ts';
import { createFlood, type Most } from '../flood.ts';
import { config } from './config.ts';
import { addressOf, factsOf, macOf } from './facts.ts';

/**
 * From one: a phone that boots asks a few times in each VLAN that it tries, waiting longer each time (RFC 2131 4.1). From all: a
 * building that boots after a power cut.
 */
const MOST_TAKEN: Most = { fromOne: 30, fromAll: 6000 };

/** Those in which a client asks for settings; the rest give an address back, or refuse one. */
const ASKS: ReadonlySet<DhcpType | null> = new Set(['discover', 'request', 'inform'] as const);

/**
 * Hears the broadcasts in which hosts ask for an address when they boot: who made them stands in there. It is handed a network
 * without a way to send, since any answer could give a phone an address that is nobody's to give.
 */
export const dhcp: PassiveChannel<typeof config> = {
  name: 'dhcp',
  mode: 'passive',
  isOptIn: true,
  config,
  yieldsTo: DHCP_SERVER_PORT,
  needsRule: true,
  run: async (context) => {
    const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
    const hear = createHearer(context);
    const socket = await context.net.openBroadcast(DHCP_SERVER_PORT);
    socket.onDatagram((datagram) => {
      report.heard += 1;
      const refusal = hear(datagram);
      if (refusal !== null) report.refused[refusal] = (report.refused[refusal] ?? 0) + 1;
    });
    await aborted(context.signal);
    await socket.close();
    return report;
  },
};

const isOfClient = ({ op, type }: DhcpMessage): boolean => op === 'request' && ASKS.has(type);

function createHearer(
  context: PassiveContext<Static<typeof config>>,
): (datagram: Datagram) => Refusal | null {
  const { site, net, clock } = context;
  const flood = createFlood(clock, MOST_TAKEN);
  return ({ bytes }) => {
    const parsed = parseDhcp(bytes);
    if (!parsed.ok) return 'malformed';
    const message = parsed.value;
    const address = addressOf(message);
    if (!isOfClient(message) || address === null) return 'irrelevant';
    if (!net.isInScope(address)) return 'out-of-scope';
    // Clients without an address all send from 0.0.0.0: only what they say tells them apart.
    if (flood.isOver(macOf(message) ?? address)) return 'rate-limited';
    context.emit({
      channel: 'dhcp',
      at: clock.now(),
      from: { site, transport: 'udp', address, port: 0 },
      solicited: false,
      facts: factsOf(message),
      raw: bytes.slice(0, MAX_RAW_BYTES),
    });
    return null;
  };
}
