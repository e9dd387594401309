import Type from 'typebox';
import { AppError } from '../../model/app-error.ts';
import { deviceById } from '../../store/devices.ts';
import { rawOf } from '../../store/sightings.ts';
import type { Routes } from '../context.ts';
import { MOST_RAW, RawJson, TimelineJson } from '../contract/history.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Lang, MAX_SEQ, NoQuery, Query } from '../contract/query.ts';
import { languageOf } from '../language.ts';
import { noDevice } from '../no-device.ts';
import { timelineOf } from '../timeline.ts';

export const history: Routes = (api, { db, auditor }) => {
  api.get(
    '/api/v1/devices/:id/timeline',
    {
      schema: {
        summary:
          'One device over time: what was concluded, found, merged and split, and what was heard that changed it',
        tags: ['history'],
        params: Type.Object({ id: Type.String() }),
        querystring: Query({ lang: Lang }),
        response: { 200: TimelineJson, 404: ProblemJson },
      },
    },
    (request) => {
      const { id } = request.params;
      const device = deviceById(db, id);
      if (device === null) throw noDevice(id);
      return timelineOf(db, device.id, languageOf(request, auditor));
    },
  );

  api.get(
    '/api/v1/sightings/:id/raw',
    {
      schema: {
        summary:
          'The bytes of a message as they were heard, in base64: they are a stranger’s and never shown as a page',
        tags: ['history'],
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: MAX_SEQ }) }),
        querystring: NoQuery,
        response: { 200: RawJson, 404: ProblemJson },
      },
    },
    ({ params: { id } }) => {
      const raw = rawOf(db, id);
      if (raw === null)
        throw new AppError(
          'NOT_FOUND',
          `No message of sighting ${id} is kept: it never was, or it was too long ago.`,
        );
      return {
        sighting: id,
        length: raw.length,
        base64: Buffer.from(raw.subarray(0, MOST_RAW)).toString('base64'),
      };
    },
  );
};
