import Type from 'typebox';
import type { Routes } from '../context.ts';
import { NoQuery } from '../contract/query.ts';

/** Open to anyone who can reach the port: it tells no version and no count. */
export const health: Routes = (api) => {
  api.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the daemon answers',
        tags: ['status'],
        querystring: NoQuery,
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    () => ({ status: 'ok' as const }),
  );
};
