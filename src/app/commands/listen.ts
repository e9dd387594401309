import { toDeviceJson, toSummaryJson } from '../../api/contract/from-model.ts';
import { LISTENER_NAMES } from '../../channels/registry.ts';
import { createBatches } from '../../engine/batches.ts';
import { sumOf } from '../../engine/listen.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { localNetworks } from '../../platform/interfaces.ts';
import { createScope, type Scope } from '../../scope/scope.ts';
import { listDevices } from '../../store/devices.ts';
import { createPipeline, openTransientInventory } from '../compose.ts';
import { findConfigFile, loadConfig, type Config } from '../config.ts';
import { loadKnowledge } from '../knowledge.ts';
import { overhear } from '../overhear.ts';
import { paintFor } from '../render/device-table.ts';
import { DEVICE_FORMATS, renderDevices, type DeviceFormat } from '../render/devices.ts';
import { silentPhones } from '../render/silent.ts';
import {
  configOption,
  interruption,
  languageOption,
  listOf,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

interface ListenOptions extends CommonOptions {
  interface: string[];
  seconds?: number;
  format: DeviceFormat;
}

export const addListen: AddCommand = (program, exit) => {
  program
    .command('listen')
    .description('passive channels only: hears phones that boot and ask for provisioning; sends nothing')
    .option(
      '--interface <name>',
      'interface to listen on, by name or own address (repeatable)',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option(
      '--seconds <n>',
      'how long to listen; without it, until interrupted',
      wholeNumber('--seconds', 1, 86_400),
    )
    .option(
      '--format <format>',
      DEVICE_FORMATS.join(', '),
      (text) => listOf('--format', DEVICE_FORMATS)(text)[0] ?? 'table',
      'table',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus listen --interface eth0 --seconds 300')
    .action(async (options: ListenOptions) => exit(await listen(options)));
};

async function listen(options: ListenOptions): Promise<number> {
  const config = loadConfig(findConfigFile(options.config, process.env));
  const language = options.lang ?? config.site.language;
  const knowledge = loadKnowledge(config);
  const db = openTransientInventory();
  const batches = createBatches(createPipeline(db, () => knowledge).intake, systemClock);
  const interrupt = interruption();
  const time =
    options.seconds === undefined
      ? interrupt.signal
      : AbortSignal.any([interrupt.signal, AbortSignal.timeout(options.seconds * 1000)]);
  try {
    const interfaces = options.interface.length > 0 ? { interfaces: options.interface } : {};
    const reports = await overhear({
      config,
      language,
      channels: LISTENER_NAMES.filter((name) => config.channels[name] !== undefined),
      isSilent: true,
      matcher: knowledge.matcher,
      db,
      scope: scopeOf(options, config),
      ...interfaces,
      signal: time,
      emit: (sighting) => batches.add(sighting),
    });
    const heard = Object.values(reports);
    if (heard.length === 0) return EXIT.cannotRun;
    batches.flush();
    const devices = listDevices(db, {});
    const summary = {
      ...toSummaryJson(devices),
      silent: silentPhones(devices, knowledge.matcher, language),
      site: config.site.id,
      listened: { ...sumOf(heard), channels: reports },
    };
    const shown = { language, paint: paintFor(process.stdout), isExamplePolicy: knowledge.policy.isExample };
    await print(
      renderDevices(
        { summary, devices: devices.map((device) => toDeviceJson(device, [], language)) },
        options.format,
        shown,
      ),
    );
    return interrupt.wasInterrupted() && options.seconds !== undefined ? EXIT.interrupted : EXIT.done;
  } finally {
    interrupt.dispose();
    db.close();
  }
}

/** The networks of the interfaces that were spelled out, else the configured scope: without either nothing is joined. */
function scopeOf(options: ListenOptions, config: Config): Scope {
  if (options.interface.length === 0) {
    if (!config.scope.isEmpty) return config.scope;
    throw new AppError('SCOPE_REFUSED', 'Nothing is joined without a scope.', {
      hint: 'Name an interface with --interface, or a scope in the configuration.',
    });
  }
  const chosen = localNetworks().filter((network) =>
    options.interface.some((name) => name === network.interface || name === network.address),
  );
  const scope = createScope({
    include: chosen.map((network) => network.network),
    exclude: config.scope.exclude,
    confirmed: true,
  });
  if (!scope.ok) throw new AppError('SCOPE_REFUSED', 'The scope is refused:', { faults: scope.fault });
  return scope.value;
}
