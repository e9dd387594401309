import { formatFault } from '../../src/model/fault.ts';
import { plainFirmware, type FirmwareReader } from '../../src/model/firmware.ts';
import type { Identification, Identity } from '../../src/model/identity.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Condition, PolicyFile } from '../../src/policy/shape.ts';

type CatalogueRow = NonNullable<PolicyFile['catalogue']>[number];
type ExceptionRow = NonNullable<PolicyFile['exceptions']>[number];

interface Lists {
  catalogue?: readonly CatalogueRow[];
  exceptions?: readonly ExceptionRow[];
  firmware?: FirmwareReader;
}

/** A policy of these rows, out of a text as every policy; throws what is wrong with it. */
export function policyOf({ catalogue = [], exceptions = [], firmware }: Lists): Policy {
  const byDefault = { because: { en: 'By default.', nl: 'Standaard.' } };
  const policy = { title: 'Test', revision: '1', default: byDefault };
  return load(JSON.stringify({ policy, catalogue, exceptions }), firmware);
}

/** Loads a text that must be right. */
export function load(text: string, firmware?: FirmwareReader): Policy {
  const policy = loadPolicy(text, 'policy.yaml', firmware === undefined ? {} : { firmware });
  if (!policy.ok) throw new Error(policy.fault.map(formatFault).join('\n'));
  return policy.value;
}

/** A vendor whose versions begin with the number of the hardware, and all others. */
export const platformFirst = (vendor: string): FirmwareReader => ({
  read(of, text) {
    const plain = plainFirmware.read(of, text);
    if (plain === null || of.vendor !== vendor) return plain;
    return { platform: String(plain.parts[0]), parts: plain.parts.slice(1) };
  },
});

/** A row that says its own id as its reason; its example is made of its condition, a pattern is taken for a model. */
export const row = (id: string, level: CatalogueRow['level'], when: Condition): CatalogueRow => ({
  ...reasoned(id, when),
  level,
});

/** The same as an exception. */
export const exception = (id: string, when: Condition): ExceptionRow => ({
  ...reasoned(id, when),
  source: 'a bulletin',
});

function reasoned(id: string, when: Condition) {
  const { vendor, family, model = when.modelPattern, kind, firmwareFrom: firmware } = when;
  const example = JSON.parse(JSON.stringify({ vendor, family, model, kind, firmware })) as object;
  return { id, when, because: { en: `${id}.`, nl: `${id}.` }, examples: [example] };
}

/** What identification says of a device, for sure unless told otherwise. */
export const identified = (identity: Partial<Identity>, confidence = 1): Identification => ({
  identity,
  confidence,
  evidence: [],
  conflicts: [],
});
