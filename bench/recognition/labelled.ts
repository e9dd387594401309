import { createHash } from 'node:crypto';
import type { DeviceKind } from '../../src/model/identity.ts';
import { DEVICE_KINDS } from '../../src/model/identity.ts';
import { AppError } from '../../src/model/app-error.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { TextFile } from '../../src/platform/files.ts';

export const SCORED = ['vendor', 'model', 'firmware', 'kind', 'mac'] as const;
export type Scored = (typeof SCORED)[number];

/** A User-Agent, and what a competent engineer reads in it; null for what it does not tell. */
export interface Labelled {
  text: string;
  line: number;
  told: Readonly<Record<Scored, string | null>>;
}

const COLUMNS = ['ua_string', 'vendor', 'model', 'firmware', 'device_type', 'mac'] as const;

/**
 * Reads a table of labelled User-Agents: tab separated, one header row that names at least `ua_string`, `vendor`, `model`,
 * `firmware`, `device_type` and `mac`, no quoting. An empty field is not told. Throws AppError INPUT_INVALID with every fault.
 */
export function readLabelled({ file, text }: TextFile): Labelled[] {
  const [head = '', ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const names = head.split('\t');
  const faults: Fault[] = COLUMNS.filter((name) => !names.includes(name)).map((name) => ({
    ...{ file, line: 1, column: 1 },
    message: `the column "${name}" is missing.`,
    hint: `The first line names the columns: ${COLUMNS.join(', ')}.`,
  }));
  if (faults.length > 0) throw invalid(file, faults);

  const at = (name: (typeof COLUMNS)[number]): number => names.indexOf(name);
  const rows = lines.flatMap((line, index): Labelled | [] => {
    if (line === '') return [];
    const cells = line.split('\t');
    const place = { file, line: index + 2, column: 1 };
    if (cells.length !== names.length)
      faults.push({ ...place, message: `${cells.length} columns, the first line has ${names.length}.` });
    const cell = (name: (typeof COLUMNS)[number]): string | null => cells[at(name)] || null;
    const kind = cell('device_type')?.replaceAll('_', '-') ?? null;
    if (kind !== null && !DEVICE_KINDS.includes(kind as DeviceKind))
      faults.push({
        ...place,
        message: `no kind is called "${kind}".`,
        hint: `The kinds are ${DEVICE_KINDS.join(', ')}.`,
      });
    return {
      text: cells[at('ua_string')] ?? '',
      line: index + 2,
      told: {
        vendor: cell('vendor'),
        model: cell('model'),
        firmware: cell('firmware'),
        kind,
        mac: cell('mac'),
      },
    };
  });
  if (faults.length > 0) throw invalid(file, faults);
  return rows;
}

const invalid = (file: string, faults: readonly Fault[]): AppError =>
  new AppError('INPUT_INVALID', `${file} is no table of labelled User-Agents:`, { faults });

/**
 * Whether a row belongs to the half that nobody looks at while writing rules. All rows of one model fall on one side, for ever the
 * same one; a row without a model goes by its own text.
 */
export function isHeldOut({ text, told }: Labelled): boolean {
  const key = told.model === null ? text : `${told.vendor ?? ''}\0${told.model}`;
  return ((createHash('sha256').update(key).digest()[0] ?? 0) & 1) === 1;
}
