import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../model/app-error.ts';
import { createLog } from '../../platform/log.ts';
import { createScope } from '../../scope/scope.ts';
import { openInventory } from '../compose.ts';
import { loadConfig, type Config } from '../config.ts';
import { loadKnowledge } from '../knowledge.ts';
import { startSimulation, type SimulationOptions } from '../simulation.ts';
import {
  interruption,
  languageOption,
  listenAddress,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

interface DemoOptions extends CommonOptions, SimulationOptions {
  listen?: { host: string; port: number };
}

export const addDemo: AddCommand = (program, exit) => {
  program
    .command('demo')
    .description('a simulated site on loopback, swept for real and shown in the browser; no configuration')
    .option('--phones <n>', 'how many devices', wholeNumber('--phones', 1, 5000), 60)
    .option('--network <network>', 'loopback network that they live on', '127.77.0.0/24')
    .option('--seed <n>', 'the same seed makes the same site', wholeNumber('--seed', 0, 2 ** 31), 7)
    .option('--listen <address:port>', 'where dashboard and API are', listenAddress)
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus demo --phones 200 --lang nl')
    .action(async (options: DemoOptions) => {
      const interrupt = interruption();
      const dataDir = mkdtempSync(join(tmpdir(), 'sipcensus-demo-'));
      const config = demoConfig(options);
      const db = openInventory(dataDir);
      try {
        const site = await startSimulation({ ...options, dynamic: true }, interrupt.signal);
        // The HTTP server takes half a second to load: only who serves pays for it.
        const { startDaemon } = await import('../daemon.ts');
        const daemon = await startDaemon({
          config,
          knowledge: loadKnowledge(config),
          db,
          log: createLog('warn'),
        });
        process.stdout.write(
          `\n  ${site.phones} simulated devices on ${options.network}, swept for real.\n  Dashboard: ${daemon.url}\n\n  Ctrl+C ends it; nothing is kept.\n\n`,
        );
        await interrupt.ended;
        await daemon.stop();
        await site.ended;
        exit(EXIT.done);
      } finally {
        interrupt.dispose();
        db.close();
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
};

/** No file is read: a demo looks the same everywhere. It sweeps every minute, so that what changes on the site is seen. */
function demoConfig({ network, listen, lang }: DemoOptions): Config {
  const defaults = loadConfig(null);
  const scope = createScope({ include: [network] });
  const options = defaults.channels['sip-options'];
  return {
    ...defaults,
    site: {
      ...defaults.site,
      id: 'demo',
      name: lang === 'nl' ? 'Voorbeeldlocatie' : 'Demo site',
      language: lang ?? 'en',
    },
    scope: scope.ok ? scope.value : defaults.scope,
    channels: {
      ...defaults.channels,
      ...(options === undefined
        ? {}
        : { 'sip-options': { ...options, ports: [5060, 5062], schedule: '* * * * *' } }),
    },
    listen: listen ?? defaults.listen,
  };
}
