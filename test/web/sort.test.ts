import { expect, it } from 'vitest';
import type { DeviceJson } from '../../src/api/contract/device.ts';
import { DEFAULT_SORT, nextSort, sortDevices, type Column } from '../../web/src/lib/sort.ts';

const device = (id: string, change: Partial<DeviceJson>, address = '10.0.0.1'): DeviceJson =>
  ({
    id,
    vendor: 'Acme',
    model: 'P1',
    level: 'basic',
    ...change,
    endpoints: [{ address, lastSeen: '' }],
  }) as DeviceJson;

const sorted = (devices: DeviceJson[], column: Column, isDescending: boolean): string[] =>
  sortDevices(devices, { column, isDescending }, 'en').map(({ id }) => id);

it('puts what needs attention first, and what is no phone last', () => {
  const devices = [
    device('pbx', { level: 'not-applicable' }),
    device('full', { level: 'full' }),
    device('unsupported', { level: 'unsupported' }),
    device('basic', {}),
  ];
  expect(sortDevices(devices, DEFAULT_SORT, 'en').map(({ id }) => id)).toEqual([
    'unsupported',
    'basic',
    'full',
    'pbx',
  ]);
});

it('reads numbers in addresses and models as numbers', () => {
  expect(sorted([device('a', {}, '10.0.0.10'), device('b', {}, '10.0.0.9')], 'address', false)).toEqual([
    'b',
    'a',
  ]);
  expect(sorted([device('a', { model: 'T100' }), device('b', { model: 'T46' })], 'model', false)).toEqual([
    'b',
    'a',
  ]);
});

it('puts what is not known last in both directions', () => {
  const devices = [device('unknown', { vendor: null, model: null }), device('known', {})];
  expect(sorted(devices, 'vendor', false)).toEqual(['known', 'unknown']);
  expect(sorted(devices, 'vendor', true)).toEqual(['known', 'unknown']);
});

it('turns around at a second click on the same column', () => {
  expect(nextSort({ column: 'model', isDescending: false }, 'model')).toEqual({
    column: 'model',
    isDescending: true,
  });
  expect(nextSort({ column: 'model', isDescending: true }, 'lastSeen')).toEqual({
    column: 'lastSeen',
    isDescending: true,
  });
});
