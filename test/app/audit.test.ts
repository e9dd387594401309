import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceJson } from '../../src/api/contract/device.ts';
import { readPolicy } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { decide } from '../../src/policy/decide.ts';
import { run, start, stopAll, temporaryFolder, type Running } from './program.ts';

interface TruePhone {
  address: string;
  port: number;
  answers: boolean;
  channels: string[];
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  mac: string | null;
  kind: string | null;
}

const NETWORK = '127.84.0.0/24';

const policy = readPolicy(EXAMPLE_POLICY);

/** The level by the policy that is shipped, of what the phone truly is. */
function levelOf({ vendor, model, firmware, kind }: TruePhone): string {
  const known = Object.entries({ vendor, model, firmware, kind }).filter(([, value]) => value !== null);
  return decide(policy, { identity: Object.fromEntries(known), confidence: 1, evidence: [], conflicts: [] })
    .level;
}

describe('an audit of the simulated site, by the built program over real sockets', () => {
  const folder = temporaryFolder();
  let simulation: Running;
  let truth: TruePhone[];

  beforeAll(async () => {
    const file = join(folder.path, 'truth.json');
    simulation = start(['simulate', '--seed', '7', '--network', NETWORK, '--truth', file]);
    await simulation.waitFor(/are up/);
    truth = (JSON.parse(readFileSync(file, 'utf8')) as { phones: TruePhone[] }).phones;
  });

  afterAll(async () => {
    simulation.interrupt();
    await simulation.ended;
    stopAll();
    folder.remove();
  });

  const scan = async (...more: string[]) => {
    const ended = await run(['scan', NETWORK, '--rate', '1000', '--format', 'json', ...more]);
    return {
      ...ended,
      output: JSON.parse(ended.stdout) as { summary: Record<string, unknown>; devices: DeviceJson[] },
    };
  };
  const deviceAt = (devices: readonly DeviceJson[], address: string): DeviceJson | undefined =>
    devices.find((device) => device.endpoints.some((endpoint) => endpoint.address === address));

  it('is a site of sixty devices of a dozen vendors and more, some silent, some on other ports', () => {
    expect(truth).toHaveLength(60);
    expect(new Set(truth.map((phone) => phone.vendor)).size).toBeGreaterThanOrEqual(12);
    expect(truth.some((phone) => !phone.answers)).toBe(true);
    expect(truth.some((phone) => phone.port !== 5060)).toBe(true);
  });

  it('finds every phone that answers and none that is not there, and agrees with the truth phone by phone', async () => {
    const { output, code } = await scan();
    expect(code).toBe(0);
    const answering = truth.filter((phone) => phone.answers);
    expect(output.devices).toHaveLength(answering.length);
    for (const phone of answering) {
      const device = deviceAt(output.devices, phone.address);
      expect(device, phone.address).toBeDefined();
      for (const attribute of ['vendor', 'model', 'firmware', 'kind'] as const)
        if (phone[attribute] !== null)
          expect(device?.[attribute], `${phone.address} ${attribute}`).toBe(phone[attribute]);
      expect(device?.level, `${phone.address} level`).toBe(levelOf(phone));
    }
  });

  it('hears the phones that only announce themselves, and learns the MACs that PnP tells', async () => {
    const { output } = await scan('--channels', 'all', '--seconds', '10');
    for (const phone of truth.filter((one) => one.channels.includes('sip-pnp'))) {
      const device = deviceAt(output.devices, phone.address);
      expect(device, phone.address).toBeDefined();
      if (phone.mac !== null) expect(device?.mac).toBe(phone.mac);
      if (!phone.answers) expect(device?.endpoints.every((endpoint) => !endpoint.solicited)).toBe(true);
    }
  });

  it('gives the same devices in every format, with stdout for them alone', async () => {
    const [table, csv, ndjson] = await Promise.all(
      ['table', 'csv', 'ndjson'].map((format) =>
        run(['scan', '127.84.0.0/27', '--rate', '1000', '--format', format]),
      ),
    );
    const inRange = truth.filter((phone) => phone.answers && Number(phone.address.split('.')[3]) < 32);
    expect(
      ndjson!.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as DeviceJson),
    ).toHaveLength(inRange.length);
    expect(csv!.stdout.trim().split('\n')).toHaveLength(inRange.length + 1);
    for (const phone of inRange) expect(table!.stdout).toContain(phone.address);
    expect(table!.stdout).not.toContain('\u001b');
  });

  it('speaks Dutch when asked', async () => {
    const { stdout } = await run(['scan', '127.84.0.0/28', '--rate', '1000', '--lang', 'nl']);
    expect(stdout).toContain('Stilte is geen afwezigheid');
  });

  it('exits 1 on a level that the caller wants to fail on', async () => {
    const { output } = await scan('--fail-on', 'unsupported');
    expect(output.devices.some((device) => device.level === 'unsupported')).toBe(true);
    expect((await scan('--fail-on', 'unsupported')).code).toBe(1);
  });

  it('leaves exclusions alone', async () => {
    const phone = truth.find((one) => one.answers)!;
    const { output } = await scan('--exclude', phone.address);
    expect(deviceAt(output.devices, phone.address)).toBeUndefined();
  });

  it('keeps what --save found, lists it, and explains a device by address', async () => {
    const dataDir = ['--data-dir', join(folder.path, 'data')];
    const { output } = await scan('--save', ...dataDir);
    const listed = JSON.parse((await run(['devices', '--format', 'json', ...dataDir])).stdout) as {
      devices: DeviceJson[];
    };
    expect(listed.devices.map((device) => device.id).sort()).toEqual(
      output.devices.map((device) => device.id).sort(),
    );
    expect(listed.devices[0]?.findings[0]?.kind).toBeDefined();

    const device = output.devices.find((one) => one.vendor === 'Yealink')!;
    const explained = await run(['explain', device.endpoints[0]!.address, ...dataDir]);
    expect(explained.stdout).toContain('yealink.sip-ua.phone');
    expect(explained.stdout).toContain('Timeline');
    expect((await run(['explain', 'ff:ff:ff:ff:ff:ff', ...dataDir])).code).toBe(2);
  });

  it('prints what was found when it is interrupted, and exits 130', async () => {
    const scanning = start(['scan', '127.84.0.0/16', '--rate', '500', '--format', 'json']);
    await scanning.waitFor(/Asking/);
    scanning.interrupt();
    const { code, stdout } = await scanning.ended;
    expect(code).toBe(130);
    expect((JSON.parse(stdout) as { summary: { interrupted: boolean } }).summary.interrupted).toBe(true);
  });
});
