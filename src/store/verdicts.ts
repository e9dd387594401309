import { createHash } from 'node:crypto';
import type { Verdict } from '../model/verdict.ts';
import { insertRow, type Database } from './database.ts';
import { readLocalTexts } from './json.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const byHash = prepare(({ hash }: { hash: string }) =>
  build.selectFrom('verdicts').select('id').where('hash', '=', hash),
);
const insert = prepare((row: Omit<Row<'verdicts'>, 'id'>) =>
  build.insertInto('verdicts').values(row).returning('id'),
);

/** The row that holds what the policy said: one for all devices of which it says the same. */
export function verdictRow(db: Database, verdict: Verdict): number {
  const columns = {
    level: verdict.level,
    sla_eligible: Number(verdict.slaEligible),
    clause: verdict.clause,
    because_en: verdict.because.en,
    because_nl: verdict.because.nl,
    caveats: JSON.stringify(verdict.caveats),
    firmware_from: verdict.firmwareFrom ?? null,
    call_deflect: verdict.callDeflect ?? null,
  };
  const hash = createHash('sha256').update(JSON.stringify(columns)).digest('base64url');
  return db.first(byHash({ hash }))?.id ?? insertRow(db, insert({ ...columns, hash }));
}

/** The columns of a verdict, beside those of the device or version that it is about. */
export const VERDICT_COLUMNS = [
  'verdicts.level',
  'verdicts.sla_eligible',
  'verdicts.clause',
  'verdicts.because_en',
  'verdicts.because_nl',
  'verdicts.caveats',
  'verdicts.firmware_from',
  'verdicts.call_deflect',
] as const;

export const toVerdict = (row: Omit<Row<'verdicts'>, 'id' | 'hash'>): Verdict => ({
  level: row.level,
  clause: row.clause,
  because: { en: row.because_en, nl: row.because_nl },
  caveats: readLocalTexts(row.caveats),
  slaEligible: row.sla_eligible === 1,
  ...(row.firmware_from === null ? {} : { firmwareFrom: row.firmware_from }),
  ...(row.call_deflect === null ? {} : { callDeflect: row.call_deflect }),
});
