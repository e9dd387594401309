import { Option, type Command } from 'commander';
import { toSilenceJson, type SilenceJson } from '../../api/contract/silence.ts';
import { silenceTrouble } from '../../api/silence-trouble.ts';
import type { Alerting } from '../../engine/alerting.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { FINDING_KINDS, type FindingKind } from '../../model/finding.ts';
import { parseMac } from '../../model/mac.ts';
import type { Matchers } from '../../model/silence.ts';
import { SUPPORT_LEVELS, type SupportLevel } from '../../model/verdict.ts';
import { alertingOf } from '../alerting-of.ts';
import { authorOf } from '../author.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../commands/command.ts';
import { deviceNamed, formatOption, inInventory, type Inventory } from '../inventory.ts';
import { say } from '../locale.ts';
import { durationOption, MOMENT_HELP, momentOption } from '../moment-option.ts';
import { matchersText, silenceTable } from '../render/alert-tables.ts';
import { shortTime } from '../render/short-time.ts';

const FORMATS = ['text', 'json'] as const;

interface SaidOptions extends CommonOptions {
  because: string;
  author?: string;
  for?: number;
  until?: string;
  format: (typeof FORMATS)[number];
}

const DAY_MS = 24 * 3_600_000;

const withReason = (command: Command): Command =>
  command
    .requiredOption('--because <text>', 'why; it is kept and shown')
    .addOption(
      new Option('--for <time>', 'for how long: 30m, 8h, 3d, 2w (else a day)')
        .argParser(durationOption('--for'))
        .conflicts('until'),
    )
    .option('--until <date>', `until when: ${MOMENT_HELP}`)
    .option('--author <name>', 'who says so (else the user that is logged in)')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption());

/** What a person said, as alerting takes it. */
function saidOf(options: SaidOptions, { timezone, now }: Inventory) {
  const { until, because, author } = options;
  return {
    reason: because,
    author: authorOf(author),
    expiresAt:
      until === undefined
        ? now + (options.for ?? DAY_MS)
        : momentOption('--until', until, { timezone, now: 0 }),
  };
}

export const addAcknowledge: AddCommand = (alerts, exit) => {
  withReason(alerts.command('ack'))
    .description('somebody sees to one alert: it is not told again until it is over or the time has come')
    .argument('<key...>', 'the key of the alert, as `alerts` shows it: unsupported d12')
    .addHelpText(
      'after',
      "\nExample:\n  $ sipcensus alerts ack unsupported d12 --because 'a new phone is on its way' --for 2w",
    )
    .action(async (key: string[], options: SaidOptions) => {
      await make(options, (inventory, alerting) =>
        alerting.acknowledge(key.join(' '), saidOf(options, inventory)),
      );
      exit(EXIT.done);
    });
};

interface SilenceOptions extends SaidOptions {
  all?: true;
  kind?: FindingKind;
  device?: string;
  vendor?: string;
  model?: string;
  mac?: string;
  address?: string;
  level?: SupportLevel;
}

export const addSilence: AddCommand = (alerts, exit) => {
  withReason(
    alerts
      .command('silence')
      .description('not to be told of some alerts for a while; all of what is said must be true of them')
      .addOption(new Option('--kind <kind>', 'of this kind').choices(FINDING_KINDS))
      .option('--device <device>', 'of this device: its id (d12), its MAC in any notation, or its address')
      .option('--vendor <vendor>', 'of devices of this vendor')
      .option('--model <model>', 'of devices of this model')
      .option('--mac <mac>', 'of the device with this MAC address')
      .option('--address <address>', 'of the device at this address')
      .addOption(new Option('--level <level>', 'of devices of this level').choices(SUPPORT_LEVELS))
      .option('--all', 'every alert of the site'),
  )
    .addHelpText(
      'after',
      "\nExample:\n  $ sipcensus alerts silence --vendor Acme --for 8h --because 'the Acme phones are replaced today'",
    )
    .action(async (options: SilenceOptions) => {
      await make(options, (inventory, alerting) =>
        alerting.silence({
          matchers: matchersOf(options, inventory),
          startsAt: inventory.now,
          ...saidOf(options, inventory),
        }),
      );
      exit(EXIT.done);
    });
};

