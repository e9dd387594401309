import type { Device } from './device.ts';

/** The channel by which PBXs tell of the phones that are registered with them. */
export const TOLD_BY_PBX = 'registrations';
/** The channel that asks every address of the scope. */
const SWEEP = 'sip-options';

/** How much of what is known to be there has answered for itself, and who told of the rest. */
export interface Coverage {
  /** Phones known to be there, by any channel. */
  known: number;
  /** Those of them that answered our own probe. */
  answered: number;
  /** 0..1; null where no phone is known. */
  share: number | null;
  /** Those of them that did not. */
  silent: number;
  /** How many of them each channel has seen; for the sweep, how many answered. The most first. */
  bySource: Readonly<Record<string, number>>;
  /** Phones on the wire that no PBX has told of; null where no PBX has told of any. */
  unknownToPbx: { unknown: number; onTheWire: number } | null;
  /** Addresses that a sweep asks; null where there is no scope. */
  inScope: number | null;
  /** Hosts of the site that fell silent after a probe and are left alone; null where nothing is asked. */
  possiblyBlocked: number | null;
}

/** What a list of phones cannot tell of its site. */
export interface SiteFigures {
  /** Null where there is no scope. */
  inScope?: number | null;
  possiblyBlocked?: number;
  /** Whether a PBX ever told of phones here; where it is missing, the phones themselves decide. */
  hasRegistrations?: boolean;
}

/** How many of the hosts that are left alone fell silent after a probe, and did not ask for it. */
export const countFellSilent = (leftAlone: readonly { because: string }[]): number =>
  leftAlone.filter(({ because }) => because === 'fell-silent').length;

type Phone = Pick<Device, 'endpoints'>;

/** Whether a device counts as a phone: a gateway that the policy names is judged, and then it does. */
export const isPhone = ({ verdict }: Pick<Device, 'verdict'>): boolean => verdict.level !== 'not-applicable';

/** Whether a device ever answered a probe of ours. What its PBX says of it is trusted, and is no answer of its own. */
export const hasAnswered = ({ endpoints }: Phone): boolean =>
  endpoints.some(({ sipStatus }) => sipStatus !== null);

export const isToldByPbx = ({ endpoints }: Phone): boolean =>
  endpoints.some(({ channels }) => channels.includes(TOLD_BY_PBX));

/** Whether anything but its PBX has seen a device. */
const isOnTheWire = ({ endpoints }: Phone): boolean =>
  endpoints.some(({ channels }) => channels.some((channel) => channel !== TOLD_BY_PBX));

/** Whether a device is on the wire, and no PBX has told of it. */
export const isUnknownToPbx = (device: Phone): boolean => isOnTheWire(device) && !isToldByPbx(device);

/** The coverage of these phones. Silence is never absence: who is silent was told by its PBX, its neighbours, or itself when it booted. */
export function coverageOf(phones: readonly Phone[], site: SiteFigures = {}): Coverage {
  const known = phones.length;
  const answered = phones.filter(hasAnswered).length;
  const hasRegistrations = site.hasRegistrations ?? phones.some(isToldByPbx);
  return {
    known,
    answered,
    share: known === 0 ? null : answered / known,
    silent: known - answered,
    bySource: bySource(phones),
    unknownToPbx: hasRegistrations
      ? { unknown: phones.filter(isUnknownToPbx).length, onTheWire: phones.filter(isOnTheWire).length }
      : null,
    inScope: site.inScope ?? null,
    possiblyBlocked: site.possiblyBlocked ?? null,
  };
}

function bySource(phones: readonly Phone[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const phone of phones)
    for (const channel of new Set(phone.endpoints.flatMap(({ channels }) => channels)))
      // A TLS listener that shows its certificate and says nothing in SIP was met by the sweep, and has not answered.
      if (channel !== SWEEP || hasAnswered(phone)) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, most], [b, least]) => least - most || a.localeCompare(b)));
}
