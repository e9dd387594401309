import type { DeviceJson, SummaryJson } from '../../../src/api/contract/device.ts';

export type Level = DeviceJson['level'];
export type PhoneLevel = keyof SummaryJson['byLevel'];

/** The supplier's levels, best first. */
export const PHONE_LEVELS = [
  'full',
  'partial',
  'basic',
  'unsupported',
] as const satisfies readonly PhoneLevel[];

/** Every level that a device can have: what is no phone has `not-applicable`. */
export const LEVELS = [...PHONE_LEVELS, 'not-applicable'] as const satisfies readonly Level[];

/** Which levels an SLA can be closed for is the verdict's word, not ours; this only sorts what needs attention first. */
export const urgency = (level: Level): number =>
  level === 'not-applicable' ? -1 : PHONE_LEVELS.indexOf(level);

/** What the overview shows of a summary. */
export interface Overview extends Omit<SummaryJson, 'coverage'> {
  /** Phones that answered our own probe. */
  answered: number;
  unknownToPbx: SummaryJson['coverage']['unknownToPbx'];
}

/** The channel by which PBXs tell of their phones. */
const TOLD_BY_PBX = 'registrations';

/** Counts of a list of devices, kept up to date here because devices change one at a time while the page is open. */
export function summarise(devices: Iterable<DeviceJson>): Overview {
  const wire = { unknown: 0, onTheWire: 0 };
  const summary: Overview = {
    devices: 0,
    phones: 0,
    notPhones: 0,
    notIdentified: 0,
    byLevel: { full: 0, partial: 0, basic: 0, unsupported: 0 },
    slaEligible: 0,
    answered: 0,
    unknownToPbx: null,
  };
  for (const { level, vendor, slaEligible, endpoints } of devices) {
    summary.devices += 1;
    if (level === 'not-applicable') {
      summary.notPhones += 1;
      continue;
    }
    summary.phones += 1;
    summary.byLevel[level] += 1;
    if (vendor === null) summary.notIdentified += 1;
    if (slaEligible) summary.slaEligible += 1;
    if (endpoints.some(({ status }) => status !== null)) summary.answered += 1;
    const channels = endpoints.flatMap((endpoint) => endpoint.channels);
    const isTold = channels.includes(TOLD_BY_PBX);
    if (isTold) summary.unknownToPbx = wire;
    if (channels.every((channel) => channel === TOLD_BY_PBX)) continue;
    wire.onTheWire += 1;
    if (!isTold) wire.unknown += 1;
  }
  return summary;
}
