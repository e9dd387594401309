import { expect, it } from 'vitest';
import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { MOST_NEWCOMERS } from '../../src/engine/newcomers.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { listDevices } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
const FORGED = 20_000;
const START = Date.UTC(2026, 0, 5);

const address = (n: number): string => `10.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

/** As a stranger announces one device after the other, each from another address, five thousand a second. */
const forged = (n: number): Sighting => ({
  channel: 'sip-pnp',
  at: START + Math.floor(n / 5),
  from: { site: 'site', transport: 'udp', address: address(n), port: 5060 },
  solicited: false,
  facts: [
    { field: 'pnp.vendor', value: 'yealink' },
    { field: 'pnp.model', value: 'T46S' },
    { field: 'pnp.mac', value: `001565${n.toString(16).padStart(6, '0')}` },
  ],
  raw: Buffer.from('SUBSCRIBE'),
});

const real = (host: number, at: number): Sighting => ({
  channel: 'sip-options',
  at,
  from: { site: 'site', transport: 'udp', address: `10.0.0.${host}`, port: 5060 },
  solicited: true,
  facts: [{ field: 'sip.user_agent', value: 'snom370/8.7.5.35' }],
  raw: Buffer.from('SIP/2.0 200 OK'),
});

it('keeps a flood of forged devices within bounds, names it once, and finds every real phone', () => {
  const db = openTransientInventory();
  const { intake } = createPipeline(
    db,
    () => knowledge,
    () => null,
  );
  for (let n = 0; n < FORGED; n += 500) {
    intake.accept(Array.from({ length: 500 }, (_, index) => forged(n + index)));
    // In the midst of it a sweep goes on, and a phone answers for the first time.
    intake.accept([real(1 + n / 500, START + n / 5)]);
  }
  expect(listDevices(db, { vendor: 'Snom' })).toHaveLength(FORGED / 500);
  expect(listDevices(db, { vendor: 'Yealink' })).toHaveLength(MOST_NEWCOMERS.fromAll);
  expect(intake.refused).toBe(FORGED - MOST_NEWCOMERS.fromAll);
  const floods = latestFindings(db, 100_000).filter(({ kind }) => kind === 'spoof-suspected');
  expect(floods).toHaveLength(1);
  expect(floods[0]).toMatchObject({ device: null, about: null, cause: 'flood', state: 'raised' });
}, 120_000);
