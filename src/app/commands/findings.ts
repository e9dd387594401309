import { toFindingJson } from '../../api/contract/from-model.ts';
import { EXIT } from '../../model/app-error.ts';
import { FINDING_KINDS, FINDINGS, SEVERITIES, type FindingKind, type Severity } from '../../model/finding.ts';
import { journalAfter, journalEnd } from '../../store/journal.ts';
import { deviceNamed, formatOption, inInventory } from '../inventory.ts';
import { say } from '../locale.ts';
import { findingTable } from '../render/findings.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  listOf,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

const FORMATS = ['table', 'json', 'ndjson'] as const;
const MOST = 10_000;

interface FindingsOptions extends CommonOptions {
  after?: number;
  limit: number;
  kind?: FindingKind[];
  severity?: Severity[];
  device?: string;
  format: (typeof FORMATS)[number];
}

export const addFindings: AddCommand = (program, exit) => {
  program
    .command('findings')
    .description('the journal: what changed on the site, each with its number, in its order')
    .option(
      '--after <number>',
      'what follows this number; without it, the latest',
      wholeNumber('--after', 0, Number.MAX_SAFE_INTEGER),
    )
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, MOST), 50)
    .option('--kind <kinds>', FINDING_KINDS.join(', '), listOf('--kind', FINDING_KINDS))
    .option('--severity <severities>', SEVERITIES.join(', '), listOf('--severity', SEVERITIES))
    .option('--device <device>', 'only of this one: its id (d12), its MAC in any notation, or its address')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus findings --severity critical,warning')
    .action(async (options: FindingsOptions) => {
      await inInventory(options, async (inventory) => {
        const { db, language } = inventory;
        const { after, limit, device, format } = options;
        const filter = {
          kinds: kindsOf(options),
          device: device === undefined ? undefined : deviceNamed(inventory, device).id,
        };
        const found = (
          after === undefined ? journalEnd(db, filter, limit) : journalAfter(db, filter, { after, limit })
        ).map((finding) => toFindingJson(finding, language));
        if (format === 'json') await print(`${JSON.stringify({ findings: found }, null, 2)}\n`);
        else if (format === 'ndjson') await print(found.map((one) => `${JSON.stringify(one)}\n`));
        else if (found.length === 0) await print(`${say('no findings', language)}\n`);
        else await print(`${findingTable(found, inventory)}\n`);
      });
      exit(EXIT.done);
    });
};

/** Undefined for all. */
const kindsOf = ({ kind, severity }: FindingsOptions): readonly FindingKind[] | undefined =>
  severity === undefined
    ? kind
    : (kind ?? FINDING_KINDS).filter((one) => severity.includes(FINDINGS[one].severity));
