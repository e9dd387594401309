import { checkShape } from '../document/check-shape.ts';
import { didYouMean } from '../document/did-you-mean.ts';
import { readYaml, type YamlDocument } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { buildRule, type RuleContext, type UnlinkedRule } from './build-rule.ts';
import { buildHeading, type Heading } from './build-heading.ts';
import { ruleFile, type MacPrefix, type Rule, type RuleSet } from './rule.ts';
import type { FaultAt } from './trouble.ts';
import type { SourceText, Vocabulary } from './vocabulary.ts';

export type { RuleSet } from './rule.ts';

/**
 * Reads rule files (docs/how-to/add-a-rule.md) into a new rule set, or says all that is wrong with them. The order of files and of
 * rules means nothing. Whether the rules do what their examples say is for `selfTest`. Files that were `read` before, and are right
 * together, come first.
 */
export function loadRules(
  files: readonly SourceText[],
  vocabulary: Vocabulary,
  read: readonly FileDraft[] = [],
): Outcome<RuleSet, Fault[]> {
  const drafts = readRuleFiles(files, vocabulary);
  return drafts.ok ? link([...read, ...drafts.value], vocabulary) : drafts;
}

/** Reads rule files one by one, or says all that is wrong in each; whether they are right together is for `loadRules`. */
export function readRuleFiles(
  files: readonly SourceText[],
  vocabulary: Vocabulary,
): Outcome<FileDraft[], Fault[]> {
  const read: FileDraft[] = [];
  const faults = files.flatMap((file) => {
    const draft = readRuleFile(file, vocabulary);
    if (draft.ok) read.push(draft.value);
    return draft.ok ? [] : draft.fault;
  });
  return faults.length > 0 ? failure(faults) : success(read);
}

/** What one file says. */
export interface FileDraft {
  heading: Heading;
  rules: readonly Draft[];
}

export interface Draft {
  rule: UnlinkedRule;
  refines: readonly string[];
  faultAt: FaultAt;
}

function readRuleFile({ file, text }: SourceText, vocabulary: Vocabulary): Outcome<FileDraft, Fault[]> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const shape = checkShape(ruleFile, document.value);
  if (!shape.ok) return shape;

  const { vendor, rules } = shape.value;
  const { placeOf } = document.value;
  const placeAt: RuleContext['placeAt'] = (path, part) => ({ file, ...placeOf(path, part) });
  const heading = buildHeading(shape.value, { vocabulary, placeAt });
  const faults: Fault[] = heading.ok ? [] : heading.fault;
  const drafts = rules.flatMap((ruleText, at) => {
    const context = { vendor, vocabulary, ...placesIn(document.value, at) };
    const rule = buildRule(ruleText, context);
    if (rule.ok) return { rule: rule.value, refines: ruleText.refines ?? [], faultAt: context.faultAt };
    faults.push(...rule.fault);
    return [];
  });
  if (!heading.ok || faults.length > 0) return failure(faults.sort(byPlace));
  return success({ heading: heading.value, rules: drafts });
}

const byPlace = (a: Fault, b: Fault): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

function placesIn({ file, placeOf }: YamlDocument, at: number): Pick<RuleContext, 'placeAt' | 'faultAt'> {
  const placeAt: RuleContext['placeAt'] = (path, part) => ({
    file,
    ...placeOf(['rules', at, ...path], part),
  });
  return { placeAt, faultAt: (path, trouble, part) => ({ ...placeAt(path, part), ...trouble }) };
}

/** Joins all files: every id and every MAC prefix once, and the `refines` of each rule followed to their end. */
function link(files: readonly FileDraft[], vocabulary: Vocabulary): Outcome<RuleSet, Fault[]> {
  const rules = linkRules(files.flatMap((file) => file.rules));
  const macPrefixes = files.flatMap(({ heading }) => heading.macPrefixes);
  const faults = [...(rules.ok ? [] : rules.fault), ...doublePrefixes(macPrefixes)];
  if (!rules.ok || faults.length > 0) return failure(faults);
  return success({
    rules: rules.value,
    macPrefixes,
    firmware: files.flatMap(({ heading }) => heading.firmware),
    silence: new Map(
      files.flatMap(({ heading: { vendor, silence } }) =>
        vendor === undefined || silence === null ? [] : [[vendor, silence]],
      ),
    ),
    builtBy: makersByBrand(files.map(({ heading }) => heading)),
    vocabulary,
  });
}

function doublePrefixes(prefixes: readonly MacPrefix[]): Fault[] {
  const first = new Map<string, MacPrefix>();
  return prefixes.flatMap((one) => {
    const other = first.get(one.prefix);
    if (other === undefined) first.set(one.prefix, one);
    if (other === undefined) return [];
    return {
      ...one.place,
      message: `the prefix ${one.prefix} stands in ${other.place.file}:${other.place.line} too (${other.vendor}).`,
      hint: 'Keep one; what only some addresses of a prefix have is written with more digits.',
    };
  });
}

function makersByBrand(headings: readonly Heading[]): RuleSet['builtBy'] {
  const makers = new Map<string, Set<string>>();
  for (const { vendor, builtBy } of headings)
    if (vendor !== undefined)
      for (const maker of builtBy) makers.set(vendor, (makers.get(vendor) ?? new Set()).add(maker));
  return makers;
}

function linkRules(drafts: readonly Draft[]): Outcome<ReadonlyMap<string, Rule>, Fault[]> {
  const byId = new Map<string, Draft>();
  const faults: Fault[] = [];
  for (const draft of drafts) {
    const { id } = draft.rule;
    const first = byId.get(id)?.rule.place;
    if (first === undefined) byId.set(id, draft);
    else
      faults.push(
        draft.faultAt(['id'], {
          message: `the id "${id}" is taken by ${first.file}:${first.line}.`,
          hint: 'Every rule needs its own.',
        }),
      );
  }
  faults.push(...drafts.flatMap((draft) => strayRefines(draft, byId)));
  const rules = drafts.map(({ rule, refines, faultAt }): Rule => {
    const silenced = followed(refines, byId);
    if (silenced.has(rule.id))
      faults.push(
        faultAt(['refines'], {
          message: `"${rule.id}" refines itself, by way of what it refines.`,
          hint: 'Let only the more special rule refine the more general one.',
        }),
      );
    return { ...rule, refines: silenced };
  });
  if (faults.length > 0) return failure(faults);
  return success(new Map(rules.map((rule) => [rule.id, rule])));
}

const strayRefines = ({ refines, faultAt }: Draft, byId: ReadonlyMap<string, Draft>): Fault[] =>
  refines.flatMap((id, at) =>
    byId.has(id)
      ? []
      : faultAt(['refines', at], {
          message: `no rule is called "${id}".`,
          hint: didYouMean(id, [...byId.keys()]) ?? 'Name the id of a rule of this or another file.',
        }),
  );

function followed(refines: readonly string[], byId: ReadonlyMap<string, Draft>): ReadonlySet<string> {
  const reached = new Set(refines);
  // A Set hands out what is added while it is walked.
  for (const id of reached) for (const next of byId.get(id)?.refines ?? []) reached.add(next);
  return reached;
}
