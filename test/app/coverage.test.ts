import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceJson, SummaryJson } from '../../src/api/contract/device.ts';
import { run, start, stopAll, temporaryFolder, type Running } from './program.ts';

interface Output {
  summary: SummaryJson & {
    silent: { address: string; vendor: string | null; allow: string | null }[];
    unknownToPbx: { id: string; address: string; vendor: string | null; model: string | null }[] | null;
    channels: Record<string, { asked?: number; sent: number; heard: number; refused: object }>;
  };
  devices: DeviceJson[];
}

const NETWORK = '127.95.0.0/24';
const SILENT = '127.95.1.9';
const OUTSIDE = '127.95.9.9';

/** A simulated site, and a PBX that knows two of its phones, one that answers nobody else, and one that is not scanned. */
const folder = temporaryFolder();
const config = join(folder.path, 'sipcensus.yaml');
let simulation: Running;
let registered: string[];

beforeAll(async () => {
  const file = join(folder.path, 'truth.json');
  simulation = start(['simulate', '--seed', '7', '--network', NETWORK, '--truth', file]);
  await simulation.waitFor(/are up/);
  const { phones } = JSON.parse(readFileSync(file, 'utf8')) as {
    phones: { address: string; port: number; answers: boolean; kind: string | null }[];
  };
  registered = phones
    .filter(({ answers, kind, port }) => answers && kind === 'desk-phone' && port === 5060)
    .slice(0, 2)
    .map(({ address }) => address);
  writeFileSync(config, `scope:\n  include: [${NETWORK}, ${SILENT}/32, ${OUTSIDE}/32]\n`);
  const rows = [...registered, SILENT, OUTSIDE].map((address) => `${address},Yealink SIP-T46S 66.86.0.15`);
  writeFileSync(join(folder.path, 'pbx.csv'), ['address,userAgent', ...rows].join('\n'));
});
afterAll(async () => {
  simulation.interrupt();
  await simulation.ended;
  stopAll();
  folder.remove();
});

const sipcensus = async (...args: string[]): Promise<Output> => {
  const { stdout, stderr } = await run([...args, '--config', config, '--format', 'json']);
  return JSON.parse(stdout === '' ? stderr : stdout) as Output;
};
const scanned = ['scan', NETWORK, SILENT, '--rate', '1000'];

it('says in a scan how much of what is known answered, and nothing of a PBX that nobody asked', async () => {
  const { summary } = await sipcensus(...scanned);
  expect(summary.coverage).toMatchObject({
    known: summary.phones,
    answered: summary.phones,
    silent: 0,
    bySource: { 'sip-options': summary.phones },
    unknownToPbx: null,
    inScope: 255,
    possiblyBlocked: 0,
  });
  expect(summary.unknownToPbx).toBeNull();
  expect(Object.keys(summary.channels)).toEqual(['sip-options']);
  expect(summary.channels['sip-options']).toMatchObject({ asked: 255, refused: {} });
});

it('counts and names who trusts only the PBX and who is unknown to it, once the PBX has told', async () => {
  const dataDir = ['--data-dir', join(folder.path, 'data')];
  await sipcensus('import', 'csv', join(folder.path, 'pbx.csv'), ...dataDir);
  const { summary, devices } = await sipcensus(...scanned, '--save', ...dataDir);
  const { phones } = summary;
  expect(summary.coverage).toMatchObject({
    known: phones + 1,
    answered: phones,
    silent: 1,
    bySource: { 'sip-options': phones, registrations: 3 },
    unknownToPbx: { unknown: phones - 2, onTheWire: phones },
  });
  expect(summary.silent).toMatchObject([{ address: SILENT, vendor: 'Yealink' }]);
  expect(summary.silent[0]?.allow).toContain('sip.trust_ctrl');
  const unknown = summary.unknownToPbx ?? [];
  expect(unknown).toHaveLength(phones - 2);
  expect(unknown.map(({ address }) => address)).not.toContain(registered[0]);
  const first = devices.find(({ id }) => id === unknown[0]?.id);
  expect(unknown[0]).toMatchObject({ vendor: first?.vendor ?? null, model: first?.model ?? null });

  const listed = await sipcensus('devices', ...dataDir);
  expect(listed.summary.coverage).toMatchObject({ known: phones + 2, answered: phones, inScope: null });
  expect(listed.summary.unknownToPbx).toEqual(unknown);

  const { stdout } = await run([...scanned, '--save', ...dataDir, '--config', config, '--lang', 'nl']);
  expect(stdout).toContain(`${phones} van ${phones + 1} bekende toestellen antwoordden op onze vraag.`);
  expect(stdout).toContain(`Onbekend bij de telefooncentrale: ${phones - 2} van ${phones} toestellen`);
});
