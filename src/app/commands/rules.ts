import type { Command } from 'commander';
import { EXIT } from '../../model/app-error.ts';
import { formatFault } from '../../model/fault.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import { checkRules } from '../knowledge.ts';
import { draftRuleFile, writeDraft } from '../rule-draft.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  print,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

export const addRules: AddCommand = (program, exit) => {
  const rules = program.command('rules').description('the fingerprint rules, ours and the user’s own');
  addCheck(rules, exit);
  addNew(rules, exit);
};

function addCheck(rules: Command, exit: (code: number) => void): void {
  rules
    .command('check')
    .description('self-test: every example of every rule, and every fault with file and line')
    .argument('[folder...]', "the user's own rule folders, read after the shipped ones")
    .addHelpText('after', '\nExample:\n  $ sipcensus rules check ./my-rules')
    .action(async (folders: string[]) => {
      const { rules: count, examples, files } = checkRules(folders);
      await print(`${count} rules with ${examples} examples in ${files} files: all right.\n`);
      exit(EXIT.done);
    });
}

interface NewOptions extends CommonOptions {
  message?: string;
  userAgent?: string;
  rules?: string;
  output?: string;
}

function addNew(rules: Command, exit: (code: number) => void): void {
  rules
    .command('new')
    .description('draft a rule for an unknown phone, from a device of the inventory or from a raw message')
    .argument('[device]', 'its id (d12), its MAC in any notation, or its address')
    .option('--message <file>', 'a raw SIP message instead; - reads it from standard input')
    .option('--user-agent <text>', 'a User-Agent instead')
    .option('--rules <folder>', "the user's own rule files, read after the shipped ones")
    .option(
      '-o, --output <file>',
      'write the draft there; a vendor that is new goes into vendors.txt beside it',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus rules new d12 -o my-rules/acme.yaml')
    .action(async (device: string | undefined, options: NewOptions) => {
      const { site, rulesFolder } = loadConfig(findConfigFile(options.config, process.env));
      const { message, userAgent, dataDir, output } = options;
      const { draft, text, faults } = draftRuleFile(
        { device, message, userAgent, dataDir, site: site.id },
        options.rules ?? rulesFolder,
        options.lang ?? site.language,
      );
      // A draft that does not pass its own test is still worth reading: what is wrong is told beside it.
      for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
      await print(output === undefined ? text : `${writeDraft(output, text, draft).join('\n')}\n`);
      exit(EXIT.done);
    });
}
