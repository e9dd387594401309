import { expect, it } from 'vitest';
import { createSparing } from '../../src/engine/sparing.ts';
import type { DeviceKind } from '../../src/model/identity.ts';

const sighting = (address: string) => ({
  channel: 'sip-options',
  at: 0,
  from: { site: 's', transport: 'udp' as const, address, port: 5060 },
  solicited: true,
  facts: [],
  raw: new Uint8Array(0),
});

it.each<[DeviceKind | undefined, boolean]>([
  ['door-intercom', true],
  ['pager-speaker', true],
  ['desk-phone', false],
  [undefined, false],
])('what has answered as %s is spared connections: %s', (kind, isSpared) => {
  const sparing = createSparing(() => kind);
  sparing.note(sighting('10.0.0.7'));
  expect(sparing.spares({ address: '10.0.0.7', transport: 'tcp' })).toBe(isSpared);
  expect(sparing.spares({ address: '10.0.0.7', transport: 'udp' })).toBe(false);
  expect(sparing.spares({ address: '10.0.0.8', transport: 'tls' })).toBe(false);
});
