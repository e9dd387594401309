import { EXIT } from '../../model/app-error.ts';
import { checkRules } from '../knowledge.ts';
import { print, type AddCommand } from './command.ts';
import { addRulesNew } from './rules-new.ts';

export const addRules: AddCommand = (program, exit) => {
  const rules = program.command('rules').description('the fingerprint rules, ours and the user’s own');
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
  addRulesNew(rules, exit);
};
