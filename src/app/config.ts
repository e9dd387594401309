import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { validate as isCron } from 'node-cron';
import Value from 'typebox/value';
import { alertsTrouble } from '../alerts/config.ts';
import { CHANNELS, type ChannelName, type SettingsOf } from '../channels/registry.ts';
import { checkShape } from '../document/check-shape.ts';
import { readYaml, type YamlDocument } from '../document/read-yaml.ts';
import type { Patiences } from '../inventory/presence.ts';
import { AppError } from '../model/app-error.ts';
import type { Fault } from '../model/fault.ts';
import { readText } from '../platform/files.ts';
import { parseDailyHours } from '../model/daily-hours.ts';
import { createScope, type Scope } from '../scope/scope.ts';
import { ConfigSchema, type ConfigFile } from './config-schema.ts';
import { exclusionTrouble, isOfScope, type WrittenExclusion } from './exclusion.ts';
import { EXAMPLE_POLICY } from './paths.ts';

/** The configuration as the program uses it: checked, paths absolute. */
export interface Config {
  /** The file it came from; null when there is none and the defaults hold. */
  file: string | null;
  /** Where files that it names are looked for. */
  folder: string;
  site: ConfigFile['site'];
  scope: Scope;
  /** What is left alone beside the exclusions of the scope: by MAC address, or at some hours. */
  exclusions: readonly WrittenExclusion[];
  channels: ConfigFile['channels'];
  policyFile: string;
  rulesFolder: string | null;
  presence: Patiences;
  retention: ConfigFile['retention'];
  alerts: ConfigFile['alerts'];
  listen: { host: string; port: number };
  /** Where people reach the dashboard; null where it is not said. */
  dashboardUrl: string | null;
}

const WELL_KNOWN = ['sipcensus.yaml', '/etc/sipcensus/sipcensus.yaml'] as const;

/** The file that holds: the one named, else $SIPCENSUS_CONFIG, else the first that exists of the well-known ones. */
export function findConfigFile(named: string | undefined, environment: NodeJS.ProcessEnv): string | null {
  return named ?? environment['SIPCENSUS_CONFIG'] ?? WELL_KNOWN.find((file) => existsSync(file)) ?? null;
}

/** Reads and checks the whole configuration. Throws AppError CONFIG_UNREADABLE or CONFIG_INVALID with every fault. */
export function loadConfig(file: string | null): Config {
  return file === null
    ? parseConfig('', 'default configuration', null)
    : parseConfig(readText(file, 'CONFIG_UNREADABLE').text, file, file);
}

function parseConfig(text: string, name: string, file: string | null): Config {
  const document = readYaml(text.trim() === '' ? '{}' : text, name);
  if (!document.ok) throw invalid(name, document.fault);
  const shape = checkShape(ConfigSchema, document.value);
  if (!shape.ok) throw invalid(name, shape.fault);

  const config = shape.value;
  const { include, exclude, confirmed } = config.scope;
  const scope = createScope({ include, exclude: exclude.filter(isOfScope), confirmed }, (list, index) => ({
    file: name,
    ...document.value.placeOf(['scope', list, index]),
  }));
  const listen = parseListen(config.server.listen);
  const faults = [
    ...(scope.ok ? [] : scope.fault),
    ...exclusionFaults(document.value, exclude),
    ...(listen === null
      ? [
          faultAt(
            document.value,
            ['server', 'listen'],
            `"${config.server.listen}" is no address and port.`,
            'Write for example 127.0.0.1:8560.',
          ),
        ]
      : []),
    ...timezoneFaults(document.value, config.site.timezone),
    ...sweepFaults(document.value, config),
    ...alertsTrouble(config.alerts).map(({ path, message, hint = '' }) =>
      faultAt(document.value, ['alerts', ...path], message, hint),
    ),
  ];
  if (!scope.ok || listen === null || faults.length > 0) throw invalid(name, faults);
  const base = file === null ? process.cwd() : dirname(resolve(file));
  return {
    file,
    folder: base,
    site: config.site,
    scope: scope.value,
    exclusions: exclude.filter((one) => !isOfScope(one)),
    channels: config.channels,
    policyFile: config.policy === undefined ? EXAMPLE_POLICY : resolve(base, config.policy),
    rulesFolder: config.rules === undefined ? null : resolve(base, config.rules),
    presence: toPatiences(config.presence),
    retention: config.retention,
    alerts: config.alerts,
    listen,
    dashboardUrl: config.server.url ?? null,
  };
}

