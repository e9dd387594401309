import { Option } from 'commander';
import { AppError } from '../model/app-error.ts';
import type { Device } from '../model/device.ts';
import type { Language } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../store/database.ts';
import { findDevices } from '../store/devices.ts';
import { listOf, type CommonOptions } from './commands/command.ts';
import { dataDirOf, openInventory } from './compose.ts';
import { findConfigFile, loadConfig, type Config } from './config.ts';
import { paintFor, type Paint } from './render/paint.ts';
import { widthOf } from './render/plain-table.ts';

/** `--format`, the first of them where it is not said. */
export const formatOption = (formats: readonly string[]): Option =>
  new Option('--format <format>', formats.join(', '))
    .argParser((text) => listOf('--format', formats)(text)[0])
    .default(formats[0]);

/** An open inventory, and how its user is spoken to. */
export interface Inventory {
  config: Config;
  db: Database;
  language: Language;
  timezone: string;
  paint: Paint;
  /** Columns of the terminal; undefined where there is none. */
  width: number | undefined;
  now: number;
}

/** Opens the inventory of the data directory for one command, and closes it. Throws AppError as the configuration and the store do. */
export async function inInventory<T>(
  options: CommonOptions,
  work: (inventory: Inventory) => T | Promise<T>,
): Promise<T> {
  const config = loadConfig(findConfigFile(options.config, process.env));
  const db = openInventory(dataDirOf(options.dataDir, process.env));
  try {
    return await work({
      config,
      db,
      language: options.lang ?? config.site.language,
      timezone: config.site.timezone,
      paint: paintFor(process.stdout),
      width: widthOf(process.stdout),
      now: systemClock.now(),
    });
  } finally {
    db.close();
  }
}

/** The devices that a person means, at least one. Throws AppError NOT_FOUND. */
export function devicesNamed({ db, config: { site } }: Inventory, name: string): Device[] {
  const devices = findDevices(db, site.id, name);
  if (devices.length > 0) return devices;
  throw new AppError('NOT_FOUND', `No device "${name}" in the inventory of site ${site.id}.`, {
    hint: '`sipcensus devices` lists them; write an id, a MAC or an address.',
  });
}

/** The one device that a person means. Throws AppError NOT_FOUND, or INPUT_INVALID where it may be several. */
export function deviceNamed(inventory: Inventory, name: string): Device {
  const [device, ...others] = devicesNamed(inventory, name);
  if (device !== undefined && others.length === 0) return device;
  const ids = [device, ...others].flatMap((one) => one?.id ?? []);
  throw new AppError('INPUT_INVALID', `"${name}" may be ${ids.join(' or ')}: write the id.`);
}
