import { toSummaryJson } from '../../api/contract/from-model.ts';
import { CHANNEL_NAMES, type ChannelName } from '../../channels/registry.ts';
import { longestSeconds } from '../../channels/sip-options/index.ts';
import { placesToAsk } from '../../channels/sip-options/places.ts';
import type { HostPlaces, SweepPlan } from '../../engine/plan.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { countFellSilent, coverageOf, hasAnswered, isPhone, isToldByPbx } from '../../model/coverage.ts';
import { gistOf, type Device } from '../../model/device.ts';
import { TRANSPORTS, type Transport } from '../../model/endpoint.ts';
import type { Language } from '../../model/text.ts';
import { SUPPORT_LEVELS, type SupportLevel } from '../../model/verdict.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatAddress, parseTarget } from '../../scope/network.ts';
import { createScope, type Scope } from '../../scope/scope.ts';
import { eachDevice } from '../../store/devices.ts';
import { listLeftAlone } from '../../store/left-alone.ts';
import { createPipeline, dataDirOf, openInventory, openTransientInventory } from '../compose.ts';
import { defaultsOf, findConfigFile, loadConfig, type Config } from '../config.ts';
import { channelsOf, discover, type Discovery } from '../discover.ts';
import { excludedByWord, isOfScope } from '../exclusion.ts';
import { exclusionsFor } from '../exclusions.ts';
import { loadKnowledge } from '../knowledge.ts';
import { paintFor } from '../render/device-table.ts';
import { DEVICE_FORMATS, renderDevices, type DeviceFormat } from '../render/devices.ts';
import { listed, only } from '../render/listed.ts';
import { createProgressBar } from '../render/progress-bar.ts';
import { silentPhones } from '../render/silent.ts';
import { phonesUnknownToPbx } from '../render/unknown-to-pbx.ts';
import {
  configOption,
  dataDirOption,
  interruption,
  LATEST_FINDINGS,
  languageOption,
  listOf,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

interface ScanOptions extends CommonOptions {
  port?: number[];
  transport?: Transport[];
  rate?: number;
  exclude: string[];
  channels: (ChannelName | 'all')[];
  seconds?: number;
  format: DeviceFormat;
  policy?: string;
  rules?: string;
  save?: true;
  iKnow?: true;
  failOn?: SupportLevel[];
}

const ports = (text: string): number[] =>
  text.split(',').map((part) => wholeNumber('--port', 1, 65535)(part.trim()));
const append = (text: string, before: string[]): string[] => [...before, text];

export const addScan: AddCommand = (program, exit) => {
  program
    .command('scan')
    .description('one sweep now; prints which phones answered, who they are and how well they are supported')
    .argument('<target...>', 'network (192.168.10.0/24), range (192.168.10.20-40), address, or address:port')
    .option('--port <list>', 'ports to ask, such as 5060,5062', ports)
    .option(
      '--transport <list>',
      `transports to ask: ${TRANSPORTS.join(', ')}; TLS asks 5061 for 5060`,
      listOf('--transport', TRANSPORTS),
    )
    .option(
      '--rate <n>',
      'most packets and connections a second in all; 0, as fast as it goes, needs --i-know',
      wholeNumber('--rate', 0, 100_000),
    )
    .option(
      '--exclude <target>',
      'network, range, address or MAC address that is left alone (repeatable)',
      append,
      [],
    )
    .option(
      '--channels <list>',
      `ways of discovering: ${CHANNEL_NAMES.join(', ')}, or all`,
      listOf('--channels', [...CHANNEL_NAMES, 'all' as const]),
      ['sip-options'],
    )
    .option('--seconds <n>', 'how long to listen on passive channels', wholeNumber('--seconds', 1, 86_400))
    .option(
      '--format <format>',
      DEVICE_FORMATS.join(', '),
      (text) => listOf('--format', DEVICE_FORMATS)(text)[0] ?? 'table',
      'table',
    )
    .option('--policy <file>', 'support policy to judge by')
    .option('--rules <folder>', "the user's own rule files, read after the shipped ones")
    .option('--save', 'keep what was found in the inventory of the data directory')
    .option(
      '--fail-on <levels>',
      'exit 1 when a device has one of these levels',
      listOf('--fail-on', SUPPORT_LEVELS),
    )
    .option(
      '--i-know',
      'a scope wider than a /16, with public addresses, or without a limit of rate is meant',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ sipcensus scan 192.168.10.0/24 --exclude 192.168.10.1 --format csv > phones.csv',
    )
    .action(async (targets: string[], options: ScanOptions) => exit(await scan(targets, options)));
};

async function scan(texts: readonly string[], options: ScanOptions): Promise<number> {
  const interrupt = interruption();
  const config = loadConfig(findConfigFile(options.config, process.env));
  const scope = scopeOf(texts, options, config);
  const knowledge = loadKnowledge({
    policyFile: options.policy ?? config.policyFile,
    rulesFolder: options.rules ?? config.rulesFolder,
  });
  const db = options.save ? openInventory(dataDirOf(options.dataDir, process.env)) : openTransientInventory();
  const startedAt = systemClock.now();
  const exclusions = [...options.exclude.map(excludedByWord), ...config.exclusions].filter(
    (one) => !isOfScope(one),
  );
  const language = languageOf(options, config);
  try {
    const { intake } = createPipeline(db, () => knowledge);
    const sipOptions = sipOptionsOf(options, config);
    const bar = createProgressBar(process.stderr, () => systemClock.monotonic());
    const { sweep, channels } = await discover({
      config,
      scope,
      db,
      intake,
      matcher: knowledge.matcher,
      channels: channelsOf(options.channels),
      sipOptions,
      exclusions: exclusionsFor(exclusions, { site: config.site, db }),
      askedAt: askedAt(texts, sipOptions.transports),
      listening: listeningTime(options.seconds, interrupt.signal),
      language,
      signal: interrupt.signal,
      onPlan: (plan) => process.stderr.write(announcement(plan, sipOptions, language)),
      onProgress: (progress) => bar.update(progress),
    });
    bar.clear();
    const everyone = eachDevice(db, {});
    const isSeenNow = (device: Device): boolean => device.lastSeen >= startedAt;
    const all = Array.from(everyone, gistOf);
    const devices = all.filter(isSeenNow);
    const known = all.filter((device) => isSeenNow(device) || isHiddenBehindPbx(device, scope));
    const hasRegistrations = all.some(isToldByPbx);
    const summary = {
      ...toSummaryJson(devices),
      coverage: coverageOf(known.filter(isPhone), {
        inScope: scope.sweptCount,
        possiblyBlocked: countFellSilent(listLeftAlone(db, config.site.id, systemClock.now())),
        hasRegistrations,
      }),
      silent: silentPhones(known, knowledge.matcher, language),
      unknownToPbx: hasRegistrations ? phonesUnknownToPbx(devices) : null,
      site: config.site.id,
      scope: { include: scope.include, exclude: [...scope.exclude, ...exclusions] },
      policy: { title: knowledge.policy.title, revision: knowledge.policy.revision },
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(systemClock.now()).toISOString(),
      interrupted: interrupt.wasInterrupted(),
      sweep,
      channels,
    };
    const shown = { language, paint: paintFor(process.stdout), isExamplePolicy: knowledge.policy.isExample };
    const output = {
      summary,
      devices: listed(db, only(everyone, isSeenNow), { language, findings: LATEST_FINDINGS }),
    };
    await print(renderDevices(output, options.format, shown));
    if (interrupt.wasInterrupted()) return EXIT.interrupted;
    return devices.some((device) => options.failOn?.includes(device.verdict.level))
      ? EXIT.finding
      : EXIT.done;
  } finally {
    interrupt.dispose();
    db.close();
  }
}

/** Whether only a PBX has ever told of a device: it was not seen now, and is there nevertheless. */
const isHiddenBehindPbx = (device: Device, scope: Scope): boolean =>
  isToldByPbx(device) &&
  !hasAnswered(device) &&
  device.status !== 'gone' &&
  device.endpoints.some(({ address }) => scope.includes(address));

/** The targets spelled out, less what the command line and the configuration exclude. Throws AppError SCOPE_REFUSED. */
function scopeOf(targets: readonly string[], options: ScanOptions, config: Config): Scope {
  if (options.rate === 0 && !options.iKnow)
    throw new AppError(
      'SCOPE_REFUSED',
      '--rate 0 sends as fast as the machine goes and has brought phones down.',
      { hint: 'Add --i-know in a laboratory.' },
    );
  const scope = createScope({
    include: targets,
    exclude: [...options.exclude.map(excludedByWord).filter(isOfScope), ...config.scope.exclude],
    confirmed: options.iKnow ?? false,
  });
  if (!scope.ok) throw new AppError('SCOPE_REFUSED', 'The target is refused:', { faults: scope.fault });
  if (scope.value.isEmpty) throw new AppError('SCOPE_REFUSED', 'The exclusions leave nothing of the target.');
  return scope.value;
}

const languageOf = (options: ScanOptions, config: Config): Language => options.lang ?? config.site.language;

/** What the command line says of SIP OPTIONS, else the configuration. */
function sipOptionsOf(options: ScanOptions, config: Config): Discovery['sipOptions'] {
  const settings = config.channels['sip-options'] ?? defaultsOf('sip-options');
  return {
    ...settings,
    ports: options.port ?? settings.ports,
    transports: options.transport ?? settings.transports,
    rate: options.rate ?? settings.rate,
  };
}

/** What is about to be sent, before it is. */
function announcement(plan: SweepPlan, config: Discovery['sipOptions'], language: Language): string {
  const { rate } = config;
  const time = rate === 0 ? '' : atMost(longestSeconds(plan, config));
  const words = {
    en: rate === 0 ? 'as fast as it goes' : `at most ${rate} packets a second, in at most ${time}`,
    nl: rate === 0 ? 'zo snel als het gaat' : `hooguit ${rate} pakketten per seconde, in hooguit ${time}`,
  };
  const { count } = plan;
  const subject = { en: `Asking ${count} endpoints`, nl: `Vraagt ${count} adressen en poorten` };
  return `${subject[language]}, ${words[language]}.\n`;
}

/** Seconds, and minutes from two of them on: what nobody reads to the second. */
const atMost = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;

/** Ports written with a target hold for that address, instead of the others. */
function askedAt(texts: readonly string[], transports: readonly Transport[]): Map<string, HostPlaces> {
  const ports = new Map<string, number[]>();
  for (const text of texts) {
    const target = parseTarget(text);
    if (!target.ok || target.value.port === null) continue;
    const { range, port } = target.value;
    const address = formatAddress(range.family, range.first);
    ports.set(address, [...(ports.get(address) ?? []), port]);
  }
  return new Map([...ports].map(([address, own]) => [address, { instead: placesToAsk(own, transports) }]));
}

const LISTEN_SECONDS = 10;

/** Ends when the seconds are over or the signal aborts. */
export const listeningTime = (seconds: number | undefined, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout((seconds ?? LISTEN_SECONDS) * 1000)]);
