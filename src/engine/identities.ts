import { event, type FindingDraft } from '../inventory/advance.ts';
import { cleared } from '../inventory/standing.ts';
import { AppError } from '../model/app-error.ts';
import type { Device, DeviceId } from '../model/device.ts';
import type { IdentityAct } from '../model/identity-act.ts';
import { identifiersIn } from '../resolve/identifiers.ts';
import type { Database } from '../store/database.ts';
import { toRow } from '../store/device-id.ts';
import { deviceById, insertDevice, setMergedInto, wholeOf } from '../store/devices.ts';
import { conditionsOf } from '../store/findings.ts';
import { saveIdentifier } from '../store/identifiers.ts';
import {
  actById,
  actsOf,
  latestActs,
  recordAct,
  recordUndo,
  setApart,
  setMaybeOne,
} from '../store/identity-acts.ts';
import { latestSightings } from '../store/sightings.ts';
import { forgetIdentifiers, giveAway, hasPlaceAt } from '../store/split.ts';
import { recordVersion } from '../store/versions.ts';
import { judgeAnew } from './assess.ts';
import type { Knowledge } from './knowledge.ts';

/** Who said that two records are one device or two, and why. `author` is null for the program itself. */
export interface Said {
  at: number;
  because: string;
  author: string | null;
}

/** What of an act goes into the journal, and of which device it is. */
export type Told = readonly { device: DeviceId | null; findings: readonly FindingDraft[] }[];

interface Parts {
  db: Database;
  knowledge: Knowledge;
}

/** Of two records of one device the older one stays: its name is the one that people know. */
export const olderFirst = (a: DeviceId, b: DeviceId): [DeviceId, DeviceId] =>
  toRow(a) < toRow(b) ? [a, b] : [b, a];

/** Makes one device of two, with the history of both. What was heard stays with the record that it was heard of. */
export function mergeDevices(parts: Parts, one: DeviceId, other: DeviceId, said: Said): Told {
  const { db, knowledge } = parts;
  const [kept, gone] = olderFirst(one, other);
  const [whole, part] = [deviceById(db, kept), deviceById(db, gone)];
  if (whole === null || part === null || whole.id === part.id) return [];
  endRecord(db, part, whole.id, said.at);
  const act = recordAct(db, { act: 'merge', device: whole.id, other: part.id, ...said });
  const ends = conditionsOf(db, part.id).map(({ kind, about }) => cleared(said.at, kind, about));
  const merged = event(said.at, {
    kind: 'merged',
    about: `#${act}`,
    before: part.id,
    after: whole.id,
    cause: said.author === null ? 'identity' : 'person',
  });
  const changes = judgeAnew(
    db,
    knowledge,
    whole,
    { at: said.at, cause: 'merge', sighting: null, judgedBy: said.author === null ? 'identity' : 'person' },
    {
      firstSeen: Math.min(whole.firstSeen, part.firstSeen),
      lastSeen: Math.max(whole.lastSeen, part.lastSeen),
      solicited: whole.solicited || part.solicited,
    },
  );
  return [
    { device: part.id, findings: ends },
    { device: whole.id, findings: [merged, ...movesOf(whole, part, said), ...(changes ?? [])] },
  ];
}

/** Of two records that were one device all along, the later one tells where it has moved to. */
function movesOf(whole: Device, part: Device, { at, author }: Said): FindingDraft[] {
  if (author !== null) return [];
  const [before, after] = [whole, part]
    .toSorted((a, b) => a.lastSeen - b.lastSeen)
    .map((device) => device.endpoints.find(({ address }) => !address.includes(':'))?.address);
  if (before === undefined || after === undefined || before === after) return [];
  return [event(at, { kind: 'endpoint-moved', before, after })];
}

function endRecord(db: Database, part: Device, into: DeviceId | null, at: number): void {
  setMergedInto(db, part.id, into);
  recordVersion(db, part.id, part, {
    validFrom: at,
    recordedAt: at,
    cause: into === null ? 'undo' : 'merge',
    sighting: null,
    mergedInto: into,
  });
}

/**
 * Makes a device of its own of what was heard at an address. Throws AppError INPUT_INVALID where that is all of the device, or none; a
 * record that was merged into it comes out again by undoing the merge.
 */
