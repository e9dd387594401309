import Type from 'typebox';
import { AppError } from '../../model/app-error.ts';
import type { DeviceId } from '../../model/device.ts';
import type { Database } from '../../store/database.ts';
import { deviceById } from '../../store/devices.ts';
import { actById, latestActs } from '../../store/identity-acts.ts';
import type { Routes } from '../context.ts';
import {
  IdentityActJson,
  IdentityActListJson,
  MergeBody,
  SplitBody,
  toActJson,
  UndoBody,
} from '../contract/identity-act.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Limit, MAX_SEQ, NoQuery, Query } from '../contract/query.ts';
import { noDevice } from '../no-device.ts';

const MOST_ACTS = 1000;
const answers = { 200: IdentityActJson, 400: ProblemJson, 404: ProblemJson };
const byName = Type.Object({ id: Type.String() });

/** What a person says of who is who. Each act is journaled and can be undone. */
export const identity: Routes = (api, { db, intake, clock }) => {
  api.get(
    '/api/v1/identity-acts',
    {
      schema: {
        summary: 'The latest merges and splits, newest first, by whom and why',
        tags: ['identity'],
        querystring: Query({ limit: Limit(MOST_ACTS, 100) }),
        response: { 200: IdentityActListJson },
      },
    },
    ({ query: { limit = 100 } }) => ({ acts: latestActs(db, limit).map(toActJson) }),
  );

  api.post(
    '/api/v1/devices/:id/merge',
    {
      schema: {
        summary: 'Make one device of two; the older one stays, with the history of both',
        tags: ['identity'],
        params: byName,
        querystring: NoQuery,
        body: MergeBody,
        response: answers,
      },
    },
    ({ params: { id }, body: { other, because, author } }) => {
      const [one, two] = [wholeOf(db, id), wholeOf(db, other)];
      if (one === two) throw new AppError('INPUT_INVALID', `${id} and ${other} are one device already.`);
      intake.merge(one, two, { at: clock.now(), because, author });
      return lastAct(db);
    },
  );

  api.post(
    '/api/v1/devices/:id/split',
    {
      schema: {
        summary:
          'Make a device of its own of what was heard at an address; the two are not merged again by the program',
        tags: ['identity'],
        params: byName,
        querystring: NoQuery,
        body: SplitBody,
        response: answers,
      },
    },
    ({ params: { id }, body: { address, because, author } }) => {
      intake.split(wholeOf(db, id), address, { at: clock.now(), because, author });
      return lastAct(db);
    },
  );

  api.post(
    '/api/v1/identity-acts/:id/undo',
    {
      schema: {
        summary: 'Take back a merge or a split, whoever made it',
        tags: ['identity'],
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: MAX_SEQ }) }),
        querystring: NoQuery,
        body: UndoBody,
        response: answers,
      },
    },
    ({ params: { id }, body: { because, author } }) => {
      intake.undo(id, { at: clock.now(), because, author });
      return shown(actById(db, id));
    },
  );
};

/** The device that a name stands for by now. */
function wholeOf(db: Database, name: string): DeviceId {
  const device = deviceById(db, name);
  if (device === null) throw noDevice(name);
  return device.id;
}

const shown = (act: ReturnType<typeof actById>): IdentityActJson => {
  if (act === null) throw new Error('an act left no record');
  return toActJson(act);
};

/** Nothing comes between an act and this: the work on the store is synchronous. */
const lastAct = (db: Database): IdentityActJson => shown(latestActs(db, 1)[0] ?? null);
