import { toDeviceJson, toSummaryJson } from '../api/contract/from-model.ts';
import type { DeviceId } from '../model/device.ts';
import type { Language, LocalText } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import type { Skip } from '../registrations/registration.ts';
import { toSightings, type Refusal } from '../registrations/sightings.ts';
import type { SourceReport } from '../registrations/source.ts';
import { formatAddress, parseAddress } from '../scope/network.ts';
import { listDevices } from '../store/devices.ts';
import { findingsOfMany } from '../store/findings.ts';
import { LATEST_FINDINGS } from './commands/command.ts';
import { createPipeline, openInventory } from './compose.ts';
import type { Config } from './config.ts';
import { loadKnowledge } from './knowledge.ts';
import type { DeviceOutput } from './render/devices.ts';
import { silentPhones } from './render/silent.ts';

/** Registrations that share one transaction. */
const MOST_IN_ONE = 500;

/** Canonical text of an address; null for anything else. */
export function readAddress(text: string): string | null {
  const address = parseAddress(text);
  return address === null ? null : formatAddress(address.family, address.value);
}

/** How many of what a PBX lists became sightings, and why the rest did not. */
export interface ImportFigures {
  source: string;
  listed: number;
  taken: number;
  refused: Partial<Record<Skip | Refusal, number>>;
}

/** Takes a report into the inventory, as `scan --save` does; resolves to the devices that it is about. Throws AppError. */
export function takeIn(work: {
  source: string;
  report: SourceReport;
  config: Config;
  dataDir: string;
  language: Language;
}): { output: DeviceOutput; figures: ImportFigures; isExamplePolicy: boolean } {
  const { source, report, config, language } = work;
  const knowledge = loadKnowledge(config);
  const startedAt = systemClock.now();
  const { sightings, refused } = toSightings(report.registrations, {
    site: config.site.id,
    at: startedAt,
    readAddress,
    isInScope: (address) => config.scope.includes(address),
  });
  const figures = figuresOf(source, report, sightings.length, refused);
  const db = openInventory(work.dataDir);
  try {
    const { intake, feed } = createPipeline(db, () => knowledge);
    const touched = new Set<DeviceId>();
    feed.subscribe((event) => {
      if (event.type === 'devices') for (const id of event.ids) touched.add(id);
    });
    for (let start = 0; start < sightings.length; start += MOST_IN_ONE)
      intake.accept(sightings.slice(start, start + MOST_IN_ONE));
    const devices = listDevices(db, {}).filter(({ id }) => touched.has(id));
    const findings = findingsOfMany(db, [...touched], LATEST_FINDINGS);
    const summary = {
      ...toSummaryJson(devices),
      silent: silentPhones(devices, knowledge.matcher, language),
      site: config.site.id,
      policy: { title: knowledge.policy.title, revision: knowledge.policy.revision },
      importedAt: new Date(startedAt).toISOString(),
      imported: figures,
    };
    const shown = devices.map((device) => toDeviceJson(device, findings.get(device.id) ?? [], language));
    return { output: { summary, devices: shown }, figures, isExamplePolicy: knowledge.policy.isExample };
  } finally {
    db.close();
  }
}

function figuresOf(
  source: string,
  { registrations, skipped }: SourceReport,
  taken: number,
  refused: Partial<Record<Refusal, number>>,
): ImportFigures {
  const all: ImportFigures['refused'] = { ...skipped };
  for (const [reason, count] of Object.entries(refused) as [Refusal, number][])
    all[reason] = (all[reason] ?? 0) + count;
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return { source, listed: registrations.length + left, taken, refused: all };
}

const REASONS: Record<Skip | Refusal, LocalText> = {
  unregistered: { en: 'not registered', nl: 'niet aangemeld' },
  unreadable: { en: 'without a readable address', nl: 'zonder leesbaar adres' },
  transport: { en: 'by WebSocket or the like', nl: 'via WebSocket of iets dergelijks' },
  'out-of-scope': { en: 'outside the scope', nl: 'buiten het bereik' },
  duplicate: { en: 'further lines of the same phone', nl: 'verdere lijnen van hetzelfde toestel' },
};

/** `18 registrations of freeswitch 192.0.2.1:8021: 15 taken in, 2 outside the scope, 1 not registered.` */
export function figuresLine({ source, listed, taken, refused }: ImportFigures, language: Language): string {
  const words = {
    en: [`${listed} registrations of`, `${taken} taken in`],
    nl: [`${listed} aanmeldingen bij`, `${taken} overgenomen`],
  }[language];
  const rest = (Object.entries(refused) as [Skip | Refusal, number][]).map(
    ([reason, count]) => `${count} ${REASONS[reason][language]}`,
  );
  return `${words[0]} ${source}: ${[words[1], ...rest].join(', ')}.\n`;
}
