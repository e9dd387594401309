import Type, { type Static } from 'typebox';
import { SWEEP_STATES } from '../../model/sweep.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** One pass of an active channel over the scope. */
export const SweepJson = Type.Object({
  id: Type.Integer(),
  channel: Type.String(),
  state: oneOf(SWEEP_STATES),
  startedAt: Time,
  endedAt: Nullable(Time),
  targets: Type.Integer({ description: 'Endpoints asked.' }),
  sent: Type.Integer({ description: 'Datagrams sent so far.' }),
  mostToSend: Type.Integer({
    description: 'Most datagrams that it will have sent when nobody else answers; shrinks with every answer.',
  }),
  answered: Type.Integer({ description: 'Endpoints that answered.' }),
  secondsLeft: Nullable(
    Type.Number({
      description:
        'Estimate from its pace so far; null when it has ended, is paused, or has sent nothing yet.',
    }),
  ),
  refused: Type.Record(Type.String(), Type.Integer(), {
    description: 'Datagrams that became no sighting, by reason.',
  }),
});
export type SweepJson = Static<typeof SweepJson>;

export const SweepListJson = Type.Object({ sweeps: Type.Array(SweepJson) });
export type SweepListJson = Static<typeof SweepListJson>;

/** What is to become of the sweep under way. */
export const SweepChange = Type.Object(
  { state: oneOf(['paused', 'running', 'cancelled']) },
  { additionalProperties: false },
);
