import Type from 'typebox';
import { READER } from '../../engine/alerting/parts.ts';
import { ALERT_STATES } from '../../model/alert.ts';
import { latestFindings } from '../../store/findings.ts';
import { cursorOf } from '../../store/readers.ts';
import type { Routes } from '../context.ts';
import { AlertListJson, toAlertJson } from '../contract/alert.ts';
import { DeliveryListJson, SinkListJson, SinkTestJson } from '../contract/delivery.ts';
import { toDeliveryJson, toSinkJson, toSinkTestJson } from '../contract/delivery.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Lang, Limit, NoQuery, Query } from '../contract/query.ts';
import { oneOf } from '../contract/words.ts';
import { languageOf } from '../language.ts';
import { AppError } from '../../model/app-error.ts';
import { bounded, printable } from '../../model/text.ts';

const MOST_ALERTS = 10_000;
const MOST_DELIVERIES = 1000;

/** What people are told, and where. */
export const alerts: Routes = (api, { db, auditor, alerting, clock }) => {
  api.get(
    '/api/v1/alerts',
    {
      schema: {
        summary: 'Alerts, the latest changed first, and why one is not told now',
        tags: ['alerts'],
        querystring: Query({
          lang: Lang,
          state: Type.Optional(oneOf(ALERT_STATES)),
          limit: Limit(MOST_ALERTS, 1000),
        }),
        response: { 200: AlertListJson },
      },
    },
    (request) => {
      const { state, limit = 1000 } = request.query;
      const language = languageOf(request, auditor);
      const now = clock.now();
      return {
        unread: Math.max(0, (latestFindings(db, 1)[0]?.seq ?? 0) - cursorOf(db, READER)),
        alerts: alerting
          .alerts({ limit, ...(state === undefined ? {} : { state }) })
          .map((alert) => toAlertJson(alert, language, now)),
      };
    },
  );

  api.get(
    '/api/v1/deliveries',
    {
      schema: {
        summary: 'The latest messages and what became of them, newest first',
        tags: ['alerts'],
        querystring: Query({ limit: Limit(MOST_DELIVERIES, 100) }),
        response: { 200: DeliveryListJson },
      },
    },
    ({ query: { limit = 100 } }) => ({ deliveries: alerting.deliveries(limit).map(toDeliveryJson) }),
  );

  api.get(
    '/api/v1/sinks',
    {
      schema: {
        summary: 'The sinks of the configuration, and since when one refuses or cannot be reached',
        tags: ['alerts'],
        querystring: NoQuery,
        response: { 200: SinkListJson },
      },
    },
    () => ({ sinks: alerting.sinks().map(toSinkJson) }),
  );

  api.post(
    '/api/v1/sinks/:name/test',
    {
      schema: {
        summary: 'Send a message that tells of nothing to a sink, now, and say how it went',
        tags: ['alerts'],
        params: Type.Object({ name: Type.String() }),
        querystring: NoQuery,
        body: Type.Object({}, { additionalProperties: false, description: 'An empty object.' }),
        response: { 200: SinkTestJson, 404: ProblemJson },
      },
    },
    async ({ params: { name } }) => {
      const delivery = alerting.test(name);
      if (delivery === null)
        throw new AppError('NOT_FOUND', `There is no sink "${printable(bounded(name, 100))}".`);
      return toSinkTestJson(name, await delivery);
    },
  );
};
