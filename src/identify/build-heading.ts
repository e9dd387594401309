import type { Path } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import type { LocalText } from '../model/text.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { spellingTrouble } from './check.ts';
import { readPattern, rightPattern } from './pattern.ts';
import type { FilePlace, FirmwareScheme, MacPrefix, RuleFile } from './rule.ts';
import type { Trouble } from './trouble.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a file says of its vendor as a whole. */
export interface Heading {
  vendor: string | undefined;
  builtBy: readonly string[];
  macPrefixes: readonly MacPrefix[];
  firmware: readonly FirmwareScheme[];
  silence: LocalText | null;
}

export interface HeadingContext {
  vocabulary: Vocabulary;
  placeAt: (path: Path, part?: 'key' | 'value') => FilePlace;
}

const MAC_PREFIX = /^[0-9a-f]{6,11}$/;
const VENDOR_KEYS = ['builtBy', 'macPrefixes', 'silence', 'firmware'] as const;

/** Reads what stands before the rules, or says all that is wrong with it. */
export function buildHeading(file: RuleFile, context: HeadingContext): Outcome<Heading, Fault[]> {
  const { vocabulary, placeAt } = context;
  const faults: Fault[] = [];
  const report = (path: Path, trouble: Trouble | null, part?: 'key' | 'value'): void => {
    if (trouble !== null) faults.push({ ...placeAt(path, part), ...trouble });
  };

  const { vendor } = file;
  if (vendor !== undefined) report(['vendor'], spellingTrouble('vendor', vendor, vocabulary));
  else for (const key of VENDOR_KEYS) if (file[key] !== undefined) report([key], withoutVendor(key), 'key');

  const builtBy = (file.builtBy ?? []).map((maker, at) => {
    report(['builtBy', at, 'vendor'], spellingTrouble('vendor', maker.vendor, vocabulary));
    if (maker.vendor === vendor) report(['builtBy', at, 'vendor'], BUILT_BY_ITSELF);
    return maker.vendor;
  });
  const macPrefixes = (file.macPrefixes ?? []).flatMap(({ prefixes, certainty, source }, at) =>
    prefixes.map((text, index): MacPrefix => {
      const path = ['macPrefixes', at, 'prefixes', index];
      const prefix = text.toLowerCase();
      if (!MAC_PREFIX.test(prefix)) report(path, noPrefix(text));
      return { prefix, vendor: vendor ?? '', certainty, source, place: placeAt(path) };
    }),
  );
  const firmware = (file.firmware ?? []).flatMap((scheme, at): FirmwareScheme[] => {
    const pattern = readPattern(scheme.pattern);
    if (!pattern.ok) {
      report(['firmware', at, 'pattern'], pattern.fault);
      return [];
    }
    const groups = Object.keys(pattern.value.namedGroups());
    for (const trouble of groupTroubles(groups)) report(['firmware', at, 'pattern'], trouble);
    return [
      {
        vendor: vendor ?? '',
        families: scheme.families ?? null,
        pattern: rightPattern(scheme.pattern, pattern.value),
        hasPlatform: groups.includes('platform'),
        ascending: scheme.ascending,
        unordered: scheme.unordered ?? [],
        place: placeAt(['firmware', at]),
      },
    ];
  });
  if (faults.length > 0) return failure(faults);
  return success({ vendor, builtBy, macPrefixes, firmware, silence: file.silence?.allow ?? null });
}

const withoutVendor = (key: string): Trouble => ({
  message: `"${key}" says nothing without a vendor.`,
  hint: 'Name the vendor at the top of the file.',
});

const BUILT_BY_ITSELF: Trouble = {
  message: 'this is the vendor of the file.',
  hint: 'Name another maker, or leave it out.',
};

const noPrefix = (text: string): Trouble => ({
  message: `"${text}" is no MAC prefix.`,
  hint: 'Write 6 to 11 hex digits without separators: 24 bits, or 28 and 36 for the small blocks.',
});

function groupTroubles(groups: readonly string[]): Trouble[] {
  const unknown = groups.filter((name) => name !== 'version' && name !== 'platform');
  return [
    ...(groups.includes('version')
      ? []
      : [
          {
            message: 'the pattern has no group "version".',
            hint: 'Name the part that is compared: (?<version>…).',
          },
        ]),
    ...unknown.map((name) => ({
      message: `a version has no part "${name}".`,
      hint: 'The parts are platform and version; write (?:…) for the rest.',
    })),
  ];
}
