import Table from 'cli-table3';
import type { DeviceJson, SummaryJson } from '../../api/contract/device.ts';
import { hostPort } from '../../model/endpoint.ts';
import { formatMac } from '../../model/mac.ts';
import { printable, type Language } from '../../model/text.ts';
import type { SupportLevel } from '../../model/verdict.ts';
import { say } from '../locale.ts';
import type { Paint, Style } from './paint.ts';
import { NO_LINES } from './plain-table.ts';

export { paintFor, type Paint } from './paint.ts';

// A sign as well as a colour: level is never told by colour alone.
const LEVEL_LOOK: Record<SupportLevel, { sign: string; style: Style }> = {
  full: { sign: '●', style: 'green' },
  partial: { sign: '◐', style: 'cyan' },
  basic: { sign: '○', style: 'yellow' },
  unsupported: { sign: '✕', style: 'red' },
  'not-applicable': { sign: '·', style: 'dim' },
};

export const levelWord = (level: SupportLevel, language: Language, paint: Paint): string =>
  paint(LEVEL_LOOK[level].style, `${LEVEL_LOOK[level].sign} ${say(level, language)}`);

/** The devices as a table, a line each, the unsupported ones with their reason below. */
export function deviceTable(devices: readonly DeviceJson[], language: Language, paint: Paint): string {
  const head = (['level', 'vendor', 'model', 'firmware', 'kind', 'address', 'mac', 'sla'] as const).map(
    (word) => paint('bold', say(word, language)),
  );
  const table = new Table({
    head,
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const device of devices) table.push(rowOf(device, language, paint));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function rowOf(device: DeviceJson, language: Language, paint: Paint): string[] {
  const missing = paint('dim', '–');
  const text = (value: string | null): string => (value === null ? missing : printable(value));
  return [
    levelWord(device.level, language, paint),
    device.vendor === null ? paint('dim', say('not identified', language)) : printable(device.vendor),
    text(device.model),
    text(device.firmware),
    device.kind === null ? missing : say(device.kind, language),
    device.endpoints
      .map((endpoint) =>
        endpoint.port === 5060 ? endpoint.address : hostPort(endpoint.address, endpoint.port),
      )
      .join(' '),
    device.mac === null ? missing : formatMac(device.mac),
    device.level === 'not-applicable' ? missing : say(device.slaEligible ? 'yes' : 'no', language),
  ];
}

/** Why: the reason of each unsupported phone, in a line of its own. */
export function unsupportedReasons(
  devices: readonly DeviceJson[],
  language: Language,
  paint: Paint,
): string[] {
  return devices
    .filter((device) => device.level === 'unsupported')
    .map((device) => {
      const name = [device.vendor, device.model]
        .filter((word) => word !== null)
        .map(printable)
        .join(' ');
      return `${levelWord('unsupported', language, paint)}: ${name}, ${device.endpoints[0]?.address ?? ''}. ${printable(device.because)}`;
    });
}

/** `57 phones: 12 full, 9 partial, 33 basic, 3 unsupported. SLA eligible: 21 of 57. Not phones: 3.` */
export function summaryLine(summary: SummaryJson, language: Language): string {
  const levels = (['full', 'partial', 'basic', 'unsupported'] as const)
    .map((level) => `${summary.byLevel[level]} ${say(level, language)}`)
    .join(', ');
  const sentences = [
    `${summary.phones} ${say('phones', language)}: ${levels}.`,
    `${say('SLA eligible', language)}: ${summary.slaEligible} ${say('of', language)} ${summary.phones}.`,
    ...(summary.notPhones > 0 ? [`${capital(say('not phones', language))}: ${summary.notPhones}.`] : []),
    ...(summary.notIdentified > 0
      ? [`${capital(say('not identified', language))}: ${summary.notIdentified}.`]
      : []),
  ];
  return sentences.join(' ');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
