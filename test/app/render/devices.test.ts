import { expect, it } from 'vitest';
import type { DeviceJson } from '../../../src/api/contract/device.ts';
import { paintFor } from '../../../src/app/render/device-table.ts';
import { renderDevices, type DeviceOutput } from '../../../src/app/render/devices.ts';

const shown = { language: 'en' as const, paint: paintFor({ isTTY: false } as never), isExamplePolicy: false };
const device = (id: string): DeviceJson =>
  ({ id, endpoints: [{ userAgent: 'a\n"b"' }], findings: [] }) as never;
const summary = { devices: 2, byLevel: { full: 1 }, silent: [], text: 'x\ny' } as never;

const rendered = (output: DeviceOutput, format: 'json' | 'ndjson'): string =>
  [...renderDevices(output, format, shown)].join('');

it.each([[[]], [[device('d1')]], [[device('d1'), device('d2')]]])(
  'writes JSON piece by piece as it would be written at once',
  (devices) => {
    expect(rendered({ summary, devices }, 'json')).toBe(`${JSON.stringify({ summary, devices }, null, 2)}\n`);
  },
);

it('writes one device a line as NDJSON', () => {
  const lines = rendered({ summary, devices: [device('d1'), device('d2')] }, 'ndjson').split('\n');
  expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as DeviceJson).id))).toEqual([
    'd1',
    'd2',
    '',
  ]);
});
