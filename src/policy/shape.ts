import Type, { type Static, type TProperties } from 'typebox';
import { oneOf } from '../document/one-of.ts';
import type { Path } from '../document/read-yaml.ts';
import { DEVICE_KINDS, isPhone } from '../model/identity.ts';
import type { Language } from '../model/text.ts';
import { CALL_DEFLECTS, type SupportLevel } from '../model/verdict.ts';

const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const words = Type.String({ minLength: 1 });
const text = closed({ en: words, nl: words } satisfies Record<Language, typeof words>);

// PBX, proxy and scanner have no support level, whatever a policy says: no clause can speak of them.
const kind = oneOf(DEVICE_KINDS.filter((word) => isPhone(word) || word === 'gateway'));

const condition = closed({
  vendor: Type.Optional(words),
  family: Type.Optional(words),
  model: Type.Optional(words),
  modelPattern: Type.Optional(words),
  kind: Type.Optional(kind),
  firmwareFrom: Type.Optional(words),
  firmwareBelow: Type.Optional(words),
  minConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});

const example = closed({
  vendor: Type.Optional(words),
  family: Type.Optional(words),
  model: Type.Optional(words),
  firmware: Type.Optional(words),
  kind: Type.Optional(kind),
});

const row = {
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]*$' }),
  when: condition,
  because: text,
  caveats: Type.Optional(Type.Array(text)),
  callDeflect: Type.Optional(oneOf(CALL_DEFLECTS)),
  examples: Type.Array(example, { minItems: 1 }),
};

/** The policy file as people write it (docs/policy-format.md). */
export const policyFile = closed({
  policy: closed({
    title: words,
    revision: words,
    example: Type.Optional(Type.Boolean()),
    default: closed({ because: text }),
  }),
  catalogue: Type.Optional(
    Type.Array(
      closed({
        ...row,
        level: oneOf(['full', 'partial', 'basic']),
        source: Type.Optional(words),
      }),
    ),
  ),
  exceptions: Type.Optional(Type.Array(closed({ ...row, source: words }))),
});

export type PolicyFile = Static<typeof policyFile>;
export type Condition = Static<typeof condition>;
type CatalogueRow = NonNullable<PolicyFile['catalogue']>[number];

/** A row of either list with its place in the file. */
export interface Row extends Omit<CatalogueRow, 'level'> {
  path: Path;
  level: SupportLevel;
  isException: boolean;
}

/** All rows of a file; the level of an exception is always `unsupported`. */
export function rowsOf({ catalogue = [], exceptions = [] }: PolicyFile): Row[] {
  return [
    ...catalogue.map((row, at) => ({ ...row, path: ['catalogue', at], isException: false })),
    ...exceptions.map((row, at) => ({
      ...row,
      path: ['exceptions', at],
      isException: true,
      level: 'unsupported' as const,
    })),
  ];
}
