import { testMessage } from '../../alerts/compose-message.ts';
import type { DeliveryFaultReason } from '../../alerts/sink.ts';
import { toSinkTestJson, type SinkTestJson } from '../../api/contract/delivery.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { printable, type Language, type LocalText } from '../../model/text.ts';
import { systemClock } from '../../platform/clock.ts';
import { sinksOf } from '../alerts.ts';
import {
  configOption,
  interruption,
  languageOption,
  print,
  type AddCommand,
  type CommonOptions,
} from '../commands/command.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import { formatOption } from '../inventory.ts';
import { say } from '../locale.ts';
import { paintFor, type Paint } from '../render/paint.ts';

const FORMATS = ['text', 'json'] as const;

interface TestOptions extends CommonOptions {
  format: (typeof FORMATS)[number];
}

export const addTest: AddCommand = (alerts, exit) => {
  alerts
    .command('test')
    .description('send a message that tells of nothing to one sink, now; exit 0 delivered, 3 not')
    .argument('<sink>', 'its name in the configuration')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus alerts test mail')
    .action(async (name: string, options: TestOptions) => {
      const tried = await tryOut(name, options.config);
      const language = options.lang ?? tried.language;
      await print(
        options.format === 'json'
          ? `${JSON.stringify(tried.json, null, 2)}\n`
          : textOf(tried.json, language, paintFor(process.stdout)),
      );
      exit(tried.json.delivered ? EXIT.done : EXIT.cannotRun);
    });
};

/** Neither daemon nor inventory is needed: the configuration says it all. */
async function tryOut(
  name: string,
  file: string | undefined,
): Promise<{ json: SinkTestJson; language: Language }> {
  const { site, dashboardUrl, ...config } = loadConfig(findConfigFile(file, process.env));
  const sinks = sinksOf({ ...config, site, dashboardUrl });
  const sink = sinks.find((one) => one.name === name);
  if (sink === undefined)
    throw new AppError('NOT_FOUND', `The configuration has no sink "${printable(name)}".`, {
      hint:
        sinks.length === 0
          ? 'It has none at all: docs/how-to/be-told.md shows how one is written.'
          : `It has: ${sinks.map((one) => one.name).join(', ')}.`,
    });
  const interrupt = interruption();
  try {
    const parts = { site, language: sink.language, at: systemClock.now(), link: dashboardUrl };
    const outcome = await sink.deliver(testMessage(parts), interrupt.signal);
    return { json: toSinkTestJson(name, outcome), language: site.language };
  } finally {
    interrupt.dispose();
  }
}

function textOf({ sink, fault }: SinkTestJson, language: Language, paint: Paint): string {
  if (fault === null) return `${paint('green', '✓')} ${sink} ${say('a test message arrived', language)}\n`;
  return [
    `${paint('red', '✕')} ${say('not delivered', language)} (${fault.reason}): ${printable(fault.detail)}`,
    `  ${TO_DO[fault.reason][language]}`,
    '',
  ].join('\n');
}

/** What a person can do about each fault. */
const TO_DO: Readonly<Record<DeliveryFaultReason, LocalText>> = {
  auth: {
    en: 'Check user, password, token or signing secret, and the file or variable that it stands in.',
    nl: 'Controleer gebruiker, wachtwoord, token of ondertekensleutel, en het bestand of de variabele waarin het staat.',
  },
  rejected: {
    en: 'Another attempt will not help: check address and settings of the sink.',
    nl: 'Nog een poging helpt niet: controleer adres en instellingen van de ontvanger.',
  },
  timeout: {
    en: 'Nothing answered in time: check address and port, and the firewalls between.',
    nl: 'Er kwam op tijd geen antwoord: controleer adres en poort, en de firewalls ertussen.',
  },
  network: {
    en: 'It could not be reached, or its certificate is not believed: check address, port, route and certificate.',
    nl: 'Het is niet te bereiken, of het certificaat wordt niet geloofd: controleer adres, poort, route en certificaat.',
  },
  'rate-limited': {
    en: 'The receiver asks for patience: try again later.',
    nl: 'De ontvanger vraagt om geduld: probeer het later opnieuw.',
  },
  aborted: { en: 'It was interrupted.', nl: 'Het is onderbroken.' },
};
