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
    const told = new Set<string>();
    while (!signal.aborted) {
      await readOnce(context, report, told);
      await clock.sleep(settings.everySeconds * 1000, signal);
    }
    // Once more at the end: what a sweep has just asked has just been resolved.
    await readOnce(context, report, told);
    return report;
  },
};

/** An entry that was not heard of lately tells who stands behind an address, once, and not that anybody is there now. */
async function readOnce(
  context: PassiveContext<Static<typeof config>>,
  report: ChannelReport,
  told: Set<string>,
): Promise<void> {
  const all = (await context.net.neighbours()).filter(({ mac }) => isOneDevice(mac));
  const shared = sharedMacs(all);
  for (const neighbour of all) {
    const { address, mac, isFresh } = neighbour;
    const field = shared.has(mac) && !address.includes(':') ? 'arp.shared_mac' : 'arp.mac';
    const key = `${address} ${field} ${mac}`;
    if (!isFresh && told.has(key)) continue;
    told.add(key);
    report.heard += 1;
    if (context.net.isInScope(address)) context.emit(sightingOf(neighbour, field, context));
    else report.refused['out-of-scope'] = (report.refused['out-of-scope'] ?? 0) + 1;
  }
}

/** A repeater or a router puts its own MAC address behind all that it passes on: such a one names no phone. */
export const sharedMacs = (all: readonly Pick<Neighbour, 'address' | 'mac'>[]): ReadonlySet<string> =>
  new Set(
    [...Map.groupBy(all, ({ mac }) => mac)]
      .filter(([, entries]) => entries.filter(({ address }) => !address.includes(':')).length > 1)
      .map(([mac]) => mac),
  );

const sightingOf = (
  { address, mac }: Neighbour,
  field: 'arp.mac' | 'arp.shared_mac',
  { site, clock }: PassiveContext<Static<typeof config>>,
): Parameters<PassiveContext<Static<typeof config>>['emit']>[0] => ({
  channel: 'neighbours',
  at: clock.now(),
  from: { site, transport: 'udp', address, port: 0 },
  solicited: false,
  facts: [{ field, value: mac }],
  raw: new Uint8Array(0),
});
