import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceListJson } from '../../src/api/contract/device.ts';
import { answerTo } from '../channels/answers.ts';
import { start, stopAll, temporaryFolder, type Running } from './program.ts';

const CAPTURES = 'test/captures/sip';
const TORTURE = ['test/torture/valid', 'test/torture/invalid'];

/** A small generator, so that every run sends the same bytes. */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Every message there is, each also cut, doubled, and with bytes changed. */
function hostileDatagrams(): Buffer[] {
  const noise = createNoise(7);
  const files = [CAPTURES, ...TORTURE].flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(join(folder, file))),
  );
  const mutated = files.flatMap((bytes) =>
    Array.from({ length: 6 }, () => {
      const copy = Buffer.concat([bytes, noise() < 0.2 ? bytes : Buffer.alloc(0)]).subarray(
        0,
        1 + Math.floor(noise() * bytes.length * 2),
      );
      for (let change = 0; change < 8; change++)
        copy[Math.floor(noise() * copy.length)] = Math.floor(noise() * 256);
      return copy;
    }),
  );
  return [...files, ...mutated, Buffer.alloc(0), Buffer.alloc(60_000, 'A')].filter(
    (bytes) => bytes.length < 65_000,
  );
}

async function open(address: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, address);
  await once(socket, 'listening');
  return socket;
}

describe('datagrams of any bytes, at the running daemon', () => {
  const folder = temporaryFolder();
  const sockets: Socket[] = [];
  const probes: Buffer[] = [];
  let daemon: Running;
  let url: string;

  beforeAll(async () => {
    // One honest phone, and one that answers every probe with everything there is.
    const honest = await open('127.89.0.2', 5060);
    honest.on('message', (probe, from) => {
      probes.push(probe);
      honest.send(
        answerTo(probe, 'SIP/2.0 200 OK', ['User-Agent: snom370/8.7.5.35']),
        from.port,
        from.address,
      );
    });
    const hostile = await open('127.89.0.3', 5060);
    hostile.on('message', (_, from) => {
      for (const bytes of hostileDatagrams()) hostile.send(bytes, from.port, from.address);
    });
    sockets.push(honest, hostile);

    const config = join(folder.path, 'sipcensus.yaml');
    writeFileSync(
      config,
      'scope: { include: [127.89.0.0/29] }\nchannels:\n  sip-options: { rate: 100, waitMs: 1000 }\n  sip-pnp: { interfaces: [lo] }\n',
    );
    daemon = start([
      'serve',
      '--config',
      config,
      '--data-dir',
      join(folder.path, 'data'),
      '--listen',
      '127.0.0.1:0',
    ]);
    url = (await daemon.waitFor(/http:\/\/127\.0\.0\.1:\d+/))[0];
  });

  afterAll(async () => {
    daemon.interrupt();
    await daemon.ended;
    for (const socket of sockets) socket.close();
    stopAll();
    folder.remove();
  });

  it('neither stop it nor put anything into the inventory that is not there', async () => {
    const sender = await open('127.89.0.4', 5059);
    sender.setMulticastInterface('127.0.0.1');
    sockets.push(sender);
    for (const bytes of hostileDatagrams()) {
      sender.send(bytes, 5060, '224.0.1.75');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => daemon.stderr(), { timeout: 30_000 }).toContain('sweep.ended');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    const { devices } = (await (await fetch(`${url}/api/v1/devices`)).json()) as DeviceListJson;
    const at = (address: string) =>
      devices.filter((device) => device.endpoints.some((endpoint) => endpoint.address === address));
    expect(at('127.89.0.2')).toMatchObject([{ vendor: 'Snom', model: '370', level: 'partial' }]);
    expect(at('127.89.0.3')).toEqual([]);
    expect(
      at('127.89.0.4').every((device) => device.endpoints.every((endpoint) => !endpoint.solicited)),
    ).toBe(true);
    expect(
      devices.every((device) =>
        device.endpoints.every((endpoint) => /^127\.89\.0\.[24]$/.test(endpoint.address)),
      ),
    ).toBe(true);
  });

  it('get nothing from it but complete OPTIONS under its own name', () => {
    expect(probes.length).toBeGreaterThan(0);
    for (const probe of probes)
      expect(probe.toString()).toMatch(
        /^OPTIONS sip:127\.89\.0\.2:5060 SIP\/2\.0\r\n[\s\S]*\r\nUser-Agent: sipcensus\/[\s\S]*\r\n\r\n$/,
      );
  });
});
