import { composeMessage } from '../../alerts/compose-message.ts';
import { msUntilDue, repeatBefore, toTell, type Candidate } from '../../alerts/group.ts';
import type { ConfiguredSink } from '../../alerts/route.ts';
import type { Alert, MessageReason } from '../../model/alert.ts';
import {
  forgetGroup,
  hasTold,
  listGroups,
  noteClock,
  noteOver,
  noteTold,
  saveGroup,
  tellingsOf,
  type AlertGroup,
} from '../../store/alert-groups.ts';
import { enqueue } from '../../store/deliveries.ts';
import { cursorOf } from '../../store/readers.ts';
import type { Muting } from './muting.ts';
import { READER, type AlertingParts } from './parts.ts';

/** Makes the groups those of the configuration. Each is looked at soon: a new sink is told of what fires, and of nothing that is over. */
export function prepareGroups({ db, sinks, settings, clock }: AlertingParts): void {
  db.transaction(() => {
    const known = listGroups(db);
    const soon = clock.now() + settings.groups.waitMs;
    for (const group of known) if (sinkOf(group, sinks) === undefined) forgetGroup(db, group);
    for (const { name, tells } of sinks)
      for (const kind of new Set(tells)) {
        const group = known.find((one) => one.sink === name && one.kind === kind) ?? {
          sink: name,
          kind,
          seq: cursorOf(db, READER),
          dueAt: null,
          sentAt: null,
        };
        saveGroup(db, { ...group, dueAt: group.dueAt ?? soon });
      }
  });
}

const sinkOf = ({ sink, kind }: AlertGroup, sinks: readonly ConfiguredSink[]): ConfiguredSink | undefined =>
  sinks.find(({ name, tells }) => name === sink && tells.includes(kind));

/** Queues what is due of all groups; returns how many messages. */
export function tellGroups(parts: AlertingParts, muting: Muting): number {
  const { db, settings, sinks, clock } = parts;
  const now = clock.now();
  let count = 0;
  for (const group of listGroups(db)) {
    const sink = sinkOf(group, sinks);
    if (sink === undefined || group.dueAt === null) continue;
    if (msUntilDue(group.dueAt, settings.groups, now) > 0) continue;
    count += db.transaction(() => tellGroup(group, sink, { parts, muting, now }));
  }
  return count;
}

interface Moment {
  parts: AlertingParts;
  muting: Muting;
  now: number;
}

/** The messages, what has been told by them, and when the group is looked at next: all of it, or nothing. */
function tellGroup(group: AlertGroup, sink: ConfiguredSink, { parts, muting, now }: Moment): number {
  const { db, settings } = parts;
  noteClock(db, group, now);
  const toldBefore = repeatBefore(settings.groups, now);
  const candidates = candidatesOf(group, toldBefore, { parts, muting, now });
  const { firing, resolved, repeat } = toTell(candidates, toldBefore);
  const messages = Object.entries({ firing, repeat, resolved }).filter(([, alerts]) => alerts.length > 0);
  for (const [reason, alerts] of messages)
    enqueue(db, sink.name, messageOf(reason as MessageReason, alerts, { group, sink, parts, now }));
  noteTold(
    db,
    group,
    [...firing, ...repeat].filter(({ state }) => state === 'firing'),
    now,
  );
  noteOver(db, group, resolved);
  saveGroup(db, {
    ...group,
    seq: cursorOf(db, READER),
    dueAt: hasTold(db, group) || candidates.some(isHeldBack) ? now + settings.groups.intervalMs : null,
    sentAt: messages.length > 0 ? now : group.sentAt,
  });
  return messages.length;
}

const messageOf = (
  reason: MessageReason,
  alerts: readonly Alert[],
  { group, sink, parts, now }: { group: AlertGroup; sink: ConfiguredSink; parts: AlertingParts; now: number },
) =>
  composeMessage({
    site: parts.site,
    language: sink.language,
    reason,
    about: group.kind,
    at: now,
    alerts,
    link: parts.link,
  });

/** What may have to be told; all that fires where one of them is due again. */
function candidatesOf(group: AlertGroup, toldBefore: number, { parts, muting, now }: Moment): Candidate[] {
  const read = (before: number): Candidate[] =>
    tellingsOf(parts.db, { ...group, toldBefore: before }).map((state) => ({
      ...state,
      isMuted: muting.muteOf(state.alert) !== null,
    }));
  const candidates = read(toldBefore);
  const isRepeat = toTell(candidates, toldBefore).repeat.length > 0;
  return isRepeat ? read(now) : candidates;
}

/** Whether it is told when its mute ends, without any news. */
const isHeldBack = ({ alert, isMuted }: Candidate): boolean => isMuted && alert.state === 'firing';
