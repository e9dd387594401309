import type { Routes } from '../context.ts';
import { toStatusJson } from '../contract/from-model.ts';
import { NoQuery } from '../contract/query.ts';
import { StatusJson } from '../contract/status.ts';

export const status: Routes = (api, { auditor, version }) => {
  api.get(
    '/api/v1/status',
    {
      schema: {
        summary: 'What the daemon is and does',
        tags: ['status'],
        querystring: NoQuery,
        response: { 200: StatusJson },
      },
    },
    () => toStatusJson(auditor.status(), version),
  );
};
