import Type from 'typebox';
import { FINDING_KINDS, FINDING_STATES, FINDINGS, SEVERITIES } from '../../model/finding.ts';
import type { FindingKind, Severity } from '../../model/finding.ts';
import { conditionsOfKinds } from '../../store/findings.ts';
import { journalAfter } from '../../store/journal.ts';
import type { Routes } from '../context.ts';
import { ConditionListJson, toConditionJson } from '../contract/condition.ts';
import { FindingListJson } from '../contract/finding.ts';
import { toFindingJson } from '../contract/from-model.ts';
import { Lang, Limit, MAX_SEQ, Query } from '../contract/query.ts';
import { oneOf } from '../contract/words.ts';
import { languageOf } from '../language.ts';

const MAX_FINDINGS = 1000;
const MAX_CONDITIONS = 10_000;

const Kinds = {
  kind: Type.Optional(
    Type.Array(oneOf(FINDING_KINDS), {
      maxItems: FINDING_KINDS.length,
      description: 'May be repeated: any of these kinds.',
    }),
  ),
  severity: Type.Optional(
    Type.Array(oneOf(SEVERITIES), {
      maxItems: SEVERITIES.length,
      description: 'May be repeated: any of these severities.',
    }),
  ),
  device: Type.Optional(Type.String({ maxLength: 20, description: 'Of this record, by its id: d12.' })),
};

export const findings: Routes = (api, { db, auditor }) => {
  api.get(
    '/api/v1/findings',
    {
      schema: {
        summary: 'The journal in its order: read on from the last `seq` of a page',
        tags: ['findings'],
        querystring: Query({
          lang: Lang,
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_SEQ,
              default: 0,
              description: 'Findings with a greater `seq`.',
            }),
          ),
          limit: Limit(MAX_FINDINGS),
          ...Kinds,
          state: Type.Optional(oneOf(FINDING_STATES)),
        }),
        response: { 200: FindingListJson },
      },
    },
    (request) => {
      const { after = 0, limit = MAX_FINDINGS, kind, severity, device, state } = request.query;
      const language = languageOf(request, auditor);
      const filter = { kinds: kindsOf(kind, severity), device, state };
      return {
        findings: journalAfter(db, filter, { after, limit }).map((finding) =>
          toFindingJson(finding, language),
        ),
      };
    },
  );

  api.get(
    '/api/v1/conditions',
    {
      schema: {
        summary: 'What holds now: matters that were raised and not cleared, the worst first',
        tags: ['findings'],
        querystring: Query({ lang: Lang, limit: Limit(MAX_CONDITIONS, 1000), ...Kinds }),
        response: { 200: ConditionListJson },
      },
    },
    (request) => {
      const { limit = 1000, kind, severity, device } = request.query;
      const language = languageOf(request, auditor);
      const all = conditionsOfKinds(db, kindsOf(kind, severity) ?? FINDING_KINDS)
        .filter((condition) => device === undefined || condition.device === device)
        .sort((a, b) => rank(a.kind) - rank(b.kind) || a.since - b.since);
      return {
        count: all.length,
        conditions: all.slice(0, limit).map((condition) => toConditionJson(condition, language)),
      };
    },
  );
};

const rank = (kind: FindingKind): number => SEVERITIES.indexOf(FINDINGS[kind].severity);

/** The kinds that are among both; undefined where neither is said. */
const kindsOf = (
  kinds: readonly FindingKind[] | undefined,
  severities: readonly Severity[] | undefined,
): readonly FindingKind[] | undefined =>
  severities === undefined
    ? kinds
    : (kinds ?? FINDING_KINDS).filter((kind) => severities.includes(FINDINGS[kind].severity));