function matchersOf(options: SilenceOptions, inventory: Inventory): Matchers {
  const { all, kind, device, vendor, model, mac, address, level } = options;
  const said = {
    all,
    kind,
    device: device === undefined ? undefined : deviceNamed(inventory, device).id,
    vendor,
    model,
    mac: mac === undefined ? undefined : macOf(mac),
    address,
    level,
  };
  const matchers = Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as Matchers;
  if (Object.keys(matchers).length > 0) return matchers;
  throw new AppError('USAGE', 'A silence says which alerts it is about.', {
    hint: 'One or more of --kind, --device, --vendor, --model, --mac, --address, --level; or --all.',
  });
}

function macOf(text: string): string {
  const mac = parseMac(text);
  if (mac === null) throw new AppError('USAGE', `--mac takes a MAC address; it was "${text}".`);
  return mac;
}

/** Makes a silence and tells it. */
async function make(
  options: SaidOptions,
  work: (inventory: Inventory, alerting: Alerting) => ReturnType<Alerting['acknowledge']>,
): Promise<void> {
  await inInventory(options, (inventory) => {
    const alerting = alertingOf(inventory);
    const outcome = work(inventory, alerting);
    if (!outcome.ok) throw silenceTrouble(outcome.fault);
    const silence = silenceOf(alerting, outcome.value, inventory.now);
    if (options.format === 'json') return print(`${JSON.stringify(silence, null, 2)}\n`);
    const { language, timezone } = inventory;
    return print(
      `#${silence.id} ${say('silence made', language)} ${shortTime(silence.until, timezone)}: ${matchersText(silence)}.\n${say('ends it', language)}: sipcensus alerts unsilence ${silence.id}\n`,
    );
  });
}

const MOST_SILENCES = 1000;

function silenceOf(alerting: Alerting, id: number, now: number): SilenceJson {
  const silence = alerting.silences(MOST_SILENCES).find((one) => one.id === id);
  if (silence === undefined) throw new AppError('NOT_FOUND', `There is no silence ${id}.`);
  return toSilenceJson(silence, now);
}

interface SilencesOptions extends CommonOptions {
  limit: number;
  format: 'table' | 'json';
}

export const addSilences: AddCommand = (alerts, exit) => {
  alerts
    .command('silences')
    .description('the silences and acknowledgements that were made last, newest first')
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, MOST_SILENCES), 20)
    .addOption(formatOption(['table', 'json']))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts silences')
    .action(async (options: SilencesOptions) => {
      await inInventory(options, (inventory) => {
        const { language, now } = inventory;
        const silences = alertingOf(inventory)
          .silences(options.limit)
          .map((silence) => toSilenceJson(silence, now));
        if (options.format === 'json') return print(`${JSON.stringify({ silences }, null, 2)}\n`);
        return print(
          `${silences.length === 0 ? say('no silences', language) : silenceTable(silences, inventory)}\n`,
        );
      });
      exit(EXIT.done);
    });
};

interface UnsilenceOptions extends CommonOptions {
  author?: string;
}

export const addUnsilence: AddCommand = (alerts, exit) => {
  alerts
    .command('unsilence')
    .description('end a silence or an acknowledgement before its time; the record of it stays')
    .argument('<number>', 'as `alerts silences` shows it', wholeNumber('The number', 1, 2 ** 31))
    .option('--author <name>', 'who says so (else the user that is logged in)')
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts unsilence 4')
    .action(async (id: number, options: UnsilenceOptions) => {
      await inInventory(options, async (inventory) => {
        if (!alertingOf(inventory).endSilence(id, authorOf(options.author)))
          throw new AppError('NOT_FOUND', `There is no silence ${id} that holds or is to come.`, {
            hint: '`sipcensus alerts silences` lists them.',
          });
        await print(`#${id} ${say('silence ended', inventory.language)}.\n`);
      });
      exit(EXIT.done);
    });
};
