import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { DeliveryJson } from '../../src/api/contract/delivery.ts';
import { folderOfTest, phonesOn, startDaemon, sweeping, until, type Finally } from './daemon.ts';

type Behaviour = 'takes' | 'refuses' | 'says nothing';

/** A real web server that behaves as it is told to. */
async function receiver(behaviour: Behaviour, port: number, atEnd: Finally) {
  const taken: string[] = [];
  let does = behaviour;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (does === 'says nothing') return;
      if (does === 'takes') taken.push(body);
      response.writeHead(does === 'takes' ? 204 : 503).end();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  atEnd(close);
  return {
    taken,
    port: (server.address() as AddressInfo).port,
    close,
    become: (what: Behaviour) => (does = what),
  };
}

it(
  'sinks that are down, slow or refusing hold up no sweep, and are told everything when they are back',
  { timeout: 120_000 },
  async ({ onTestFinished: atEnd }) => {
    const network = '127.93.7.0/27';
    await phonesOn(network, 20, atEnd);
    const slow = await receiver('says nothing', 0, atEnd);
    const refusing = await receiver('refuses', 0, atEnd);
    const well = await receiver('takes', 0, atEnd);
    // Nobody listens at its port until it is back.
    const down = await receiver('takes', 0, atEnd);
    down.close();
    const sinks = Object.entries({ slow, refusing, well, down }).map(
      ([name, { port }]) =>
        `{ name: ${name}, url: 'http://127.0.0.1:${port}/', allow: [127.0.0.1], tells: [appeared], digest: false }`,
    );
    const daemon = await startDaemon({
      folder: folderOfTest(atEnd),
      config: sweeping(
        network,
        { schedule: '*/5 * * * * *' },
        `alerts: { groupWaitSeconds: 0, groupIntervalSeconds: 1, digest: { every: 'off' }, sinks: { webhook: [${sinks.join(', ')}] } }`,
      ),
      atEnd,
    });
    const deliveries = async () =>
      (await daemon.get<{ deliveries: DeliveryJson[] }>('/api/v1/deliveries')).body.deliveries;
    const tries = async (sink: string) =>
      (await deliveries())
        .filter((one) => one.sink === sink)
        .reduce((sum, { attempts }) => sum + attempts, 0);

    await until('the one that is well is told', () => well.taken.length > 0, 30_000);
    await until(
      'each of the others has failed',
      async () => (await Promise.all(['slow', 'refusing', 'down'].map(tries))).every((count) => count >= 1),
      40_000,
    );
    const done = async () => (await daemon.sweeps()).filter(({ state }) => state === 'done');
    await until('sweeps go on', async () => (await done()).length >= 2, 30_000);
    const sweeps = await done();
    const [answered] = sweeps.map((sweep) => sweep.answered);
    expect(answered).toBeGreaterThan(10);
    // A site that stands still answers alike, whatever becomes of the messages.
    expect(sweeps.map((sweep) => sweep.answered)).toEqual(sweeps.map(() => answered));
    expect(
      daemon
        .log()
        .filter(({ msg }) => msg === 'sink-failing')
        .map(({ sink }) => sink)
        .sort(),
    ).toEqual(['down', 'refusing', 'slow']);

    slow.become('takes');
    refusing.become('takes');
    const back = await receiver('takes', down.port, atEnd);
    await until(
      'all is delivered',
      async () => (await deliveries()).every(({ state }) => state === 'delivered'),
      70_000,
    );
    for (const { taken } of [slow, refusing, back]) {
      expect(taken.length).toBeGreaterThan(0);
      expect(new Set(taken).size).toBe(taken.length);
    }
    expect(daemon.isAlive()).toBe(true);
  },
);
