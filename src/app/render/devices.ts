import type { DeviceJson, SummaryJson } from '../../api/contract/device.ts';
import type { Language } from '../../model/text.ts';
import { say } from '../locale.ts';
import { deviceCsv } from './device-csv.ts';
import { coverageLines } from './coverage.ts';
import { silentLines, type SilentPhone } from './silent.ts';
import type { UnknownPhone } from './unknown-to-pbx.ts';
import { deviceTable, summaryLine, unsupportedReasons, type Paint } from './device-table.ts';

export const DEVICE_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type DeviceFormat = (typeof DEVICE_FORMATS)[number];

export interface DeviceOutput {
  summary: SummaryJson & {
    silent: readonly SilentPhone[];
    /** Null where no PBX has told of any phone. */
    unknownToPbx?: readonly UnknownPhone[] | null;
  } & Record<string, unknown>;
  /** A hundred thousand of them are written one by one. */
  devices: Iterable<DeviceJson>;
}

/** The devices in the form asked for, line end included, piece by piece. */
export function* renderDevices(
  output: DeviceOutput,
  format: DeviceFormat,
  options: { language: Language; paint: Paint; isExamplePolicy: boolean },
): Generator<string> {
  switch (format) {
    case 'json':
      yield* renderJson(output);
      return;
    case 'ndjson':
      for (const device of output.devices) yield `${JSON.stringify(device)}\n`;
      return;
    case 'csv':
      yield deviceCsv([...output.devices]);
      return;
    case 'table':
      yield renderTable({ ...output, devices: [...output.devices] }, options);
  }
}

/** As `JSON.stringify(output, null, 2)` would write it. */
function* renderJson({ summary, devices }: DeviceOutput): Generator<string> {
  const indented = (value: unknown, by: string): string =>
    JSON.stringify(value, null, 2).replaceAll('\n', `\n${by}`);
  yield `{\n  "summary": ${indented(summary, '  ')},\n  "devices": [`;
  let before = '';
  for (const device of devices) {
    yield `${before}\n    ${indented(device, '    ')}`;
    before = ',';
  }
  yield before === '' ? ']\n}\n' : '\n  ]\n}\n';
}

function renderTable(
  { summary, devices }: DeviceOutput & { devices: readonly DeviceJson[] },
  { language, paint, isExamplePolicy }: { language: Language; paint: Paint; isExamplePolicy: boolean },
): string {
  const silence = paint('dim', say('silence is not absence', language));
  if (devices.length === 0 && summary.silent.length === 0)
    return `${say('nothing found', language)}\n${silence}\n`;
  const reasons = unsupportedReasons(devices, language, paint);
  return [
    ...(devices.length === 0 ? [] : [deviceTable(devices, language, paint), '']),
    ...reasons,
    ...silentLines(summary.silent, language),
    ...(reasons.length + summary.silent.length > 0 ? [''] : []),
    paint('bold', summaryLine(summary, language)),
    ...coverageLines(summary, language),
    silence,
    ...(isExamplePolicy ? [paint('dim', say('example policy', language))] : []),
    '',
  ].join('\n');
}
