import type { Sweep } from '../../src/model/sweep.ts';
import {
  forgetGroup,
  hasTold,
  listGroups,
  noteClock,
  noteOver,
  noteTold,
  saveGroup,
  tellingsOf,
} from '../../src/store/alert-groups.ts';
import {
  alertOf,
  alertsSince,
  countAlertsSince,
  forgetResolved,
  listAlerts,
  saveAlert,
} from '../../src/store/alerts.ts';
import { deviceAsOf, devicesAsOf } from '../../src/store/as-of.ts';
import { composeMessage } from '../../src/alerts/compose-message.ts';
import type { Database } from '../../src/store/database.ts';
import {
  enqueue,
  forgetEnded,
  giveUpBeyondMost,
  giveUpOld,
  listDeliveries,
  nextWaiting,
  noteAttempt,
  sinksWithWaiting,
} from '../../src/store/deliveries.ts';
import {
  deviceById,
  deviceIds,
  devicesByAddress,
  devicesByIds,
  eachDevice,
  evidenceOf,
  findDevices,
  insertDevice,
  listDevices,
  setMergedInto,
  touchDevice,
  updateDevice,
  wholeOf,
} from '../../src/store/devices.ts';
import { countPhones, countRaised, forgetDigest, lastDigest, saveDigest } from '../../src/store/digests.ts';
import { hasHeardBy, saveEndpoint, touchEndpoint } from '../../src/store/endpoints.ts';
import {
  appendFindings,
  conditionsOf,
  conditionsOfKinds,
  findingsAfter,
  findingsOf,
  findingsOfMany,
  latestFindings,
  recordFindings,
} from '../../src/store/findings.ts';
import { allActs, allJudgements, allWatches, doneSweeps, heardSpansAfter } from '../../src/store/history.ts';
import { findingsUntil, journalAfter, journalEnd } from '../../src/store/journal.ts';
import { devicesKnownBy, identifiersOf, saveIdentifier } from '../../src/store/identifiers.ts';
import {
  actById,
  actsOf,
  areApart,
  latestActs,
  recordAct,
  recordUndo,
  setApart,
  setMaybeOne,
} from '../../src/store/identity-acts.ts';
import { leaveAlone, listLeftAlone, mayBeAskedAgain } from '../../src/store/left-alone.ts';
import { endOutage, listOutages, outageOf, saveOutage } from '../../src/store/outages.ts';
import { latestPlaceAt } from '../../src/store/places.ts';
import { cursorOf, moveCursor } from '../../src/store/readers.ts';
import { forgetBefore } from '../../src/store/retention.ts';
import { saveSetting, settingOf } from '../../src/store/settings.ts';
import {
  answersSince,
  closeSightings,
  findSameAgain,
  insertSighting,
  keepApart,
  latestSightings,
  rawOf,
  repeatSighting,
  saidHash,
  saveSighting,
} from '../../src/store/sightings.ts';
import { sightingsByIds } from '../../src/store/sightings-by-id.ts';
import { devicesQuietSince, forgetTheFuture } from '../../src/store/silence.ts';
import {
  addSilence,
  endAcknowledgements,
  endSilence,
  listSilences,
  silencesFrom,
} from '../../src/store/silences.ts';
import { forgetIdentifiers, giveAway, hasPlaceAt } from '../../src/store/split.ts';
import {
  cancelUnfinishedSweeps,
  listSweeps,
  markUnsound,
  soundSweepBefore,
  soundSweepsSince,
  startSweepRow,
  unfinishedSweep,
  unsoundSweepsBefore,
  updateSweepRow,
} from '../../src/store/sweeps.ts';
import { verdictRow } from '../../src/store/verdicts.ts';
import { recordVersion, versionsOf } from '../../src/store/versions.ts';
import { beginWatch, endWatch, extendWatch, recordJudgement, watchesSince } from '../../src/store/watches.ts';
import { alert } from '../alerts/samples.ts';
import { AT, device, finding, heardAt, NO_REASONS, sighting } from './samples.ts';

