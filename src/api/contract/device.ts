import Type, { type Static } from 'typebox';
import { DEVICE_STATUSES } from '../../model/device.ts';
import { DEVICE_KINDS } from '../../model/identity.ts';
import { TRANSPORTS } from '../../model/endpoint.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { FindingJson } from './finding.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** One place where a device was heard. */
export const EndpointJson = Type.Object({
  address: Type.String(),
  port: Type.Integer(),
  transport: oneOf(TRANSPORTS),
  userAgent: Nullable(
    Type.String({ description: "A stranger's text, as heard: at most 1,024 characters, never markup." }),
  ),
  server: Nullable(Type.String()),
  status: Nullable(
    Type.Integer({ description: 'SIP status of the latest answer; null where no probe was answered.' }),
  ),
  solicited: Type.Boolean({
    description: 'Whether it answered our own probe; unsolicited news may be forged.',
  }),
  channels: Type.Array(Type.String()),
  firstSeen: Time,
  lastSeen: Time,
});
export type EndpointJson = Static<typeof EndpointJson>;

/** How many findings a device carries along in the API; the journal has the rest. */
export const FINDINGS_PER_DEVICE = 10;

/** The shape of a device in every output (docs/json.md): scan, devices, API. */
export const DeviceJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
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
  caveats: Type.Array(Type.String()),
  endpoints: Type.Array(EndpointJson),
  firstSeen: Time,
  lastSeen: Time,
  status: oneOf(DEVICE_STATUSES),
  findings: Type.Array(FindingJson, {
    description: `The latest findings of the device, newest first: at most ${FINDINGS_PER_DEVICE} in the API.`,
  }),
});
export type DeviceJson = Static<typeof DeviceJson>;

export const EvidenceJson = Type.Object({
  rule: Type.String(),
  field: Type.String(),
  value: Type.String({ description: "A stranger's text." }),
  asserts: Type.Record(Type.String(), Type.String()),
  certainty: Type.Number(),
  solicited: Type.Boolean(),
});
export type EvidenceJson = Static<typeof EvidenceJson>;

/** A device with the reasons behind it. */
export const DeviceDetailJson = Type.Object({
  device: DeviceJson,
  evidence: Type.Array(EvidenceJson, {
    description: 'Of now; empty where another moment was asked for: the timeline has what was heard then.',
  }),
  conflicts: Type.Array(EvidenceJson),
  clause: Nullable(Type.String({ description: 'The policy clause that decided; null for the default.' })),
});
export type DeviceDetailJson = Static<typeof DeviceDetailJson>;

/** How much of what is known to be there has answered, and who told of the rest. */
export const CoverageJson = Type.Object(
  {
    known: Type.Integer({ description: 'Phones known to be there, by any channel.' }),
    answered: Type.Integer({ description: 'Those of them that answered our own probe.' }),
    share: Nullable(
      Type.Number({ description: 'The part that answered, 0 to 1; null where no phone is known.' }),
    ),
    silent: Type.Integer({ description: 'Those of them that did not.' }),
    bySource: Type.Record(Type.String(), Type.Integer(), {
      description: 'How many of them each channel has seen; for sip-options, how many answered.',
    }),
    unknownToPbx: Nullable(
      Type.Object(
        {
          unknown: Type.Integer({ description: 'Those of them that no PBX has told of.' }),
          onTheWire: Type.Integer({ description: 'Phones that anything but a PBX has seen.' }),
        },
        { description: 'Null where no PBX has told of any.' },
      ),
    ),
    inScope: Nullable(
      Type.Integer({
        description: 'Addresses that a sweep asks, whatever the filter; null without a scope.',
      }),
    ),
    possiblyBlocked: Nullable(
      Type.Integer({
        description:
          'Hosts that fell silent after a probe and are left alone, whatever the filter; null where nothing is asked.',
      }),
    ),
  },
  { description: 'Silence is never absence: phones that trust only their PBX do not answer strangers.' },
);

/** Counts over a list of devices. Figures of levels are over phones only. */
export const SummaryJson = Type.Object({
  devices: Type.Integer(),
  phones: Type.Integer(),
  notPhones: Type.Integer(),
  notIdentified: Type.Integer({ description: 'Phones whose vendor is not known.' }),
  byLevel: Type.Object({
    full: Type.Integer(),
    partial: Type.Integer(),
    basic: Type.Integer(),
    unsupported: Type.Integer(),
  }),
  slaEligible: Type.Integer({ description: 'Phones under a level for which an SLA can be closed.' }),
  coverage: CoverageJson,
});
export type SummaryJson = Static<typeof SummaryJson>;

export const DeviceListJson = Type.Object({ summary: SummaryJson, devices: Type.Array(DeviceJson) });
export type DeviceListJson = Static<typeof DeviceListJson>;
