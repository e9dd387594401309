import Type from 'typebox';
import type { Alerting } from '../../engine/alerting.ts';
import { AppError } from '../../model/app-error.ts';
import type { Routes } from '../context.ts';
import { Author } from '../contract/identity-act.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Limit, MAX_SEQ, NoQuery, Query } from '../contract/query.ts';
import {
  AcknowledgeBody,
  SilenceBody,
  SilenceJson,
  SilenceListJson,
  toSilenceJson,
} from '../contract/silence.ts';
import { silenceTrouble } from '../silence-trouble.ts';

const MOST_SILENCES = 1000;

export const silences: Routes = (api, { alerting, clock }) => {
  const shown = (id: number): SilenceJson => {
    const silence = alerting.silences(MOST_SILENCES).find((one) => one.id === id);
    if (silence === undefined) throw noSilence(id);
    return toSilenceJson(silence, clock.now());
  };
  const made = (outcome: ReturnType<Alerting['acknowledge']>): SilenceJson => {
    if (!outcome.ok) throw silenceTrouble(outcome.fault);
    return shown(outcome.value);
  };

  api.get(
    '/api/v1/silences',
    {
      schema: {
        summary: 'The silences that were made last, also those that are over, newest first',
        tags: ['silences'],
        querystring: Query({ limit: Limit(MOST_SILENCES, 100) }),
        response: { 200: SilenceListJson },
      },
    },
    ({ query: { limit = 100 } }) => ({
      silences: alerting.silences(limit).map((silence) => toSilenceJson(silence, clock.now())),
    }),
  );

  api.post(
    '/api/v1/silences',
    {
      schema: {
        summary: 'Not to be told of some alerts for a while; they are recorded as ever',
        tags: ['silences'],
        querystring: NoQuery,
        body: SilenceBody,
        response: { 201: SilenceJson, 400: ProblemJson },
      },
    },
    ({ body: { matchers, author, reason, startsAt, until } }, reply) => {
      reply.code(201);
      return made(
        alerting.silence({
          matchers: matchers,
          author,
          reason,
          startsAt: startsAt === undefined ? clock.now() : Date.parse(startsAt),
          expiresAt: Date.parse(until),
        }),
      );
    },
  );

  api.post(
    '/api/v1/alerts/acknowledge',
    {
      schema: {
        summary: 'Somebody sees to an alert: it is not told again until it is over or the time has come',
        tags: ['alerts'],
        querystring: NoQuery,
        body: AcknowledgeBody,
        response: { 201: SilenceJson, 400: ProblemJson, 404: ProblemJson },
      },
    },
    ({ body: { key, author, reason, until } }, reply) => {
      reply.code(201);
      return made(alerting.acknowledge(key, { author, reason, expiresAt: Date.parse(until) }));
    },
  );

  api.delete(
    '/api/v1/silences/:id',
    {
      schema: {
        summary: 'End a silence before its time; the record of it stays',
        tags: ['silences'],
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: MAX_SEQ }) }),
        querystring: Query({ author: Author }),
        response: { 200: SilenceJson, 404: ProblemJson },
      },
    },
    ({ params: { id }, query: { author } }) => {
      if (!alerting.endSilence(id, author)) throw noSilence(id);
      return shown(id);
    },
  );
};

const noSilence = (id: number): AppError =>
  new AppError('NOT_FOUND', `There is no silence ${id} that holds or is to come.`);
