import { scalar } from '../../document/write-yaml.ts';
import { bounded } from '../../model/text.ts';
import { MOST_READ, type Draft } from './draft-rule.ts';
import { redacted } from './redact.ts';

/** The draft as a rule file; `remarks` are put in front, a line each. */
export function draftText(draft: Draft, remarks: readonly string[]): string {
  const map = (entries: readonly (readonly [string, string])[]): string =>
    `{ ${entries.map(([key, value]) => `${key}: ${scalar(value)}`).join(', ')} }`;
  const also = draft.also.map(({ field, pattern }) => [field, pattern] as const);
  const heard = draft.also.map(({ field, value }) => [field, bounded(redacted(value), MOST_READ)] as const);
  return `${[
    ...remarks.map((remark) => `# ${remark}`),
    `vendor: ${scalar(draft.vendor)}`,
    'rules:',
    `  - id: ${draft.id}`,
    `    on: [${draft.on.join(', ')}]`,
    ...(also.length === 0 ? [] : [`    also: ${map(also)}`]),
    `    pattern: ${scalar(draft.pattern)}`,
    `    asserts: ${map(draft.asserts)}`,
    `    certainty: ${draft.certainty}`,
    ...(draft.refines.length === 0 ? [] : [`    refines: [${draft.refines.join(', ')}]`]),
    `    source: ${scalar('heard on our own network')}`,
    '    examples:',
    `      - input: ${scalar(draft.input)}`,
    ...(heard.length === 0 ? [] : [`        also: ${map(heard)}`]),
    `        expect: ${map(draft.expect)}`,
    `    counterExamples: [${scalar(draft.counterExample)}]`,
  ].join('\n')}\n`;
}
