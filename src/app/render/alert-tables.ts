import type { DeliveryJson, SinkJson } from '../../api/contract/delivery.ts';
import type { SilenceJson } from '../../api/contract/silence.ts';
import { formatMac } from '../../model/mac.ts';
import { bounded, printable } from '../../model/text.ts';
import { say } from '../locale.ts';
import type { Look } from './findings.ts';
import type { Style } from './paint.ts';
import { plainTable } from './plain-table.ts';
import { shortTime } from './short-time.ts';

const STATES: Readonly<Record<DeliveryJson['state'], { sign: string; style: Style }>> = {
  waiting: { sign: '…', style: 'yellow' },
  delivered: { sign: '✓', style: 'green' },
  'given-up': { sign: '✕', style: 'red' },
};

/** The messages, a line each. */
export function deliveryTable(deliveries: readonly DeliveryJson[], look: Look): string {
  const { language, timezone, paint } = look;
  return plainTable(
    [
      '#',
      timezone,
      say('sink', language),
      say('about', language),
      say('state', language),
      say('trouble', language),
    ],
    deliveries.map((one) => [
      String(one.number),
      shortTime(one.at, timezone),
      printable(one.sink),
      `${one.group.slice(one.group.indexOf('/') + 1)}${one.reason === 'resolved' ? ` ${say('is over', language)}` : ''}`,
      paint(STATES[one.state].style, `${STATES[one.state].sign} ${say(one.state, language)}`),
      one.fault === null ? '' : `${one.attempts}×: ${printable(bounded(one.fault.detail, 300))}`,
    ]),
    look,
  );
}

/** The sinks, a line each, with what is wrong with one that takes nothing. */
export function sinkTable(sinks: readonly SinkJson[], look: Look): string {
  const { language, timezone, paint } = look;
  return plainTable(
    [say('sink', language), say('kind', language), say('state', language)],
    sinks.map(({ name, kind, outage }) => [
      name,
      kind,
      outage === null
        ? paint('green', `✓ ${say('takes messages', language)}`)
        : `${paint('red', `✕ ${say('since', language)} ${shortTime(outage.since, timezone)}`)} ${printable(bounded(outage.fault.detail, 300))}`,
    ]),
    look,
  );
}

/** The silences, a line each. */
export function silenceTable(silences: readonly SilenceJson[], look: Look): string {
  const { language, timezone, paint } = look;
  return plainTable(
    [
      '#',
      say('state', language),
      say('until', language),
      say('about', language),
      say('author and reason', language),
    ],
    silences.map((one) => [
      String(one.id),
      paint(one.state === 'active' ? 'green' : 'dim', say(one.state, language)),
      shortTime(one.endedAt ?? one.until, timezone),
      matchersText(one),
      `${printable(one.author)}: ${printable(one.reason)}`,
    ]),
    look,
  );
}

/** `vendor=Acme model=P10`. */
export const matchersText = ({ matchers }: Pick<SilenceJson, 'matchers'>): string =>
  Object.entries(matchers)
    .map(([name, value]) => {
      if (value === true) return name;
      return `${name}=${printable(name === 'mac' ? formatMac(value) : value)}`;
    })
    .join(' ');
