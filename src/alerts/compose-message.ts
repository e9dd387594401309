import {
  MOST_ALERTS,
  type Alert,
  type Message,
  type MessageReason,
  type SiteFigures,
} from '../model/alert.ts';
import { SEVERITIES } from '../model/finding.ts';
import type { Site } from '../model/site.ts';
import type { Language } from '../model/text.ts';
import { asTold } from './lifecycle.ts';

/** Everything of a message but its id, which is its place among all messages. */
export type Draft = Omit<Message, 'id'>;

export interface MessageParts {
  site: Pick<Site, 'id' | 'name' | 'timezone'>;
  language: Language;
  reason: MessageReason;
  /** What its alerts have in common, such as a kind of finding. */
  about: string;
  at: number;
  alerts?: readonly Alert[];
  /** How many alerts there are where not all of them are given. */
  count?: number;
  figures?: SiteFigures;
  link: string | null;
}

/** A message as a sink is handed it: the worst alerts first, and the number of those that it has no room for. */
export function composeMessage(parts: MessageParts): Draft {
  const { site, about, alerts = [], count = alerts.length, figures = null, ...rest } = parts;
  const told = alerts.toSorted(worstFirst).slice(0, MOST_ALERTS).map(asTold);
  return {
    ...rest,
    group: `${site.id}/${about}`,
    site: { id: site.id, name: site.name, timezone: site.timezone },
    alerts: told,
    more: count - told.length,
    figures,
  };
}

/** Among those that are as bad, the latest first. */
const worstFirst = (a: Alert, b: Alert): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.seq - a.seq;

/** `sipcensus.head-office.17`: the same over every attempt. */
export const messageId = (site: Pick<Site, 'id'>, place: number | string): string =>
  `sipcensus.${site.id}.${place}`;

/** A message that tells of nothing, to see whether it arrives. */
export const testMessage = (parts: Pick<MessageParts, 'site' | 'language' | 'at' | 'link'>): Message => ({
  id: messageId(parts.site, `test-${parts.at}`),
  ...composeMessage({ ...parts, reason: 'test', about: 'test' }),
});
