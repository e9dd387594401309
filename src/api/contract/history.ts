import Type, { type Static } from 'typebox';
import { TRANSPORTS } from '../../model/endpoint.ts';
import { DEVICE_STATUSES } from '../../model/device.ts';
import { DEVICE_KINDS } from '../../model/identity.ts';
import { VERSION_CAUSES } from '../../model/version.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { FindingJson } from './finding.ts';
import { IdentityActJson } from './identity-act.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** What was concluded of a device for a span of time. */
export const VersionJson = Type.Object({
  device: Type.String({
    description: 'The record that it is of: a part of the device, once two became one.',
  }),
  validFrom: Time,
  validTo: Nullable(Type.String({ format: 'date-time', description: 'Null where it still holds.' })),
  recordedAt: Type.String({ format: 'date-time', description: 'When we knew.' }),
  cause: oneOf(VERSION_CAUSES, { description: 'What made it.' }),
  sighting: Nullable(Type.Integer({ description: 'The sighting that brought it about.' })),
  vendor: Nullable(Type.String()),
  model: Nullable(Type.String()),
  firmware: Nullable(Type.String()),
  kind: Nullable(oneOf(DEVICE_KINDS)),
  mac: Nullable(Type.String({ description: '12 lower-case hex digits' })),
  serial: Nullable(Type.String()),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  level: oneOf(SUPPORT_LEVELS),
  slaEligible: Type.Boolean(),
  because: Type.String({ description: 'Why this level, in the language asked for.' }),
  status: oneOf(DEVICE_STATUSES),
  lastSeen: Type.String({ format: 'date-time', description: 'When it was heard last while this held.' }),
});
export type VersionJson = Static<typeof VersionJson>;

/** Something heard that changed what is concluded. */
export const ChangingSightingJson = Type.Object({
  id: Type.Integer(),
  device: Type.String(),
  at: Time,
  lastAt: Type.String({ format: 'date-time', description: 'When the same was heard last.' }),
  times: Type.Integer({ description: 'How often the same was heard.' }),
  channel: Type.String(),
  solicited: Type.Boolean({ description: 'Whether it answered our own probe; all else may be forged.' }),
  address: Type.String(),
  port: Type.Integer(),
  transport: oneOf(TRANSPORTS),
  userAgent: Nullable(Type.String({ description: "A stranger's text." })),
  raw: Type.String({ description: 'Where its bytes are: /api/v1/sightings/12/raw' }),
});
export type ChangingSightingJson = Static<typeof ChangingSightingJson>;

/** Most versions and findings of one timeline, the latest. */
export const MOST_OF_TIMELINE = 1000;

/** A device over time, its parts included: every list the oldest first. */
export const TimelineJson = Type.Object(
  {
    device: Type.String(),
    versions: Type.Array(VersionJson),
    findings: Type.Array(FindingJson),
    acts: Type.Array(IdentityActJson),
    sightings: Type.Array(ChangingSightingJson, {
      description: 'What versions and findings refer to, as far as it is kept.',
    }),
  },
  { description: `At most ${MOST_OF_TIMELINE} versions and as many findings: the latest.` },
);
export type TimelineJson = Static<typeof TimelineJson>;

/** Most bytes of a message that are told. */
export const MOST_RAW = 65_536;

/** The bytes of a message. They are a stranger's: base64 in JSON, so that no browser takes them for a page. */
export const RawJson = Type.Object({
  sighting: Type.Integer(),
  length: Type.Integer({ description: 'Bytes that were heard.' }),
  base64: Type.String({ description: `The first ${MOST_RAW} of them.` }),
});
export type RawJson = Static<typeof RawJson>;