export function splitDevice(parts: Parts, device: DeviceId, address: string, said: Said): Told {
  const { db, knowledge } = parts;
  const whole = mustBe(db, device);
  if (!hasPlaceAt(db, whole.id, address))
    throw new AppError('INPUT_INVALID', `${whole.id} itself was not heard at ${address}.`, {
      hint: 'Where it was heard there before two records became one, undo that merge.',
    });
  if (whole.endpoints.every((endpoint) => endpoint.address === address))
    throw new AppError(
      'INPUT_INVALID',
      `${whole.id} was heard nowhere but at ${address}: nothing would be left of it.`,
    );
  const there = whole.endpoints.filter((endpoint) => endpoint.address === address);
  const firstSeen = Math.min(...there.map((endpoint) => endpoint.firstSeen));
  const lastSeen = Math.max(...there.map((endpoint) => endpoint.lastSeen));
  const solicited = there.some((endpoint) => endpoint.solicited);
  const state = { ...whole, identity: {}, confidence: 0, firstSeen, lastSeen, solicited };
  const other = insertDevice(db, state, { evidence: [], conflicts: [] });
  giveAway(db, whole.id, other, address, said.at);
  recordVersion(db, other, state, {
    validFrom: firstSeen,
    recordedAt: said.at,
    cause: 'split',
    sighting: null,
  });
  setApart(db, whole.id, other);
  const act = recordAct(db, { act: 'split', device: whole.id, other, ...said });
  for (const id of [whole.id, other]) nameAnew(parts, id);
  const split = event(said.at, {
    kind: 'split',
    about: `#${act}`,
    before: whole.id,
    after: other,
    cause: 'person',
  });
  const change = { at: said.at, cause: 'split', sighting: null, judgedBy: 'person' } as const;
  return [
    {
      device: whole.id,
      findings: [split, ...(judgeAnew(db, knowledge, mustBe(db, whole.id), change) ?? [])],
    },
    { device: other, findings: judgeAnew(db, knowledge, mustBe(db, other), change) ?? [] },
  ];
}

/** Works out by what a record is known from what was heard of it. */
function nameAnew({ db, knowledge: { matcher } }: Parts, device: DeviceId): void {
  const { site } = mustBe(db, device);
  forgetIdentifiers(db, device);
  for (const { facts, solicited, lastAt } of latestSightings(db, device))
    for (const one of identifiersIn(facts, matcher.combine(matcher.match(facts, solicited)).identity))
      saveIdentifier(db, device, { ...one, site, at: lastAt });
}

/** Takes back a merge or a split, whoever made it. Throws AppError NOT_FOUND, or INPUT_INVALID where later acts stand on it. */
export function undoAct(parts: Parts, id: number, said: Said & { author: string }): Told {
  const { db, knowledge } = parts;
  const act = actById(db, id);
  if (act === null || act.undoneAt !== null)
    throw new AppError('NOT_FOUND', `There is no merge or split #${id} that could be undone.`);
  refuseWhereBuiltOn(db, act);
  recordUndo(db, id, said.at, said.author);
  const change = { at: said.at, cause: 'undo', sighting: null, judgedBy: 'person' } as const;
  if (act.act === 'split') {
    setMaybeOne(db, act.device, act.other);
    return mergeDevices(parts, act.device, act.other, said);
  }
  setApart(db, act.device, act.other);
  setMergedInto(db, act.other, null);
  for (const id of partsByActs(db, act.other)) setMergedInto(db, id, act.other);
  const part = mustBe(db, act.other);
  endRecord(db, part, null, said.at);
  const whole = mustBe(db, act.device);
  const split = event(said.at, {
    kind: 'split',
    about: `#${id}`,
    before: whole.id,
    after: part.id,
    cause: 'person',
  });
  return [
    {
      device: whole.id,
      findings: [split, ...(judgeAnew(db, knowledge, whole, change, spanOf(whole)) ?? [])],
    },
    { device: part.id, findings: judgeAnew(db, knowledge, part, change, spanOf(part)) ?? [] },
  ];
}

/** The records that had become parts of a record before it became one itself. */
const partsByActs = (db: Database, record: DeviceId): DeviceId[] =>
  actsOf(db, record)
    .filter(({ act, device, undoneAt }) => act === 'merge' && device === record && undoneAt === null)
    .flatMap(({ other }) => [other, ...partsByActs(db, other)]);

/** Since when, until when, and how a device was heard at the places that are its own now. */
const spanOf = ({ endpoints, firstSeen, lastSeen }: Device) => ({
  firstSeen:
    endpoints.length === 0 ? firstSeen : Math.min(...endpoints.map((endpoint) => endpoint.firstSeen)),
  lastSeen: endpoints.length === 0 ? lastSeen : Math.max(...endpoints.map((endpoint) => endpoint.lastSeen)),
  solicited: endpoints.some((endpoint) => endpoint.solicited),
});

function refuseWhereBuiltOn(db: Database, act: IdentityAct): void {
  if (act.act === 'merge' && wholeOf(db, act.other) === act.device) return;
  if (act.act === 'split' && wholeOf(db, act.device) === act.device && wholeOf(db, act.other) === act.other)
    return;
  const later = latestActs(db, 1000).find(
    (one) =>
      one.id > act.id &&
      one.undoneAt === null &&
      [one.device, one.other].some((id) => id === act.device || id === act.other),
  );
  throw new AppError('INPUT_INVALID', `#${act.id} cannot be undone: other acts stand on it.`, {
    hint: later === undefined ? 'Look at the timeline of the device.' : `Undo #${later.id} first.`,
  });
}

function mustBe(db: Database, id: DeviceId): Device {
  const device = deviceById(db, id);
  if (device === null) throw new AppError('NOT_FOUND', `There is no device "${id}".`);
  return device;
}
