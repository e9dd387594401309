import { readFileSync } from 'node:fs';
import type { TObject } from 'typebox';
import { describe, expect, it } from 'vitest';
import {
  CoverageJson,
  DeviceDetailJson,
  DeviceJson,
  EndpointJson,
  EvidenceJson,
  SummaryJson,
} from '../../src/api/contract/device.ts';
import { AlertJson } from '../../src/api/contract/alert.ts';
import { ConditionJson } from '../../src/api/contract/condition.ts';
import { DeliveryJson, SinkJson, SinkTestJson } from '../../src/api/contract/delivery.ts';
import { FindingJson } from '../../src/api/contract/finding.ts';
import { ChangingSightingJson, RawJson, TimelineJson, VersionJson } from '../../src/api/contract/history.ts';
import { IdentityActJson } from '../../src/api/contract/identity-act.ts';
import { SilenceJson } from '../../src/api/contract/silence.ts';
import { SweepJson } from '../../src/api/contract/sweep.ts';
import { HTTP_CODES, toProblem } from '../../src/api/errors.ts';
import { FINDING_CAUSES, FINDING_KINDS } from '../../src/model/finding.ts';
import { AppError, ERROR_CODES, type ErrorCode } from '../../src/model/app-error.ts';

const api = readFileSync('docs/api.md', 'utf8');
const json = readFileSync('docs/json.md', 'utf8');

describe('docs/api.md', () => {
  it('lists every request of the API, and no other', () => {
    const { paths } = JSON.parse(readFileSync('test/golden/openapi.json', 'utf8')) as {
      paths: Record<string, object>;
    };
    const requests = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const listed = [...api.matchAll(/^\| `([A-Z]+ \/[^`]*)` \|/gm)].map((row) => row[1]);
    expect(listed.sort()).toEqual(requests.sort());
  });

  it('lists every code of an error that requests can meet, with its status', () => {
    const ours = (Object.keys(ERROR_CODES) as ErrorCode[])
      .map((code) => [code, toProblem(new AppError(code, '')).status] as const)
      .filter(([, status]) => status !== 500);
    const listed = [...api.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map((row) => [row[1], Number(row[2])]);
    expect(Object.fromEntries(listed)).toEqual({ ...Object.fromEntries(ours), ...HTTP_CODES });
  });
});

describe('docs/json.md', () => {
  it('names every kind and cause of a finding', () => {
    for (const word of [...FINDING_KINDS, ...FINDING_CAUSES]) expect(json).toContain(`\`${word}\``);
  });

  it.each<[string, TObject]>([
    ['Device', DeviceJson],
    ['Endpoint', EndpointJson],
    ['Finding', FindingJson],
    ['Summary', SummaryJson],
    ['Coverage', CoverageJson],
    ['Detail', DeviceDetailJson],
    ['Evidence', EvidenceJson],
    ['Sweep', SweepJson],
    ['Condition', ConditionJson],
    ['Timeline', TimelineJson],
    ['Version', VersionJson],
    ['Changing sighting', ChangingSightingJson],
    ['Raw', RawJson],
    ['Identity act', IdentityActJson],
    ['Alert', AlertJson],
    ['Silence', SilenceJson],
    ['Delivery', DeliveryJson],
    ['Sink', SinkJson],
    ['Sink test', SinkTestJson],
  ])('lists every key of %s, and no other', (heading, schema) => {
    const section = json.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
    const listed = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap((row) => row[1]?.match(/\w+/g) ?? []);
    expect(listed.sort()).toEqual(Object.keys(schema.properties).sort());
  });
});
