import type { Routes } from '../context.ts';
import { toStatusJson } from '../contract/from-model.ts';
import { Lang, Query } from '../contract/query.ts';
import { languageOf } from '../language.ts';
import { StatusJson } from '../contract/status.ts';

export const status: Routes = (api, { auditor, storage, version }) => {
  api.get(
    '/api/v1/status',
    {
      schema: {
        summary: 'What the daemon is and does',
        tags: ['status'],
        querystring: Query({ lang: Lang }),
        response: { 200: StatusJson },
      },
    },
    (request) =>
      toStatusJson(
        { ...auditor.status(), leftAlone: auditor.leftAlone(), storage: storage.trouble },
        version,
        languageOf(request, auditor),
      ),
  );
};