const HOUR_MS = 3_600_000;

const toPatiences = (presence: ConfigFile['presence']): Patiences => ({
  fixed: {
    staleAfterMs: presence.staleAfterHours * HOUR_MS,
    goneAfterMs: presence.goneAfterDays * 24 * HOUR_MS,
    missedSweeps: presence.missedSweeps,
  },
  mobile: {
    staleAfterMs: presence.softphonesStaleAfterHours * HOUR_MS,
    goneAfterMs: presence.softphonesGoneAfterDays * 24 * HOUR_MS,
    missedSweeps: presence.missedSweeps,
  },
});

const invalid = (name: string, faults: readonly Fault[]): AppError =>
  new AppError('CONFIG_INVALID', `The configuration in ${name} is not valid:`, {
    faults,
    hint: 'docs/configuration.md lists every key.',
  });

const faultAt = (
  document: YamlDocument,
  path: readonly (string | number)[],
  message: string,
  hint: string,
): Fault => ({
  file: document.file,
  ...document.placeOf(path),
  message,
  hint,
});

/** Those that are networks and nothing else are told of by the scope. */
const exclusionFaults = (document: YamlDocument, exclude: readonly WrittenExclusion[]): Fault[] =>
  exclude.flatMap((one, index) => {
    const trouble = isOfScope(one) ? null : exclusionTrouble(one);
    if (trouble === null) return [];
    const { key, message, hint } = trouble;
    const path = ['scope', 'exclude', index, ...(one[key] === undefined ? [] : [key])];
    return [
      { file: document.file, ...document.placeOf(path), message, ...(hint === undefined ? {} : { hint }) },
    ];
  });

function timezoneFaults(document: YamlDocument, timezone: string): Fault[] {
  // Asking loads 8 MB of calendars, which a start with the default needs for nothing else.
  if (timezone === 'UTC') return [];
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return [];
  } catch {
    return [
      faultAt(
        document,
        ['site', 'timezone'],
        `"${timezone}" is no time zone.`,
        'Write an IANA name such as Europe/Amsterdam.',
      ),
    ];
  }
}

function sweepFaults(document: YamlDocument, { channels, scope }: ConfigFile): Fault[] {
  const path = ['channels', 'sip-options'];
  const settings = channels['sip-options'];
  if (settings === undefined) return [];
  const faults: Fault[] = [];
  if (!isCron(settings.schedule))
    faults.push(
      faultAt(
        document,
        [...path, 'schedule'],
        `"${settings.schedule}" is no cron expression.`,
        "Write for example '*/15 * * * *'.",
      ),
    );
  if (settings.quietHours !== undefined && parseDailyHours(settings.quietHours) === null)
    faults.push(
      faultAt(
        document,
        [...path, 'quietHours'],
        `"${settings.quietHours}" are no hours of a day.`,
        'Write for example 22:00-06:00.',
      ),
    );
  if (settings.rate === 0 && !scope.confirmed)
    faults.push(
      faultAt(
        document,
        [...path, 'rate'],
        'a rate without limit has brought phones down.',
        'Set scope.confirmed: true as well if it is meant, in a laboratory.',
      ),
    );
  return faults;
}

/** The settings of a channel that the configuration does not name. */
export const defaultsOf = <N extends ChannelName>(name: N): SettingsOf<N> =>
  Value.Default(CHANNELS[name].config, {}) as SettingsOf<N>;

/** `127.0.0.1:8560` or `[::1]:8560`; null when the text is neither. Port 0 lets the system choose. */
export function parseListen(text: string): { host: string; port: number } | null {
  const parts = /^(?:\[([0-9a-fA-F:]+)\]|([0-9.]+|localhost)):(\d{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > 65535 ? null : { host, port };
}
