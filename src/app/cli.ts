import { Command, CommanderError } from 'commander';
import { AppError, EXIT } from '../model/app-error.ts';
import { VERSION } from '../model/product.ts';
import type { AddCommand } from './commands/command.ts';

/**
 * Every command, in the order of the help; a test compares the list with the folder. Each is loaded when it is needed: who lists
 * devices does not wait for the HTTP server.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  scan: async () => (await import('./commands/scan.ts')).addScan,
  listen: async () => (await import('./commands/listen.ts')).addListen,
  identify: async () => (await import('./commands/identify.ts')).addIdentify,
  devices: async () => (await import('./commands/devices.ts')).addDevices,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
  device: async () => (await import('./commands/device.ts')).addDevice,
  findings: async () => (await import('./commands/findings.ts')).addFindings,
  alerts: async () => (await import('./commands/alerts.ts')).addAlerts,
  rules: async () => (await import('./commands/rules.ts')).addRules,
  policy: async () => (await import('./commands/policy.ts')).addPolicy,
  import: async () => (await import('./commands/import.ts')).addImport,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
};

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
  for (const add of await commandsFor(argv[2])) add(program, (code) => (outcome.exitCode = code));
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

/** The command that is named, else all of them: for the help, and for what is misspelled. */
function commandsFor(name = ''): Promise<AddCommand[]> {
  const named = Object.entries(COMMANDS).filter(([known]) => known === name);
  const wanted = named.length > 0 ? named : Object.entries(COMMANDS);
  return Promise.all(wanted.map(([, load]) => load()));
}
