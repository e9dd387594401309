import { Option } from 'commander';
import { timeOf } from '../../alerts/message-text.ts';
import { toSummaryJson } from '../../api/contract/from-model.ts';
import { isoTime } from '../../api/contract/words.ts';
import { momentOf } from '../../api/moment.ts';
import { EXIT } from '../../model/app-error.ts';
import { countFellSilent, isToldByPbx, TOLD_BY_PBX, type SiteFigures } from '../../model/coverage.ts';
import { DEVICE_STATUSES, type Device, type DeviceStatus } from '../../model/device.ts';
import { DEVICE_KINDS, type DeviceKind } from '../../model/identity.ts';
import { SUPPORT_LEVELS, type SupportLevel } from '../../model/verdict.ts';
import { devicesAsOf, type Moment } from '../../store/as-of.ts';
import { listDevices, type DeviceFilter } from '../../store/devices.ts';
import { hasHeardBy } from '../../store/endpoints.ts';
import { listLeftAlone } from '../../store/left-alone.ts';
import { formatOption, inInventory, type Inventory } from '../inventory.ts';
import { loadKnowledge } from '../knowledge.ts';
import { say } from '../locale.ts';
import { MOMENT_HELP, momentOption } from '../moment-option.ts';
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
  asOf?: string;
  knownAt?: string;
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
    .option('--as-of <date>', `the fleet of another day: ${MOMENT_HELP}`)
    .option('--known-at <date>', 'as it was known at this moment; without it, at the moment asked for')
    .addOption(formatOption(DEVICE_FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ sipcensus devices --level unsupported,basic\n  $ sipcensus devices --as-of 2026-11-24',
    )
    .action(async (options: DevicesOptions) => {
      await inInventory(options, async (inventory) => {
        const { config, db, language, paint } = inventory;
        const { policy, matcher } = loadKnowledge(config);
        const moment = momentAsked(options, inventory);
        const filter = filterOf(options);
        const devices = moment === null ? listDevices(db, filter) : devicesAsOf(db, moment, filter);
        const counts = toSummaryJson(devices, figuresOf(inventory, devices, moment));
        const summary = {
          ...counts,
          silent: silentPhones(devices, matcher, language),
          unknownToPbx: counts.coverage.unknownToPbx === null ? null : phonesUnknownToPbx(devices),
          site: config.site.id,
          ...(moment === null ? {} : { asOf: isoTime(moment.at), knownAt: isoTime(moment.knownAt) }),
        };
        const output = {
          summary,
          devices: listed(db, devices, { language, findings: LATEST_FINDINGS, until: moment?.knownAt }),
        };
        if (moment !== null && options.format === 'table')
          await print(`${paint('bold', asOfLine(moment, inventory))}\n\n`);
        await print(
          renderDevices(output, options.format, { language, paint, isExamplePolicy: policy.isExample }),
        );
      });
      exit(EXIT.done);
    });
};

/** The moment that is asked for; null for now. */
function momentAsked({ asOf, knownAt }: DevicesOptions, { config, timezone, now }: Inventory): Moment | null {
  if (asOf === undefined && knownAt === undefined) return null;
  const read = (option: string, text: string): number => momentOption(option, text, { timezone, now });
  const at = asOf === undefined ? now : read('--as-of', asOf);
  const known = knownAt === undefined ? undefined : read('--known-at', knownAt);
  return momentOf({ at, knownAt: known }, { now, keepMs: config.retention.historyDays * 24 * 3_600_000 });
}

/** What the devices do not tell of the site. */
const figuresOf = (
  { config: { site }, db, now }: Inventory,
  devices: readonly Device[],
  moment: Moment | null,
): SiteFigures =>
  moment === null
    ? {
        // A filter may leave no phone that a PBX has told of.
        hasRegistrations: devices.some(isToldByPbx) || hasHeardBy(db, site.id, TOLD_BY_PBX),
        possiblyBlocked: countFellSilent(listLeftAlone(db, site.id, now)),
      }
    : { hasRegistrations: devices.some(isToldByPbx) };

function asOfLine({ at, knownAt }: Moment, { language, timezone }: Inventory): string {
  const time = (ms: number): string => timeOf(ms, timezone, language);
  const known = knownAt === at ? '' : `, ${say('as known at', language)} ${time(knownAt)}`;
  return `${say('the fleet at', language)} ${time(at)}${known}`;
}

function filterOf({ level, vendor, kind, status, search }: DevicesOptions): DeviceFilter {
  return {
    ...(level === undefined ? {} : { levels: level }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(search === undefined ? {} : { text: search }),
  };
}
