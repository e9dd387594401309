import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { FINDING_KINDS, type FindingKind } from '../model/finding.ts';
import { LANGUAGES, type Language } from '../model/text.ts';
import { parseDailyHours } from '../model/daily-hours.ts';
import type { Sink } from './sink.ts';
import { parseTimeOfDay, WEEKDAYS } from './wall-clock.ts';

const closed = { additionalProperties: false };
const word = <const W extends string>(words: readonly W[], options: { default?: W; description: string }) =>
  Type.Unsafe<W>({ type: 'string', enum: [...words], ...options });

const kinds = (options: { default?: FindingKind[]; description: string }) =>
  Type.Array(Type.Unsafe<FindingKind>({ type: 'string', enum: FINDING_KINDS }), {
    maxItems: FINDING_KINDS.length,
    ...options,
  });

const Digest = Type.Object(
  {
    every: word(['off', 'daily', 'weekly'], {
      default: 'daily',
      description: 'How often everything since the last digest is told in one message.',
    }),
    at: Type.String({
      default: '07:00',
      description: "Time of day in the site's time zone, whatever the clocks change to: 07:00.",
    }),
    weekday: word(WEEKDAYS, { default: 'monday', description: 'Day of a weekly digest.' }),
  },
  { ...closed, default: {} },
);

const Maintenance = Type.Object(
  {
    days: Type.Array(Type.Unsafe<(typeof WEEKDAYS)[number]>({ type: 'string', enum: [...WEEKDAYS] }), {
      default: [],
      maxItems: WEEKDAYS.length,
      description: 'Days on which it begins; none: every day.',
    }),
    between: Type.String({
      description: "Hours in the site's time zone at which nothing is told: 22:00-06:00.",
    }),
    because: Type.String({ minLength: 1, maxLength: 1000, description: 'Why nothing is told then.' }),
  },
  closed,
);

/** What every sink of the configuration has, beside the settings of its own kind. */
const common = {
  name: Type.String({
    pattern: '^[a-z0-9][a-z0-9-]{0,31}$',
    description: 'Its name, one of its own among all sinks: small letters, digits, hyphens.',
  }),
  language: Type.Optional(
    Type.Unsafe<Language>({
      type: 'string',
      enum: [...LANGUAGES],
      description: 'Language of its messages; none: that of the site.',
    }),
  ),
  tells: Type.Optional(
    kinds({ description: 'Findings that this sink is told of at once, instead of alerts.immediate.' }),
  ),
  digest: Type.Boolean({ default: true, description: 'Whether it gets the digest.' }),
};

/** Settings that every sink has, as the configuration says them. */
export type CommonSettings = Static<TObject<typeof common>>;

/** The kinds of sinks there are, by the names that the configuration has for them. */
export type SinkRegistry = Readonly<Record<string, Sink<TObject>>>;

/** The section `alerts` of the configuration, for these kinds of sinks. */
export const alertsConfig = (registry: SinkRegistry) =>
  Type.Object(
    {
      immediate: kinds({
        default: ['unsupported'],
        description: 'Findings that are told at once; the digest tells of all of them.',
      }),
      digest: Digest,
      groupWaitSeconds: Type.Number({
        default: 30,
        minimum: 0,
        maximum: 3600,
        description: 'How long the first alert of a kind waits for others, to be told in one message.',
      }),
      groupIntervalSeconds: Type.Number({
        default: 300,
        minimum: 1,
        maximum: 86_400,
        description: 'Least time between two messages of one kind of alert.',
      }),
      repeatHours: Type.Number({
        default: 24,
        minimum: 0,
        maximum: 8760,
        description: 'After which alerts that still fire are told again; 0: never.',
      }),
      maintenance: Type.Array(Maintenance, {
        default: [],
        maxItems: 100,
        description:
          'Hours at which nothing is told; all of it is recorded, and told afterwards if it still holds.',
      }),
      sinks: sinksConfig(registry),
    },
    { ...closed, default: {} },
  );
export type AlertsConfig = Static<ReturnType<typeof alertsConfig>>;

/** A sink as the configuration has it: common settings, and those of its kind. */
export type ConfiguredEntry = CommonSettings & Record<string, unknown>;

const sinksConfig = (registry: SinkRegistry) =>
  Type.Unsafe<Record<string, ConfiguredEntry[] | undefined>>(
    Type.Object(
      Object.fromEntries(
        Object.entries(registry).map(([kind, { config }]) => [
          kind,
          Type.Array(withCommon(kind, config), {
            default: [],
            maxItems: 20,
            description: `Sinks of the kind ${kind}.`,
          }),
        ]),
      ),
      { ...closed, default: {}, description: 'Where alerts are told, by kind of sink.' },
    ),
  );

/** The settings of a kind of sink together with those that all have; limits across settings stay. */
function withCommon(kind: string, config: TObject): TSchema {
  const { properties } = config;
  const taken = Object.keys(common).find((name) => Object.hasOwn(properties, name));
  if (taken !== undefined) throw new Error(`The sink ${kind} has a setting "${taken}", as all sinks do.`);
  const limits = Object.entries(config).filter(
    ([name]) => !['type', 'properties', 'required'].includes(name),
  );
  return Type.Object({ ...common, ...properties }, { ...Object.fromEntries(limits), ...closed });
}

/** Something wrong that the shape alone does not show; `path` begins inside `alerts`. */
export interface AlertsTrouble {
  path: (string | number)[];
  message: string;
  hint?: string;
}

/** Everything wrong with a configuration of alerts that has the right shape. */
export const alertsTrouble = ({ digest, maintenance, sinks }: AlertsConfig): AlertsTrouble[] => [
  ...(parseTimeOfDay(digest.at) === null
    ? [
        {
          path: ['digest', 'at'],
          message: `"${digest.at}" is no time of day.`,
          hint: "Write for example '07:00'.",
        },
      ]
    : []),
  ...maintenance.flatMap(({ between }, index) =>
    parseDailyHours(between) === null
      ? [
          {
            path: ['maintenance', index, 'between'],
            message: `"${between}" are no hours of the day.`,
            hint: "Write for example '08:00-18:00', or '22:00-06:00' over midnight.",
          },
        ]
      : [],
  ),
  ...repeatedNames(sinks),
];

function repeatedNames(sinks: AlertsConfig['sinks']): AlertsTrouble[] {
  const places = Object.entries(sinks).flatMap(([kind, entries = []]) =>
    entries.map(({ name }, index) => ({ name, path: ['sinks', kind, index, 'name'] })),
  );
  return places
    .filter(({ name }, index) => places.findIndex((other) => other.name === name) < index)
    .map(({ name, path }) => ({
      path,
      message: `"${name}" is the name of another sink.`,
      hint: 'Each has a name of its own, whatever its kind.',
    }));
}
