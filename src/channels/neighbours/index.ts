import type { Static } from 'typebox';
import type { Neighbour } from '../../platform/ports.ts';
import type { ChannelReport, PassiveChannel, PassiveContext } from '../channel.ts';
import { config } from './config.ts';

/** All-zero entries (loopback) and group addresses name no device; the lowest bit of the first byte marks a group (IEEE 802). */
const isOneDevice = (mac: string): boolean =>
  mac !== '000000000000' && (parseInt(mac.slice(0, 2), 16) & 1) === 0;

/**
 * Reads which MAC address stands behind which address, from the table that the system keeps anyway (ARP, NDP). Every host of the LAN
 * is in it, so only phones known otherwise, and makers of phones, become devices.
 */
export const neighbours: PassiveChannel<typeof config> = {
  name: 'neighbours',
  mode: 'passive',
  config,
  needsRule: true,
  run: async (context) => {
    const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
    const { clock, signal, config: settings } = context;
    while (!signal.aborted) {
      await readOnce(context, report);
      await clock.sleep(settings.everySeconds * 1000, signal);
    }
    // Once more at the end: what a sweep has just asked has just been resolved.
    await readOnce(context, report);
    return report;
  },
};

async function readOnce(
  context: PassiveContext<Static<typeof config>>,
  report: ChannelReport,
): Promise<void> {
  for (const neighbour of await context.net.neighbours()) {
    if (!isOneDevice(neighbour.mac)) continue;
    report.heard += 1;
    if (context.net.isInScope(neighbour.address)) context.emit(sightingOf(neighbour, context));
    else report.refused['out-of-scope'] = (report.refused['out-of-scope'] ?? 0) + 1;
  }
}

const sightingOf = (
  { address, mac }: Neighbour,
  { site, clock }: PassiveContext<Static<typeof config>>,
): Parameters<PassiveContext<Static<typeof config>>['emit']>[0] => ({
  channel: 'neighbours',
  at: clock.now(),
  from: { site, transport: 'udp', address, port: 0 },
  solicited: false,
  facts: [{ field: 'arp.mac', value: mac }],
  raw: new Uint8Array(0),
});
