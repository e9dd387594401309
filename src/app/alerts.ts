import { resolve } from 'node:path';
import { SINKS } from '../alerts/registry.ts';
import { configuredSinks, type ConfiguredSink } from '../alerts/route.ts';
import { settingsOf } from '../alerts/settings.ts';
import type { SecretPlace } from '../alerts/sink.ts';
import { createAlerting, type Alerting } from '../engine/alerting.ts';
import { alertedInventory } from '../engine/alerting/inventory.ts';
import type { Feed } from '../engine/feed.ts';
import type { Storage } from '../engine/storage.ts';
import { failure } from '../model/outcome.ts';
import { systemClock } from '../platform/clock.ts';
import type { Log } from '../platform/ports.ts';
import { readSecret } from '../platform/secret.ts';
import type { Database } from '../store/database.ts';
import type { Config } from './config.ts';

/** The sinks of a configuration. Files of secrets are named relative to it. */
export const sinksOf = (config: Config): ConfiguredSink[] =>
  configuredSinks({
    registry: SINKS,
    config: { ...config.alerts, sinks: withFiles(config) },
    language: config.site.language,
    clock: systemClock,
    secret: (place: SecretPlace) => {
      const file = place.file === undefined ? {} : { file: resolve(config.folder, place.file) };
      const read = readSecret({ ...place, ...file }, process.env);
      return read.ok ? read : failure({ reason: 'auth', retry: false, detail: read.fault });
    },
  });

/** The files that a sink names are looked for beside the configuration. */
const withFiles = ({ alerts: { sinks }, folder }: Config): Config['alerts']['sinks'] =>
  Object.fromEntries(
    Object.entries(sinks).map(([kind, entries = []]) => [
      kind,
      entries.map((entry) => ({
        ...entry,
        ...Object.fromEntries(
          Object.entries(entry).flatMap(([key, value]) =>
            key.endsWith('File') && typeof value === 'string' ? [[key, resolve(folder, value)]] : [],
          ),
        ),
      })),
    ]),
  );

/** Alerting over an inventory, not started yet. `link` is where people read on; null where nobody can. */
export function createAlertingFor(parts: {
  config: Config;
  db: Database;
  feed?: Feed;
  log: Log;
  storage?: Pick<Storage, 'attempt'>;
  link: string | null;
}): Alerting {
  const { config, db } = parts;
  return createAlerting({
    ...parts,
    clock: systemClock,
    site: config.site,
    settings: settingsOf(config.alerts),
    sinks: sinksOf(config),
    inventory: alertedInventory(db, config.site.id),
  });
}
