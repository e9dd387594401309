import Type, { type Static } from 'typebox';

/** An error of the API: RFC 9457 problem details with a code of docs/api.md. */
export const ProblemJson = Type.Object({
  type: Type.Literal('about:blank'),
  status: Type.Integer(),
  title: Type.String(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
});
export type ProblemJson = Static<typeof ProblemJson>;
