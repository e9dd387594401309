import { LISTENER_NAMES, type ListenerName } from '../channels/registry.ts';
import type { ChannelReport } from '../channels/channel.ts';
import type { HostPace } from '../engine/pace.ts';
import { runListener, whyNotListen, type ListenRequest, type ListenerSettings } from '../engine/listen.ts';
import type { Matcher } from '../identify/match.ts';
import { AppError } from '../model/app-error.ts';
import type { Device } from '../model/device.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Language } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import { isUdpPortHeldHere, localNetworks } from '../platform/interfaces.ts';
import { createLog } from '../platform/log.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { devicesByAddress, evidenceOf } from '../store/devices.ts';
import { systemNet } from './compose.ts';
import { defaultsOf, type Config } from './config.ts';

export interface Overhearing {
  config: Config;
  scope: Scope;
  db: Database;
  matcher: Matcher;
  language: Language;
  /** The channels to listen on; those that the configuration does not name run with their defaults. */
  channels: readonly ListenerName[];
  interfaces?: readonly string[];
  /** When each host was last sent to, shared with a sweep beside. */
  hosts?: HostPace;
  /** Nothing is asked either: the groups are only heard. */
  isSilent?: boolean;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}

/**
 * Listens on several channels until the signal aborts. Resolves to what each heard; a channel that must stay off says on stderr why
 * and what the way out is, and is left out.
 */
export async function overhear(work: Overhearing): Promise<Partial<Record<ListenerName, ChannelReport>>> {
  const request: ListenRequest = {
    ...work,
    site: work.config.site.id,
    channels: settingsOf(work),
    system: systemNet,
    networks: localNetworks,
    isUdpPortHeldHere,
    isKnown: isKnownTo(work.db, () => work.matcher),
    clock: systemClock,
    log: createLog('warn'),
  };
  const reports = await Promise.all(
    work.channels.map(async (name) => {
      const because = await whyNotListen(name, request);
      if (because !== null) return off(`${name} is off: ${because[work.language]}.`);
      try {
        return [[name, await runListener(name, request)] as const];
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return off(`${name} is off: ${error.describe()}`);
      }
    }),
  );
  return Object.fromEntries(reports.flat());
}

/** One channel that cannot run keeps no other from running. */
function off(words: string): [] {
  process.stderr.write(`${words}\n`);
  return [];
}

/** Whether a device is known at that address, or the rules make a vendor or a kind of what was heard. */
export const isKnownTo =
  (db: Database, matcher: () => Matcher): ListenRequest['isKnown'] =>
  ({ facts, from }) => {
    const { vendor, kind, mac } = matcher().combine(matcher().match(facts, false)).identity;
    const there = devicesByAddress(db, from.site, from.address);
    const isOther = ({ identity }: Device): boolean =>
      mac !== undefined && identity.mac !== undefined && identity.mac !== mac;
    // A repeater, or a phone's second interface, puts another MAC address in the table than the phone itself has answered with.
    if (there.some((device) => isOther(device) && hasAnsweredWithItsMac(db, device))) return false;
    if (vendor !== undefined || kind !== undefined) return true;
    return there.some((device) => !isOther(device));
  };

const hasAnsweredWithItsMac = (db: Database, { id, identity }: Device): boolean =>
  evidenceOf(db, id).evidence.some(({ solicited, asserts }) => solicited && asserts.mac === identity.mac);

function settingsOf({ config, interfaces, isSilent }: Overhearing): ListenerSettings {
  const chosen = {
    ...(interfaces === undefined ? {} : { interfaces: [...interfaces] }),
    ...(isSilent === true ? { ask: false } : {}),
  };
  const settings = LISTENER_NAMES.map((name) => [
    name,
    { ...(config.channels[name] ?? defaultsOf(name)), ...chosen },
  ]);
  return Object.fromEntries(settings) as ListenerSettings;
}
