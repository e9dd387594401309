import type { EventMap, EventName } from '../../src/api/contract/events.ts';

export interface HeardEvent {
  id: string | undefined;
  name: string;
  data: unknown;
}

/** The events of a text of server-sent events, as a browser reads it; comments and `retry` are none. */
export function parseEvents(text: string): HeardEvent[] {
  return text
    .split('\n\n')
    .map(
      (block) =>
        new Map(
          block.split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
        ),
    )
    .filter((fields) => fields.has('data'))
    .map((fields) => ({
      id: fields.get('id'),
      name: fields.get('event') ?? 'message',
      data: JSON.parse(fields.get('data') ?? '') as unknown,
    }));
}

/** The data of the events of one name. */
export const dataOf = <N extends EventName>(events: readonly HeardEvent[], name: N): EventMap[N][] =>
  events.filter((event) => event.name === name).map((event) => event.data as EventMap[N]);
