import { toAlertJson } from '../../api/contract/alert.ts';
import { toDeliveryJson, toSinkJson } from '../../api/contract/delivery.ts';
import { READER } from '../../engine/alerting/parts.ts';
import { EXIT } from '../../model/app-error.ts';
import { latestFindings } from '../../store/findings.ts';
import { cursorOf } from '../../store/readers.ts';
import { alertingOf } from '../alerting-of.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  print,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../commands/command.ts';
import { formatOption, inInventory } from '../inventory.ts';
import { say } from '../locale.ts';
import { deliveryTable, sinkTable } from '../render/alert-tables.ts';
import { alertLines } from '../render/alerts.ts';

const FORMATS = ['table', 'json'] as const;

interface ShowOptions extends CommonOptions {
  limit: number;
  all?: true;
  format: (typeof FORMATS)[number];
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

export const addList: AddCommand = (alerts, exit) => {
  alerts
    .command('list', { isDefault: true })
    .description('what fires now, the worst first, with what to do')
    .option('--all', 'also what is over')
    .option('--limit <n>', 'how many at most, the latest', wholeNumber('--limit', 1, 10_000), 1000)
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts')
    .action(async (options: ShowOptions) => {
      await inInventory(options, async (inventory) => {
        const { db, language, now, paint } = inventory;
        const filter = { limit: options.limit, ...(options.all ? {} : { state: 'firing' as const }) };
        const shown = alertingOf(inventory)
          .alerts(filter)
          .map((alert) => toAlertJson(alert, language, now));
        const unread = Math.max(0, (latestFindings(db, 1)[0]?.seq ?? 0) - cursorOf(db, READER));
        if (options.format === 'json') return print(json({ unread, alerts: shown }));
        const lines = shown.length === 0 ? [say('no alerts', language)] : alertLines(shown, inventory);
        const note = unread === 0 ? [] : ['', paint('dim', `${unread} ${say('unread', language)}`)];
        return print([...lines, ...note, ''].join('\n'));
      });
      exit(EXIT.done);
    });
};

export const addSinks: AddCommand = (alerts, exit) => {
  alerts
    .command('sinks')
    .description('where alerts are told, and since when a place takes none')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts sinks')
    .action(async (options: ShowOptions) => {
      await inInventory(options, (inventory) => {
        const sinks = alertingOf(inventory).sinks().map(toSinkJson);
        if (options.format === 'json') return print(json({ sinks }));
        return print(
          `${sinks.length === 0 ? say('no sinks', inventory.language) : sinkTable(sinks, inventory)}\n`,
        );
      });
      exit(EXIT.done);
    });
};

export const addDeliveries: AddCommand = (alerts, exit) => {
  alerts
    .command('deliveries')
    .description('the latest messages and what became of them, newest first')
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, 1000), 20)
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts deliveries')
    .action(async (options: ShowOptions) => {
      await inInventory(options, (inventory) => {
        const deliveries = alertingOf(inventory).deliveries(options.limit).map(toDeliveryJson);
        if (options.format === 'json') return print(json({ deliveries }));
        return print(
          `${deliveries.length === 0 ? say('no deliveries', inventory.language) : deliveryTable(deliveries, inventory)}\n`,
        );
      });
      exit(EXIT.done);
    });
};
