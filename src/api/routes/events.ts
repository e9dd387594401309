import Type from 'typebox';
import type { Routes } from '../context.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Lang, MAX_SEQ, Query } from '../contract/query.ts';
import { refuse } from '../errors.ts';
import { MAX_CLIENTS } from '../event-stream.ts';
import { languageOf } from '../language.ts';

export const events: Routes = (api, { auditor, events: streams }) => {
  api.get(
    '/api/v1/events',
    {
      schema: {
        summary: 'What changes, as server-sent events: `device`, `finding` and `sweep`',
        tags: ['events'],
        querystring: Query({ lang: Lang }),
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_SEQ,
              description: '`seq` of the last finding received.',
            }),
          ),
        }),
        response: {
          200: {
            description: 'A stream without an end.',
            content: {
              'text/event-stream': { schema: Type.Unsafe<ReadableStream<Uint8Array>>(Type.String()) },
            },
          },
          503: ProblemJson,
        },
      },
    },
    (request, reply) => {
      const stream = streams.open({
        language: languageOf(request, auditor),
        after: request.headers['last-event-id'],
      });
      if (stream === null) refuse(reply, 'TOO_MANY_CLIENTS', `At most ${MAX_CLIENTS} may listen at a time.`);
      else reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
    },
  );
};
