import { EXIT } from '../../model/app-error.ts';
import { createLog } from '../../platform/log.ts';
import { dataDirOf, openInventory } from '../compose.ts';
import { findConfigFile, loadConfig, type parseListen } from '../config.ts';
import { loadKnowledge } from '../knowledge.ts';
import {
  configOption,
  dataDirOption,
  interruption,
  listenAddress,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

/** So long the daemon answers nobody while another program writes; it tries again by itself. */
const LOCK_TIMEOUT_MS = 1000;

interface ServeOptions extends CommonOptions {
  listen?: NonNullable<ReturnType<typeof parseListen>>;
}

export const addServe: AddCommand = (program, exit) => {
  program
    .command('serve')
    .description('the daemon: sweeps by schedule, passive listeners, API and dashboard')
    .option('--listen <address:port>', 'where dashboard and API are', listenAddress)
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus serve --config /etc/sipcensus/sipcensus.yaml')
    .action(async (options: ServeOptions) => {
      const config = loadConfig(findConfigFile(options.config, process.env));
      const knowledge = loadKnowledge(config);
      const db = openInventory(dataDirOf(options.dataDir, process.env), { lockTimeoutMs: LOCK_TIMEOUT_MS });
      const interrupt = interruption();
      try {
        // The HTTP server takes half a second to load: only who serves pays for it.
        const { startDaemon } = await import('../daemon.ts');
        const daemon = await startDaemon({
          config: { ...config, listen: options.listen ?? config.listen },
          knowledge,
          db,
          log: createLog('info'),
        });
        process.stderr.write(`sipcensus is at ${daemon.url}\n`);
        if (config.scope.isEmpty)
          process.stderr.write(
            'No scope is configured: nothing is sent and nothing is joined. The dashboard shows how to say what may be audited.\n',
          );
        await interrupt.ended;
        await daemon.stop();
        exit(EXIT.done);
      } finally {
        interrupt.dispose();
        db.close();
      }
    });
};
