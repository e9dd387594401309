import type { Static } from 'typebox';
import type { Alert, Message } from '../../../model/alert.ts';
import type { Severity } from '../../../model/finding.ts';
import { PRODUCT } from '../../../model/product.ts';
import { isoTime } from '../../../model/iso-time.ts';
import { alertLine, headingOf, linesOf } from '../../message-text.ts';
import { moreWords } from '../../words.ts';
import type { config } from './config.ts';
import type { SyslogRecord } from './record.ts';

/** Severities of RFC 5424 section 6.2.1: critical, warning, informational. */
const SEVERITIES: Readonly<Record<Severity, number>> = { critical: 2, warning: 4, info: 6 };
/** "Normal but significant condition": what is over. */
const NOTICE = 5;
const INFORMATIONAL = 6;

/** Who sends: name of the machine and number of the process. */
export interface Sender {
  hostName: string;
  processId: number;
}

/** A record for each alert, and one for those that the message has no room for; one in all for a digest or a test. */
export function recordsOf(message: Message, settings: Static<typeof config>, sender: Sender): SyslogRecord[] {
  const base = baseOf(message, settings, sender);
  const { reason, alerts, more, language } = message;
  if (reason === 'digest' || reason === 'test')
    return [{ ...base, msgId: reason, text: flow(linesOf(message)) }];
  const records = alerts.map((alert) => recordOf(alert, message, base));
  if (more === 0) return records;
  const text = `${headingOf(message)}: + ${moreWords(more, language)}`;
  return [...records, { ...base, msgId: 'more', text }];
}

function baseOf(
  message: Message,
  { facility, hostname, enterpriseNumber }: Static<typeof config>,
  { hostName, processId }: Sender,
): SyslogRecord {
  return {
    facility,
    severity: INFORMATIONAL,
    // The same at every attempt, like all of the record.
    timestamp: isoTime(message.at),
    hostname: hostname ?? hostName,
    appName: PRODUCT,
    procId: String(processId),
    msgId: message.reason,
    sdId: `${PRODUCT}@${enterpriseNumber}`,
    parameters: { id: message.id, group: message.group },
    text: '',
  };
}

function recordOf(alert: Alert, message: Message, base: SyslogRecord): SyslogRecord {
  const { subject, state } = alert;
  return {
    ...base,
    severity: state === 'resolved' ? NOTICE : SEVERITIES[alert.severity],
    msgId: alert.kind,
    parameters: {
      ...base.parameters,
      seq: String(alert.seq),
      state,
      about: alert.about,
      device: subject?.device ?? null,
      vendor: subject?.vendor ?? null,
      model: subject?.model ?? null,
      mac: subject?.mac ?? null,
      address: subject?.address ?? null,
      level: subject?.level ?? null,
    },
    text: alertLine(alert, message.language),
  };
}

/** Lines as one: many receivers end a message at a line break. */
const flow = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' | ');
