import Type from 'typebox';
import { findingsAfter } from '../../store/findings.ts';
import type { Routes } from '../context.ts';
import { FindingListJson } from '../contract/finding.ts';
import { toFindingJson } from '../contract/from-model.ts';
import { MAX_SEQ, Query } from '../contract/query.ts';

const MAX_FINDINGS = 1000;

export const findings: Routes = (api, { db }) => {
  api.get(
    '/api/v1/findings',
    {
      schema: {
        summary: 'The journal in its order: read on from the last `seq` of a page',
        tags: ['findings'],
        querystring: Query({
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_SEQ,
              default: 0,
              description: 'Findings with a greater `seq`.',
            }),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_FINDINGS, default: MAX_FINDINGS })),
        }),
        response: { 200: FindingListJson },
      },
    },
    ({ query: { after = 0, limit = MAX_FINDINGS } }) => ({
      findings: findingsAfter(db, after, limit).map(toFindingJson),
    }),
  );
};
