import { Option } from 'commander';
import { toSummaryJson } from '../../api/contract/from-model.ts';
import { EXIT } from '../../model/app-error.ts';
import { countFellSilent, isToldByPbx, TOLD_BY_PBX } from '../../model/coverage.ts';
import { DEVICE_STATUSES, type DeviceStatus } from '../../model/device.ts';
import { DEVICE_KINDS, type DeviceKind } from '../../model/identity.ts';
import { SUPPORT_LEVELS, type SupportLevel } from '../../model/verdict.ts';
import { systemClock } from '../../platform/clock.ts';
import { listDevices, type DeviceFilter } from '../../store/devices.ts';
import { hasHeardBy } from '../../store/endpoints.ts';
import { listLeftAlone } from '../../store/left-alone.ts';
import { dataDirOf, openInventory } from '../compose.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import { loadKnowledge } from '../knowledge.ts';
import { paintFor } from '../render/device-table.ts';
import { DEVICE_FORMATS, renderDevices, type DeviceFormat } from '../render/devices.ts';
import { listed } from '../render/listed.ts';
import { silentPhones } from '../render/silent.ts';
import { phonesUnknownToPbx } from '../render/unknown-to-pbx.ts';
import {
  configOption,
  dataDirOption,
  LATEST_FINDINGS,
  languageOption,
  listOf,
  print,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

interface DevicesOptions extends CommonOptions {
  level?: SupportLevel[];
  vendor?: string;
  kind?: DeviceKind;
  status?: DeviceStatus;
  search?: string;
  format: DeviceFormat;
}

export const addDevices: AddCommand = (program, exit) => {
  program
    .command('devices')
    .description('the inventory kept by serve and by scan --save')
    .option('--level <levels>', SUPPORT_LEVELS.join(', '), listOf('--level', SUPPORT_LEVELS))
    .option('--vendor <vendor>', 'only this vendor')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(DEVICE_KINDS))
    .addOption(new Option('--status <status>', 'only this status').choices(DEVICE_STATUSES))
    .option('--search <text>', 'in vendor, model, firmware, MAC in any notation, address, User-Agent')
    .option(
      '--format <format>',
      DEVICE_FORMATS.join(', '),
      (text) => listOf('--format', DEVICE_FORMATS)(text)[0] ?? 'table',
      'table',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus devices --level unsupported,basic')
    .action(async (options: DevicesOptions) => {
      const config = loadConfig(findConfigFile(options.config, process.env));
      const language = options.lang ?? config.site.language;
      const { policy, matcher } = loadKnowledge(config);
      const db = openInventory(dataDirOf(options.dataDir, process.env));
      try {
        const devices = listDevices(db, filterOf(options));
        const shown = { language, paint: paintFor(process.stdout), isExamplePolicy: policy.isExample };
        const counts = toSummaryJson(devices, {
          // A filter may leave no phone that a PBX has told of.
          hasRegistrations: devices.some(isToldByPbx) || hasHeardBy(db, config.site.id, TOLD_BY_PBX),
          possiblyBlocked: countFellSilent(listLeftAlone(db, config.site.id, systemClock.now())),
        });
        const summary = {
          ...counts,
          silent: silentPhones(devices, matcher, language),
          unknownToPbx: counts.coverage.unknownToPbx === null ? null : phonesUnknownToPbx(devices),
          site: config.site.id,
        };
        await print(
          renderDevices(
            {
              summary,
              devices: listed(db, devices, { language, findings: LATEST_FINDINGS }),
            },
            options.format,
            shown,
          ),
        );
        exit(EXIT.done);
      } finally {
        db.close();
      }
    });
};

function filterOf({ level, vendor, kind, status, search }: DevicesOptions): DeviceFilter {
  return {
    ...(level === undefined ? {} : { levels: level }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(search === undefined ? {} : { text: search }),
  };
}
