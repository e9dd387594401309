import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CLIENTS } from '../../../src/api/event-stream.ts';
import { dataOf, parseEvents, type HeardEvent } from '../read-events.ts';
import { openSite, type OpenSite } from '../site.ts';

let site: OpenSite;
let url: string;
beforeEach(async () => {
  site = openSite();
  url = `${await site.server.listen({ host: '127.0.0.1', port: 0 })}/api/v1/events`;
});
afterEach(() => site.close());

/** A client over a real connection. */
async function subscribe(options: { query?: string; headers?: Record<string, string> } = {}) {
  const leaving = new AbortController();
  const response = await fetch(`${url}${options.query ?? ''}`, {
    headers: options.headers ?? {},
    signal: leaving.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    leave: () => leaving.abort(),
    /** Reads until the events so far are enough. */
    async until(isEnough: (events: HeardEvent[]) => boolean): Promise<HeardEvent[]> {
      for (;;) {
        const events = parseEvents(text.slice(0, text.lastIndexOf('\n\n') + 2));
        if (isEnough(events)) return events;
        const piece = await reader?.read();
        if (piece?.value === undefined) throw new Error(`the stream ended after ${JSON.stringify(events)}`);
        text += piece.value;
      }
    },
  };
}

const openConnections = (): Promise<number> =>
  new Promise((resolve, reject) =>
    site.server.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

describe('GET /api/v1/events', () => {
  it('streams what changes in the language asked for', async () => {
    const client = await subscribe({ query: '?lang=en' });
    expect(client.response.status).toBe(200);
    expect(client.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(client.response.headers.get('cache-control')).toBe('no-store');
    const id = site.addDevice();
    const lastSeq = site.addFindings({ device: id, kind: 'appeared' });
    site.feed.publish({ type: 'devices', ids: [id] });
    site.feed.publish({ type: 'journal', lastSeq });
    const events = await client.until(({ length }) => length === 2);
    expect(dataOf(events, 'device')).toMatchObject([{ id, because: 'tested', findings: [{ seq: 1 }] }]);
    expect(dataOf(events, 'finding')).toMatchObject([{ seq: 1, device: id }]);
  });

  it('resumes from Last-Event-ID as browsers send it', async () => {
    const device = site.addDevice();
    for (let n = 0; n < 5; n++) site.addFindings({ device, kind: 'appeared' });
    const client = await subscribe({ headers: { 'last-event-id': '3' } });
    const events = await client.until(({ length }) => length === 2);
    expect(events.map(({ id }) => id)).toEqual(['4', '5']);
  });

  it.each(['-1', '1.5', 'x', '1e9999'])('refuses the number %s', async (id) => {
    const response = await fetch(url, { headers: { 'last-event-id': id } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('has a limited number of places, and frees those of clients that left', async () => {
    const clients = await Promise.all(Array.from({ length: MAX_CLIENTS }, () => subscribe()));
    const refused = await fetch(url);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_CLIENTS' });
    clients[0]?.leave();
    await expect.poll(async () => (await subscribe()).response.status).toBe(200);
  });

  it('cuts a client that takes nothing', async () => {
    const device = site.addDevice();
    const long = 'x'.repeat(1000);
    site.db.transaction(() => {
      for (let n = 0; n < 10_000; n++)
        site.addFindings({ device, kind: 'firmware-changed', before: long, after: long });
    });
    site.server.server.timeout = 200;
    const { port } = new URL(url);
    const stuck = connect(Number(port), '127.0.0.1');
    stuck.pause();
    stuck.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n`);
    await expect.poll(openConnections).toBe(1);
    await expect.poll(openConnections, { timeout: 10_000 }).toBe(0);
    stuck.destroy();
  });

  it('does not hold up the end of the server', async () => {
    const client = await subscribe();
    const ended = client.until(() => false).catch(() => 'ended');
    await site.server.close();
    expect(await ended).toBe('ended');
  });
});
