import Type, { type Static } from 'typebox';
import { describe, expect, it } from 'vitest';
import { alertsConfig, alertsTrouble, type AlertsConfig } from '../../src/alerts/config.ts';
import { configuredSinks } from '../../src/alerts/route.ts';
import { settingsOf } from '../../src/alerts/settings.ts';
import type { Sink, SinkContext } from '../../src/alerts/sink.ts';
import { checkShape } from '../../src/document/check-shape.ts';
import { readYaml } from '../../src/document/read-yaml.ts';
import { success } from '../../src/model/outcome.ts';
import type { Message } from '../../src/model/alert.ts';
import { createSimulatedClock } from '../sim/clock.ts';

const Pigeon = Type.Object(
  {
    loft: Type.String({ minLength: 1 }),
    legs: Type.Integer({ default: 2 }),
    user: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
  },
  { additionalProperties: false, dependentRequired: { user: ['password'] } },
);
const given: Static<typeof Pigeon>[] = [];
const pigeon: Sink<typeof Pigeon> = {
  name: 'pigeon',
  config: Pigeon,
  deliver(_, { config }) {
    given.push(config);
    return Promise.resolve(success(undefined));
  },
};
const smoke: Sink<typeof Pigeon> = { ...pigeon, name: 'smoke' };
const registry = { pigeon, smoke };

function read(yaml: string): { config: AlertsConfig | null; faults: string[] } {
  const document = readYaml(yaml, 'test.yaml');
  if (!document.ok) throw new Error('no YAML');
  const shape = checkShape(Type.Object({ alerts: alertsConfig(registry) }), document.value);
  if (!shape.ok)
    return { config: null, faults: shape.fault.map(({ line, message }) => `${line} ${message}`) };
  const { alerts } = shape.value;
  return {
    config: alerts,
    faults: alertsTrouble(alerts).map(
      ({ path, message }) => `${document.value.placeOf(['alerts', ...path]).line} ${message}`,
    ),
  };
}

describe('the configuration of alerts', () => {
  it('tells of unsupported devices at once and of everything in the morning, where nothing is said', () => {
    const { config } = read('{}');
    expect(config).toEqual({
      immediate: ['unsupported'],
      digest: { every: 'daily', at: '07:00', weekday: 'monday' },
      groupWaitSeconds: 30,
      groupIntervalSeconds: 300,
      repeatHours: 24,
      maintenance: [],
      sinks: { pigeon: [], smoke: [] },
    });
    expect(settingsOf(config!)).toEqual({
      groups: { waitMs: 30_000, intervalMs: 300_000, repeatMs: 86_400_000 },
      digest: { every: 'daily', minute: 420, weekday: 1 },
      maintenance: [],
    });
  });

  it('has maintenance windows, on every day where none is named', () => {
    const { config, faults } = read(`alerts:
  maintenance:
    - { days: [saturday, sunday], between: '22:00-06:00', because: backups }
    - { between: '12:00-13:00', because: lunch }`);
    expect(faults).toEqual([]);
    expect(settingsOf(config!).maintenance).toEqual([
      { weekdays: [6, 0], between: { from: 1320, until: 360 }, because: 'backups' },
      { weekdays: [0, 1, 2, 3, 4, 5, 6], between: { from: 720, until: 780 }, because: 'lunch' },
    ]);
  });

  const wrong: [title: string, yaml: string, faults: string[]][] = [
    [
      'unknown keys, of the section and of a sink',
      'alerts:\n  imediate: []\n  sinks:\n    pigeon:\n      - { name: a, loft: x, feathers: 3 }',
      ['2 unknown key "imediate".', '5 unknown key "feathers".'],
    ],
    [
      'kinds of sinks and findings that there are not',
      'alerts:\n  immediate: [hunger]\n  sinks:\n    drum: []',
      [
        expect.stringMatching(
          /^2 "alerts.immediate.0" must be one of appeared, .*; it is "hunger"\.$/,
        ) as string,
        '4 unknown key "drum".',
      ],
    ],
    [
      'a sink without a name, and one whose settings lack each other',
      'alerts:\n  sinks:\n    pigeon:\n      - { loft: x }\n      - { name: b, loft: x, user: u }',
      ['4 "alerts.sinks.pigeon.0" lacks the key "name".', expect.stringMatching(/^5 /) as string],
    ],
    [
      'names that are used twice, whatever the kind',
      'alerts:\n  sinks:\n    pigeon:\n      - { name: a, loft: x }\n    smoke:\n      - { name: b, loft: x }\n      - { name: a, loft: x }',
      ['7 "a" is the name of another sink.'],
    ],
    [
      'times that are none',
      "alerts:\n  digest: { at: '25:00' }\n  maintenance:\n    - { between: noon, because: lunch }",
      ['2 "25:00" is no time of day.', '4 "noon" are no hours of the day.'],
    ],
  ];
  it.each(wrong)('refuses %s', (_, yaml, faults) => expect(read(yaml).faults).toEqual(faults));

  it('cannot have a kind of sink whose settings take the name of a common one', () => {
    const clumsy = { ...pigeon, config: Type.Object({ digest: Type.String() }) };
    expect(() => alertsConfig({ clumsy })).toThrow('The sink clumsy has a setting "digest"');
  });
});

describe('a configured sink', () => {
  const secret: SinkContext<unknown>['secret'] = () => success('hush');
  const { config } = read(`alerts:
  immediate: [unsupported, scanner]
  sinks:
    pigeon:
      - { name: attic, loft: north }
      - { name: cellar, loft: south, legs: '1', language: en, tells: [], digest: 'false' }`);
  const sinks = configuredSinks({
    registry,
    config: config!,
    language: 'nl',
    clock: createSimulatedClock(),
    secret,
  });

  it('is told of what it says itself, else of what all are, in its language, else that of the site', () => {
    expect(sinks).toMatchObject([
      { name: 'attic', kind: 'pigeon', language: 'nl', tells: ['unsupported', 'scanner'], digest: true },
      { name: 'cellar', kind: 'pigeon', language: 'en', tells: [], digest: false },
    ]);
  });

  it('is handed the settings of its own kind alone', async () => {
    await sinks[1]?.deliver({} as Message, new AbortController().signal);
    expect(given).toEqual([{ loft: 'south', legs: 1 }]);
  });
});
