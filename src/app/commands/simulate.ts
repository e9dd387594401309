import { writeFileSync } from 'node:fs';
import { AppError, EXIT } from '../../model/app-error.ts';
import { fileTrouble } from '../../platform/files.ts';
import { startSimulation, type SimulationOptions } from '../simulation.ts';
import { interruption, wholeNumber, type AddCommand } from './command.ts';

interface SimulateOptions extends SimulationOptions {
  truth?: string;
  seconds?: number;
}

export const addSimulate: AddCommand = (program, exit) => {
  program
    .command('simulate')
    .description('only the simulated site: phones on loopback addresses that answer as real ones do')
    .option('--phones <n>', 'how many devices', wholeNumber('--phones', 1, 5000), 60)
    .option('--network <network>', 'loopback network that they live on', '127.77.0.0/24')
    .option('--seed <n>', 'the same seed makes the same site', wholeNumber('--seed', 0, 2 ** 31), 1)
    .option('--dynamic', 'phones change firmware, move and appear while it runs')
    .option('--truth <file>', 'write what every phone really is, as JSON, once all are up')
    .option('--seconds <n>', 'end by itself after this time', wholeNumber('--seconds', 1, 86_400))
    .addHelpText('after', '\nExample:\n  $ sipcensus simulate --seed 7 --truth truth.json')
    .action(async (options: SimulateOptions) => {
      const interrupt = interruption();
      const signal =
        options.seconds === undefined
          ? interrupt.signal
          : AbortSignal.any([interrupt.signal, AbortSignal.timeout(options.seconds * 1000)]);
      try {
        const site = await startSimulation(options, signal);
        if (options.truth !== undefined) writeTruth(options.truth, site.truth);
        process.stderr.write(
          `${site.phones} devices are up on ${options.network}. Sweep them with: sipcensus scan ${options.network}\n`,
        );
        await site.ended;
        exit(EXIT.done);
      } finally {
        interrupt.dispose();
      }
    });
};

function writeTruth(file: string, truth: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(truth, null, 2)}\n`);
  } catch (error) {
    throw new AppError('INPUT_INVALID', `The truth cannot be written to ${file}: ${fileTrouble(error)}.`, {
      cause: error,
    });
  }
}
