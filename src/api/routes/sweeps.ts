import Type from 'typebox';
import { AppError } from '../../model/app-error.ts';
import type { Sweep } from '../../model/sweep.ts';
import { listSweeps } from '../../store/sweeps.ts';
import type { Routes } from '../context.ts';
import { toSweepJson } from '../contract/from-model.ts';
import { ProblemJson } from '../contract/problem.ts';
import { NoQuery } from '../contract/query.ts';
import { SweepChange, SweepJson, SweepListJson } from '../contract/sweep.ts';

const MAX_SWEEPS = 100;

export const sweeps: Routes = (api, { db, auditor }) => {
  const toList = (list: readonly Sweep[]): SweepListJson => ({
    sweeps: list.map((sweep) => toSweepJson(sweep)),
  });

  api.get(
    '/api/v1/sweeps',
    {
      schema: {
        summary: `The latest ${MAX_SWEEPS} sweeps, newest first; those under way with their progress`,
        tags: ['sweeps'],
        querystring: NoQuery,
        response: { 200: SweepListJson },
      },
    },
    () => {
      const running = new Map(auditor.runningSweeps().map((sweep) => [sweep.id, sweep]));
      return toList(listSweeps(db, MAX_SWEEPS).map((sweep) => running.get(sweep.id) ?? sweep));
    },
  );

  api.post(
    '/api/v1/sweeps',
    {
      schema: {
        summary: 'Start a sweep of the whole scope, unless one is under way',
        tags: ['sweeps'],
        querystring: NoQuery,
        body: Type.Object({}, { additionalProperties: false, description: 'An empty object.' }),
        response: { 202: SweepListJson, 409: ProblemJson },
      },
    },
    (_request, reply) => {
      reply.code(202);
      return toList(auditor.startSweep());
    },
  );

  api.patch(
    '/api/v1/sweeps/running',
    {
      schema: {
        summary: 'Pause the sweep under way, go on with it, or end it',
        tags: ['sweeps'],
        querystring: NoQuery,
        body: SweepChange,
        response: { 200: SweepJson, 404: ProblemJson },
      },
    },
    ({ body: { state } }) => {
      const sweep = auditor.changeSweep(state);
      if (sweep === null) throw new AppError('NOT_FOUND', 'No sweep is under way.');
      return toSweepJson(sweep);
    },
  );
};
