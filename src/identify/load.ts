import { checkShape } from '../document/check-shape.ts';
import { didYouMean } from '../document/did-you-mean.ts';
import { readYaml, type YamlDocument } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { buildRule, type RuleContext, type UnlinkedRule } from './build-rule.ts';
import { spellingTrouble } from './check.ts';
import { ruleFile, type Rule, type RuleSet } from './rule.ts';
import type { FaultAt } from './trouble.ts';
import type { SourceText, Vocabulary } from './vocabulary.ts';

export type { RuleSet } from './rule.ts';

/**
 * Reads rule files (docs/how-to/add-a-rule.md) into a new rule set, or says all that is wrong with them. The order of files and of
 * rules means nothing. Whether the rules do what their examples say is for `selfTest`.
 */
export function loadRules(files: readonly SourceText[], vocabulary: Vocabulary): Outcome<RuleSet, Fault[]> {
  const drafts: Draft[] = [];
  const faults = files.flatMap((file) => {
    const read = readRuleFile(file, vocabulary);
    if (read.ok) drafts.push(...read.value);
    return read.ok ? [] : read.fault;
  });
  return faults.length > 0 ? failure(faults) : link(drafts, vocabulary);
}

interface Draft {
  rule: UnlinkedRule;
  refines: readonly string[];
  faultAt: FaultAt;
}

function readRuleFile({ file, text }: SourceText, vocabulary: Vocabulary): Outcome<Draft[], Fault[]> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const shape = checkShape(ruleFile, document.value);
  if (!shape.ok) return shape;

  const { vendor, rules } = shape.value;
  const faults: Fault[] = [];
  const misspelt = vendor === undefined ? null : spellingTrouble('vendor', vendor, vocabulary);
  if (misspelt !== null) faults.push({ file, ...document.value.placeOf(['vendor']), ...misspelt });
  const drafts = rules.flatMap((ruleText, at) => {
    const context = { vendor, vocabulary, ...placesIn(document.value, at) };
    const rule = buildRule(ruleText, context);
    if (rule.ok) return { rule: rule.value, refines: ruleText.refines ?? [], faultAt: context.faultAt };
    faults.push(...rule.fault);
    return [];
  });
  return faults.length > 0 ? failure(faults.sort(byPlace)) : success(drafts);
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

/** Joins the rules of all files: every id once, and the `refines` of each followed to their end. */
function link(drafts: readonly Draft[], vocabulary: Vocabulary): Outcome<RuleSet, Fault[]> {
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
  return success({ rules: new Map(rules.map((rule) => [rule.id, rule])), vocabulary });
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