const id = 'd1';
const sweep: Omit<Sweep, 'id'> = {
  channel: 'sip-options',
  state: 'running',
  startedAt: AT,
  endedAt: null,
  targets: 1,
  sent: 0,
  mostToSend: 3,
  answered: 0,
  refused: {},
  seed: 7,
  plan: 'plan',
  position: 0,
  activeMs: 0,
  unsound: null,
};
const host = { site: 'office', address: '192.0.2.7' };
const mac = { kind: 'mac', value: '001565aabbcc' } as const;
const place = { endpoint: 1, device: id };
const other = sighting({ facts: [{ field: 'sip.user_agent', value: 'other' }] });
const message = composeMessage({
  site: { id: 'office', name: 'Office', timezone: 'UTC' },
  language: 'en',
  reason: 'firing',
  about: 'unsupported',
  at: AT,
  alerts: [alert()],
  link: null,
});
const moment = { at: AT, knownAt: AT };
const filter = { kinds: ['appeared', 'gone'], device: id, state: 'raised' } as const;
const group = { sink: 'mail', kind: 'unsupported', seq: 0, dueAt: null, sentAt: null } as const;

/** Every function of the store that asks the database, by its name (and a word where it asks in several ways), in an order in which each finds what it needs. */
export const CALLS: Record<string, (db: Database) => unknown> = {
  insertDevice: (db) => insertDevice(db, device(), NO_REASONS),
  'insertDevice, a second one': (db) => insertDevice(db, device(), NO_REASONS),
  verdictRow: (db) => verdictRow(db, device().verdict),
  saveEndpoint: (db) => saveEndpoint(db, id, 'office', heardAt('192.0.2.7')),
  touchEndpoint: (db) => touchEndpoint(db, 1, AT, 200),
  insertSighting: (db) => insertSighting(db, place, sighting()),
  saveSighting: (db) => saveSighting(db, place, sighting()),
  'saveSighting, other words': (db) => saveSighting(db, place, other),
  repeatSighting: (db) => repeatSighting(db, 1, sighting()),
  keepApart: (db) => keepApart(db, place, sighting(), { id: 1, as: 'recurring', before: AT }),
  findSameAgain: (db) => findSameAgain(db, sighting().from, sighting(), saidHash(sighting().facts)),
  updateDevice: (db) => updateDevice(db, id, device(), NO_REASONS),
  touchDevice: (db) => touchDevice(db, id, AT),
  saveIdentifier: (db) => saveIdentifier(db, id, { ...mac, site: 'office', at: AT }),
  identifiersOf: (db) => identifiersOf(db, id),
  devicesKnownBy: (db) => devicesKnownBy(db, 'office', mac),
  recordVersion: (db) =>
    recordVersion(db, id, device(), {
      validFrom: AT,
      recordedAt: AT,
      cause: 'sighting',
      sighting: 1,
    }),
  versionsOf: (db) => versionsOf(db, id),
  setMergedInto: (db) => setMergedInto(db, 'd2', id),
  wholeOf: (db) => wholeOf(db, 'd2'),
  deviceById: (db) => deviceById(db, id),
  devicesByIds: (db) => devicesByIds(db, [id]),
  deviceIds: (db) => deviceIds(db),
  devicesByAddress: (db) => devicesByAddress(db, 'office', '192.0.2.7'),
  findDevices: (db) => findDevices(db, 'office', mac.value),
  latestPlaceAt: (db) => latestPlaceAt(db, 'office', '192.0.2.7'),
  evidenceOf: (db) => evidenceOf(db, id),
  latestSightings: (db) => latestSightings(db, id),
  rawOf: (db) => rawOf(db, 1),
  answersSince: (db) => answersSince(db, 'office', AT),
  hasHeardBy: (db) => hasHeardBy(db, 'office', 'registrations'),
  recordAct: (db) =>
    recordAct(db, { act: 'merge', device: id, other: 'd2', at: AT, because: 'x', author: null }),
  recordUndo: (db) => recordUndo(db, 1, AT, 'Ada'),
  actById: (db) => actById(db, 1),
  latestActs: (db) => latestActs(db, 10),
  actsOf: (db) => actsOf(db, id),
  setApart: (db) => setApart(db, id, 'd2'),
  areApart: (db) => areApart(db, id, 'd2'),
  setMaybeOne: (db) => setMaybeOne(db, id, 'd2'),
  hasPlaceAt: (db) => hasPlaceAt(db, id, '192.0.2.7'),
  giveAway: (db) => giveAway(db, id, 'd2', '192.0.2.7', AT),
  closeSightings: (db) => closeSightings(db, id),
  forgetIdentifiers: (db) => forgetIdentifiers(db, id),
  appendFindings: (db) => appendFindings(db, [finding()]),
  recordFindings: (db) => recordFindings(db, [finding({ kind: 'gone' })]),
  'recordFindings, an end': (db) => recordFindings(db, [finding({ kind: 'gone', state: 'cleared' })]),
  conditionsOf: (db) => conditionsOf(db, id),
  'conditionsOf the site': (db) => conditionsOf(db, null),
  conditionsOfKinds: (db) => conditionsOfKinds(db, ['gone', 'scanner']),
  findingsAfter: (db) => findingsAfter(db, 0, 10),
  findingsOf: (db) => findingsOf(db, id, 10),
  findingsOfMany: (db) => findingsOfMany(db, [id, 'd2'], 10),
  latestFindings: (db) => latestFindings(db, 10),
  findingsUntil: (db) => findingsUntil(db, [id, 'd2'], { until: AT, limitEach: 10 }),
  journalAfter: (db) => journalAfter(db, {}, { after: 0, limit: 10 }),
  'journalAfter, every filter': (db) => journalAfter(db, filter, { after: 0, limit: 10 }),
  journalEnd: (db) => journalEnd(db, {}, 10),
  'journalEnd, every filter': (db) => journalEnd(db, filter, 10),
  sightingsByIds: (db) => sightingsByIds(db, [1]),
  startSweepRow: (db) => startSweepRow(db, sweep),
  updateSweepRow: (db) => updateSweepRow(db, { ...sweep, id: 1 }),
  listSweeps: (db) => listSweeps(db, 10),
  unfinishedSweep: (db) => unfinishedSweep(db),
  soundSweepsSince: (db) => soundSweepsSince(db, AT),
  soundSweepBefore: (db) => soundSweepBefore(db, 2),
  unsoundSweepsBefore: (db) => unsoundSweepsBefore(db, 2),
  markUnsound: (db) => markUnsound(db, 1, '60/100'),
  cancelUnfinishedSweeps: (db) => cancelUnfinishedSweeps(db, AT),
  beginWatch: (db) => beginWatch(db, AT),
  extendWatch: (db) => extendWatch(db, 1, AT),
  endWatch: (db) => endWatch(db, 1, { to: AT, because: 'stopped', noticed: AT }),
  watchesSince: (db) => watchesSince(db, AT),
  recordJudgement: (db) => recordJudgement(db, { madeAt: AT, upTo: AT }),
  devicesQuietSince: (db) => devicesQuietSince(db, AT),
  forgetTheFuture: (db) => forgetTheFuture(db, AT),
  leaveAlone: (db) => leaveAlone(db, { ...host, until: AT, because: 'retry-after' }),
  listLeftAlone: (db) => listLeftAlone(db, 'office', AT),
  mayBeAskedAgain: (db) => mayBeAskedAgain(db, host),
  saveSetting: (db) => saveSetting(db, 'key', 'value'),
  settingOf: (db) => settingOf(db, 'key'),
  moveCursor: (db) => moveCursor(db, 'alerts', 1),
  cursorOf: (db) => cursorOf(db, 'alerts'),
  saveAlert: (db) => saveAlert(db, alert()),
  alertOf: (db) => alertOf(db, alert().key),
  listAlerts: (db) => listAlerts(db, { limit: 10 }),
  'listAlerts of a state': (db) => listAlerts(db, { state: 'firing', limit: 10 }),
  countAlertsSince: (db) => countAlertsSince(db, 0),
  alertsSince: (db) => alertsSince(db, { kind: 'unsupported', seq: 0, limit: 10 }),
  saveGroup: (db) => saveGroup(db, group),
  listGroups: (db) => listGroups(db),
  noteTold: (db) => noteTold(db, group, [alert()], AT),
  noteClock: (db) => noteClock(db, group, AT),
  tellingsOf: (db) => tellingsOf(db, { ...group, toldBefore: AT }),
  hasTold: (db) => hasTold(db, group),
  noteOver: (db) => noteOver(db, group, [alert()]),
  forgetGroup: (db) => forgetGroup(db, group),
  forgetResolved: (db) => forgetResolved(db, AT),
  addSilence: (db) =>
    addSilence(
      db,
      { matchers: { all: true }, author: 'Ada', reason: 'x', startsAt: AT, expiresAt: AT + 1 },
      AT,
    ),
  silencesFrom: (db) => silencesFrom(db, AT),
  listSilences: (db) => listSilences(db, 10),
  endSilence: (db) => endSilence(db, { id: 1, by: 'Ada', now: AT }),
  endAcknowledgements: (db) => endAcknowledgements(db, 'key', { by: 'Ada', now: AT }),
  enqueue: (db) => enqueue(db, 'mail', message),
  nextWaiting: (db) => nextWaiting(db, 'mail'),
  noteAttempt: (db) => noteAttempt(db, { number: 1, state: 'waiting', because: null, fault: null, at: AT }),
  giveUpOld: (db) => giveUpOld(db, { sink: 'mail', before: AT - 1, now: AT, because: 'too-old' }),
  giveUpBeyondMost: (db) => giveUpBeyondMost(db, { sink: 'mail', most: 10, now: AT }),
  sinksWithWaiting: (db) => sinksWithWaiting(db),
  forgetEnded: (db) => forgetEnded(db, 'mail'),
  listDeliveries: (db) => listDeliveries(db, 10),
  saveOutage: (db) =>
    saveOutage(db, {
      sink: 'mail',
      since: AT,
      failures: 1,
      triedAt: AT,
      waitMs: 1000,
      givenUp: 0,
      fault: { reason: 'refused', detail: '' },
    }),
  outageOf: (db) => outageOf(db, 'mail'),
  listOutages: (db) => listOutages(db),
  endOutage: (db) => endOutage(db, 'mail'),
  saveDigest: (db) => saveDigest(db, { day: 1, at: AT, seq: 0 }),
  lastDigest: (db) => lastDigest(db),
  countRaised: (db) => countRaised(db, { after: 0, upTo: 10 }),
  countPhones: (db) => countPhones(db, 'office'),
  forgetDigest: (db) => forgetDigest(db),
  heardSpansAfter: (db) => heardSpansAfter(db, 0, 10),
  doneSweeps: (db) => doneSweeps(db),
  allWatches: (db) => allWatches(db),
  allJudgements: (db) => allJudgements(db),
  allActs: (db) => allActs(db),
  deviceAsOf: (db) => deviceAsOf(db, moment, id),
  devicesAsOf: (db) => devicesAsOf(db, moment, {}),
  forgetBefore: (db) => forgetBefore(db, AT),
  listDevices: (db) => listDevices(db, {}),
  eachDevice: (db) => eachDevice(db, {}),
  'listDevices with every filter': (db) =>
    listDevices(db, {
      levels: ['basic', 'unsupported'],
      vendor: 'yealink',
      kind: 'desk-phone',
      status: 'present',
      slaEligible: true,
      text: 't46',
      limit: 50,
      offset: 100,
    }),
};
