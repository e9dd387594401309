import { Command, CommanderError } from 'commander';
import { AppError, EXIT } from '../model/app-error.ts';
import { VERSION } from '../model/product.ts';
import { addDemo } from './commands/demo.ts';
import { addDevices } from './commands/devices.ts';
import { addExplain } from './commands/explain.ts';
import { addIdentify } from './commands/identify.ts';
import { addImport } from './commands/import.ts';
import { addListen } from './commands/listen.ts';
import { addPolicy } from './commands/policy.ts';
import { addRules } from './commands/rules.ts';
import { addScan } from './commands/scan.ts';
import { addServe } from './commands/serve.ts';
import { addSimulate } from './commands/simulate.ts';

/** Every command, in the order of the help; a test compares the list with the folder. */
export const COMMANDS = [
  addDemo,
  addServe,
  addScan,
  addListen,
  addIdentify,
  addDevices,
  addExplain,
  addRules,
  addPolicy,
  addImport,
  addSimulate,
] as const;

/** Runs one command line and resolves to its exit code. Trouble is told on stderr in plain words, never as a stack. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const outcome = { exitCode: EXIT.done as number };
  const program = new Command('sipcensus')
    .description('Audits which SIP phones are really on a site, and how well the PBX supplier supports them.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText(
      'after',
      '\nStart here:\n  $ sipcensus demo                      a simulated site, swept and shown in the browser\n  $ sipcensus scan 192.168.10.0/24      which phones are on this network',
    );
  for (const add of COMMANDS) add(program, (code) => (outcome.exitCode = code));
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(argv);
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`sipcensus: ${error.describe()}\n`);
    return error.exitCode;
  }
}
