import { EXIT } from '../../model/app-error.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { readPolicy } from '../knowledge.ts';
import { print, type AddCommand } from './command.ts';

export const addPolicy: AddCommand = (program, exit) => {
  const policy = program.command('policy').description('the support policy: which phones get which level');
  policy
    .command('check')
    .description('validates a policy file; every fault comes at once, with file and line')
    .argument('<file>', 'policy file (docs/policy-format.md)')
    .addHelpText('after', '\nExample:\n  $ sipcensus policy check rules/policies/example.yaml')
    .action(async (file: string) => {
      const { title, revision, clauses, hash } = readPolicy(file);
      const byLevel = SUPPORT_LEVELS.map(
        (level) => `${clauses.filter((clause) => clause.level === level).length} ${level}`,
      ).filter((text) => !text.startsWith('0 '));
      await print(
        `${title}, revision ${revision}: ${clauses.length} rows (${byLevel.join(', ')}), all right.\nsha256 ${hash}\n`,
      );
      exit(EXIT.done);
    });
};
