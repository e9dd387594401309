import { parse, type CsvError, type Info } from 'csv-parse/sync';
import { TRANSPORTS } from '../../model/endpoint.ts';
import type { Fault } from '../../model/fault.ts';
import { parseMac } from '../../model/mac.ts';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import { parseHostPort } from '../../wire/sip/uri.ts';
import { readPort, type Skip, type Told } from '../registration.ts';
import { gather, type SourceReport } from '../source.ts';
import { placeColumns, type Column, type Mapping } from './columns.ts';

/** Longest row: a quote that is never closed would swallow the rest of the file. */
const MAX_ROW_BYTES = 65_536;
/** Most rows whose trouble is told one by one. */
const MAX_WARNINGS = 20;

export interface CsvFile {
  /** As it is shown in messages. */
  file: string;
  text: string;
  mapping: Mapping;
  /** Canonical text of an address; null when the text is none. */
  readAddress: (text: string) => string | null;
}

/** Rows that cannot be read are left out and told in `warnings`, the first twenty; a broken file gives nothing but its faults. */
export function readCsv(
  source: CsvFile,
): Outcome<SourceReport & { warnings: readonly Fault[] }, readonly Fault[]> {
  const { file, mapping } = source;
  const { rows, faults } = rowsOf(source);
  const heading = rows.shift();
  if (heading === undefined && faults.length === 0)
    return failure([faultAt(file, 1, 'the file has no heading.')]);
  const places = placeColumns(heading?.cells ?? [], mapping);
  if (faults.length > 0) return failure(faults);
  if (!places.ok) return failure(places.fault.map((message) => faultAt(file, heading?.line ?? 1, message)));
  const warnings: Fault[] = [];
  const told = rows.map(({ cells, line }): Told | Skip => {
    const cell = (column: Column): string => cells[places.value[column] ?? -1] ?? '';
    const read = toldBy(cell, source.readAddress);
    if (read.ok) return read.value;
    if (warnings.length < MAX_WARNINGS) warnings.push(faultAt(file, line, read.fault));
    return 'unreadable';
  });
  return success({ ...gather(told), warnings });
}

interface RowOfFile {
  cells: string[];
  line: number;
}

/** RFC 4180, with the separator that the heading has: a comma, the semicolon of spreadsheets in half of Europe, or a tab. */
function rowsOf({ file, text }: CsvFile): { rows: RowOfFile[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const records = parse(text, {
    delimiter: separatorOf(text),
    info: true,
    // Takes a byte order mark off as well.
    trim: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) =>
      void faults.push(faultAt(file, Number(error?.['lines'] ?? 1), `${error?.message ?? 'not readable'}.`)),
  }) as unknown as { record: string[]; info: Info }[];
  return { rows: records.map(({ record, info }) => ({ cells: record, line: info.lines })), faults };
}

function separatorOf(text: string): string {
  const heading = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (separator: string): number => heading.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** One row. The address may be an address, `address:port`, or a whole contact URI; the fault is a sentence for people. */
function toldBy(
  cell: (column: Column) => string,
  readAddress: CsvFile['readAddress'],
): Outcome<Told | Skip, string> {
  const place = cell('address');
  if (place === '') return success('unregistered');
  const isUri = /^(?:[^<]*<)?sips?:/i.test(place);
  const plain = readAddress(place) === null ? parseHostPort(place) : { host: place, port: null };
  if (!isUri && (plain === null || readAddress(plain.host) === null))
    return failure(`"${place.slice(0, 64)}" is no address.`);
  const port = cell('port') === '' ? null : readPort(cell('port'));
  if (port === null && cell('port') !== '') return failure(`"${cell('port').slice(0, 64)}" is no port.`);
  const transport = cell('transport').toLowerCase();
  if (transport !== '' && !TRANSPORTS.some((known) => known === transport))
    return failure(`"${transport.slice(0, 64)}" is no transport; they are ${TRANSPORTS.join(', ')}.`);
  const mac = cell('mac');
  if (mac !== '' && parseMac(mac) === null) return failure(`"${mac.slice(0, 64)}" is no MAC address.`);
  return success({
    aor: cell('name'),
    contact: isUri ? place : null,
    source: isUri || plain === null ? null : { address: plain.host, port: port ?? plain.port },
    transport,
    userAgent: cell('userAgent'),
    mac,
  });
}

const faultAt = (file: string, line: number, message: string): Fault => ({
  file,
  line,
  column: null,
  message,
});
