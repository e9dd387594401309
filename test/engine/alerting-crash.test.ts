import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../src/model/alert.ts';
import { listDeliveries } from '../../src/store/deliveries.ts';
import { recordFindings } from '../../src/store/findings.ts';
import { openDatabase } from '../../src/store/open.ts';
import { news } from '../alerts/samples.ts';
import { MIGRATIONS } from '../store/samples.ts';
import { rows, tempFolder } from '../store/support.ts';

const SENDER = fileURLToPath(new URL('alerting-sender.ts', import.meta.url));

/** About the site, so that the database needs no devices. */
const NEWS = (
  ['discovery-impaired', 'spoof-suspected', 'scanner', 'duplicate-mac', 'duplicate-address'] as const
).map((kind) => news({ kind, device: null, about: `${kind} here` }));

/** A real web server that takes messages, and may kill whoever sends before it answers. */
async function receiver(
  onMessage: (message: Message, count: number) => boolean,
): Promise<{ url: string; got: string[] }> {
  const got: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      got.push(body);
      if (onMessage(JSON.parse(body) as Message, got.length)) response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got };
}

it('a program killed between delivery and its note sends that message again with the same id, and loses none', async () => {
  const file = join(tempFolder(), 'inventory.db');
  const db = openDatabase({ file, migrations: MIGRATIONS });
  onTestFinished(() => db.close());
  recordFindings(db, NEWS);

  let sender: ChildProcess | null = null;
  onTestFinished(() => void sender?.kill('SIGKILL'));
  const killed: string[] = [];
  const { url, got } = await receiver(({ id }, count) => {
    // The first, then every other one: each is killed once at most.
    const isToDie = count % 2 === 1 && !killed.includes(id);
    if (isToDie) {
      killed.push(id);
      sender?.kill('SIGKILL');
    }
    return !isToDie;
  });
  const isDone = (): boolean => {
    const deliveries = listDeliveries(db, 99);
    return deliveries.length === NEWS.length && deliveries.every(({ state }) => state === 'delivered');
  };
  const giveUpAt = Date.now() + 90_000;
  while (!isDone()) {
    expect(Date.now()).toBeLessThan(giveUpAt);
    if (sender === null || sender.signalCode !== null)
      sender = spawn(process.execPath, [SENDER, file, url], { stdio: ['ignore', 'ignore', 'inherit'] });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const messages = got.map((body) => JSON.parse(body) as Message);
  const times = Map.groupBy(messages, ({ id }) => id);
  expect(killed.length).toBeGreaterThanOrEqual(2);
  // Every matter is told, by one message of its own, and again only where the note of it was prevented.
  expect(new Set(messages.flatMap(({ alerts }) => alerts.map(({ kind }) => kind)))).toEqual(
    new Set(NEWS.map(({ kind }) => kind)),
  );
  for (const [id, sent] of times) {
    expect(sent).toHaveLength(killed.includes(id) ? 2 : 1);
    expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1);
  }
  expect(times.size).toBe(NEWS.length);
  expect(rows(db, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});
