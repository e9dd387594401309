import type { Command } from 'commander';
import { toActJson } from '../../api/contract/identity-act.ts';
import type { Intake } from '../../engine/intake.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { bounded } from '../../model/text.ts';
import { actById, latestActs } from '../../store/identity-acts.ts';
import { authorOf } from '../author.ts';
import { createPipeline } from '../compose.ts';
import { deviceNamed, formatOption, inInventory, type Inventory } from '../inventory.ts';
import { loadKnowledge } from '../knowledge.ts';
import { say } from '../locale.ts';
import { plainTable } from '../render/plain-table.ts';
import { shortTime } from '../render/short-time.ts';
import { actSentence } from '../render/timeline.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

const FORMATS = ['text', 'json'] as const;

interface ActOptions extends CommonOptions {
  because: string;
  author?: string;
  address: string;
  format: (typeof FORMATS)[number];
}

type Exit = Parameters<AddCommand>[1];

export const addDevice: AddCommand = (program, exit) => {
  const device = program
    .command('device')
    .description('who is who: two records of one device, or two devices in one record')
    .addHelpText('after', "\nExample:\n  $ sipcensus device merge d12 d31 --because 'the same sticker'");
  addMerge(device, exit);
  addSplit(device, exit);
  addUndo(device, exit);
  addActs(device, exit);
};

/** Longest reason and name that are kept. */
const MOST_WORDS = { because: 1000, author: 200 };

const withReason = (command: Command): Command =>
  command
    .requiredOption('--because <text>', 'why; it is kept and shown')
    .option('--author <name>', 'who says so (else the user that is logged in)')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption());

const DEVICE = 'its id (d12), its MAC in any notation, or its address';

function addMerge(device: Command, exit: Exit): void {
  withReason(device.command('merge'))
    .description('make one device of two; the older one stays, with the history of both')
    .argument('<device>', DEVICE)
    .argument('<other>', 'the other one')
    .addHelpText('after', "\nExample:\n  $ sipcensus device merge d12 d31 --because 'the same sticker'")
    .action((name: string, otherName: string, options: ActOptions) =>
      act(options, exit, (inventory, intake, said) => {
        const [one, other] = [deviceNamed(inventory, name).id, deviceNamed(inventory, otherName).id];
        if (one === other)
          throw new AppError('INPUT_INVALID', `${name} and ${otherName} are one device already.`);
        intake.merge(one, other, said);
        return lastAct(inventory);
      }),
    );
}

function addSplit(device: Command, exit: Exit): void {
  withReason(device.command('split'))
    .description('make a device of its own of what was heard at an address')
    .argument('<device>', DEVICE)
    .requiredOption('--address <address>', 'where the other one was heard')
    .addHelpText(
      'after',
      "\nExample:\n  $ sipcensus device split d12 --address 192.168.10.24 --because 'two phones in one room'",
    )
    .action((name: string, options: ActOptions) =>
      act(options, exit, (inventory, intake, said) => {
        intake.split(deviceNamed(inventory, name).id, options.address, said);
        return lastAct(inventory);
      }),
    );
}

function addUndo(device: Command, exit: Exit): void {
  withReason(device.command('undo'))
    .description('take back a merge or a split by its number, whoever made it')
    .argument(
      '<number>',
      'of the act; `device acts` and `explain` show it',
      wholeNumber('The number', 1, 2 ** 31),
    )
    .addHelpText('after', "\nExample:\n  $ sipcensus device undo 3 --because 'they are two phones after all'")
    .action((id: number, options: ActOptions) =>
      act(options, exit, (_, intake, said) => {
        intake.undo(id, said);
        return id;
      }),
    );
}

/** Nothing comes between an act and this but another program's act, which is told then instead. */
const lastAct = ({ db }: Inventory): number => latestActs(db, 1)[0]?.id ?? 0;

/** Does one act and tells it. `work` returns its number. */
async function act(
  options: ActOptions,
  exit: Exit,
  work: (
    inventory: Inventory,
    intake: Intake,
    said: { at: number; because: string; author: string },
  ) => number,
): Promise<void> {
  const said = { because: bounded(options.because, MOST_WORDS.because), author: authorOf(options.author) };
  if (said.because.trim() === '' || said.author.trim() === '' || said.author.length > MOST_WORDS.author)
    throw new AppError('USAGE', '--because and --author take a few words.');
  await inInventory(options, async (inventory) => {
    const { db, config } = inventory;
    const knowledge = loadKnowledge(config);
    const { intake } = createPipeline(db, () => knowledge);
    const done = actById(db, work(inventory, intake, { ...said, at: inventory.now }));
    if (done === null) throw new Error('an act left no record');
    const json = toActJson(done);
    await print(
      options.format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : `${actSentence(json, inventory)}\n`,
    );
  });
  exit(EXIT.done);
}

interface ActsOptions extends CommonOptions {
  limit: number;
  format: 'table' | 'json';
}

function addActs(device: Command, exit: Exit): void {
  device
    .command('acts')
    .description('the latest merges and splits, newest first, by whom and why')
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, 1000), 20)
    .addOption(formatOption(['table', 'json']))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus device acts')
    .action(async (options: ActsOptions) => {
      await inInventory(options, async (inventory) => {
        const { db, language, timezone } = inventory;
        const acts = latestActs(db, options.limit).map(toActJson);
        if (options.format === 'json') return print(`${JSON.stringify({ acts }, null, 2)}\n`);
        if (acts.length === 0) return print(`${say('none', language)}\n`);
        const rows = acts.map((one) => [shortTime(one.at, timezone), actSentence(one, inventory)]);
        return print(`${plainTable([timezone, say('act', language)], rows, inventory)}\n`);
      });
      exit(EXIT.done);
    });
}
