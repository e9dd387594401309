import type { Command } from 'commander';
import { AppError, EXIT } from '../../model/app-error.ts';
import { DEFAULT_TLS_PORT } from '../../registrations/asterisk-ami/index.ts';
import { COLUMNS, readMapping, type Mapping } from '../../registrations/csv/columns.ts';
import { dataDirOf } from '../compose.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import {
  readAsteriskAt,
  readCsvAt,
  readFreeswitchAt,
  readKamailioAt,
  type ReadSource,
  type SourceOptions,
} from '../import-sources.ts';
import { figuresLine, takeIn } from '../import.ts';
import { paintFor } from '../render/device-table.ts';
import { DEVICE_FORMATS, renderDevices, type DeviceFormat } from '../render/devices.ts';
import {
  configOption,
  dataDirOption,
  interruption,
  languageOption,
  listOf,
  print,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

/** Longest that an import may take, so that a trickle of bytes ends too. */
const LONGEST_MS = 300_000;

interface ImportOptions extends CommonOptions, SourceOptions {
  format: DeviceFormat;
}

const SECRET_FILE = ['--secret-file <file>', 'file with the secret (else $SIPCENSUS_PBX_SECRET)'] as const;

export const addImport: AddCommand = (program, exit) => {
  const group = program
    .command('import')
    .description('phones that a PBX knows: asks the PBX, or reads its export; sends nothing to any phone');
  const add = (name: string, argument: string, read: ReadSource): Command =>
    withCommonOptions(group.command(name).argument(argument)).action(
      async (where: string, options: ImportOptions) => exit(await importFrom(where, options, read)),
    );

  add('asterisk', '<host[:port]>', readAsteriskAt)
    .description('Asterisk: contacts of PJSIP and peers of chan_sip, over the manager interface (AMI)')
    .requiredOption('--user <name>', 'manager user, with the right "system" and no other')
    .option(...SECRET_FILE)
    .option('--tls', `over TLS, on port ${DEFAULT_TLS_PORT} unless another is written`)
    .addHelpText('after', exampleOf('asterisk 192.168.10.1 --user sipcensus --secret-file ami.secret'));
  add('freeswitch', '<host[:port]>', readFreeswitchAt)
    .description('FreeSWITCH: the registrations of every profile, over the event socket')
    .option(...SECRET_FILE)
    .addHelpText('after', exampleOf('freeswitch 192.168.10.1 --secret-file esl.secret'));
  add('kamailio', '<url>', readKamailioAt)
    .description('Kamailio: the location table, by JSON-RPC over HTTP')
    .option('--user <name>', 'user of HTTP Basic authentication, where it is asked for')
    .option(...SECRET_FILE)
    .addHelpText('after', exampleOf('kamailio http://192.168.10.1:5060/RPC'));
  add('csv', '<file>', readCsvAt)
    .description('the export of any PBX as a table with a heading')
    .option('--map <list>', `which heading tells what: ${COLUMNS.join(', ')}`, mapping)
    .addHelpText('after', exampleOf('csv phones.csv --map "address=IP address,userAgent=Agent"'));
};

const exampleOf = (text: string): string => `\nExample:\n  $ sipcensus import ${text}`;

const withCommonOptions = (command: Command): Command =>
  command
    .option(
      '--format <format>',
      DEVICE_FORMATS.join(', '),
      (text) => listOf('--format', DEVICE_FORMATS)(text)[0] ?? 'table',
      'table',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption());

async function importFrom(where: string, options: ImportOptions, read: ReadSource): Promise<number> {
  const config = loadConfig(findConfigFile(options.config, process.env));
  if (config.scope.isEmpty)
    throw new AppError('SCOPE_REFUSED', 'Without a scope no registration belongs to this site.', {
      hint: 'Say which networks may be audited: scope.include in the configuration.',
    });
  const interrupt = interruption();
  try {
    const time = AbortSignal.any([interrupt.signal, AbortSignal.timeout(LONGEST_MS)]);
    const found = await read(where, options, time);
    if (found === null) return EXIT.interrupted;
    const language = options.lang ?? config.site.language;
    const dataDir = dataDirOf(options.dataDir, process.env);
    const { output, figures, isExamplePolicy } = takeIn({ ...found, config, dataDir, language });
    process.stderr.write(figuresLine(figures, language));
    const shown = { language, paint: paintFor(process.stdout), isExamplePolicy };
    await print(renderDevices(output, options.format, shown));
    return EXIT.done;
  } finally {
    interrupt.dispose();
  }
}

/** Throws AppError USAGE with every fault. */
function mapping(text: string): Mapping {
  const read = readMapping(text);
  if (read.ok) return read.value;
  throw new AppError('USAGE', '--map is not understood:', {
    faults: read.fault.map((message) => ({ file: '--map', line: null, column: null, message })),
    hint: 'Write for example --map address=ip,userAgent=agent.',
  });
}
