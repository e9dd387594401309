import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createEventStreams,
  GATHER_MS,
  HEARTBEAT_MS,
  MAX_CLIENTS,
  type EventStreams,
} from '../../src/api/event-stream.ts';
import { AppError } from '../../src/model/app-error.ts';
import type { Sweep } from '../../src/model/sweep.ts';
import { updateDevice } from '../../src/store/devices.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';
import { dataOf, parseEvents, type HeardEvent } from './read-events.ts';
import { openSite, PHONE, SWEEP, type OpenSite } from './site.ts';

const running: Sweep[] = [];
let site: OpenSite;
let clock: SimulatedClock;
let streams: EventStreams;
beforeEach(() => {
  running.length = 0;
  site = openSite({ running });
  clock = createSimulatedClock();
  streams = createEventStreams({ ...site, clock });
});
afterEach(() => {
  streams.close();
  return site.close();
});

/** A client that takes a piece of the stream when it is told to. */
function listen(options: Partial<Parameters<EventStreams['open']>[0]> = {}) {
  const stream = streams.open({ language: 'en', after: undefined, ...options });
  if (stream === null) throw new Error('no place left');
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  return {
    /** The next piece; `null` at the end. */
    async piece(waitMs = GATHER_MS): Promise<string | null> {
      const [{ value }] = await Promise.all([reader.read(), clock.advance(waitMs)]);
      return value === undefined ? null : decoder.decode(value);
    },
    async events(waitMs?: number): Promise<HeardEvent[]> {
      return parseEvents((await this.piece(waitMs)) ?? '');
    },
    leave: () => reader.cancel(),
  };
}

/** A client that has had its greeting. */
async function listening(options?: Parameters<typeof listen>[0]) {
  const client = listen(options);
  await client.piece();
  await client.piece();
  return client;
}

describe('a stream', () => {
  it('begins at once, with how soon to come back', async () => {
    expect(await listen().piece(0)).toBe('retry: 2000\n\n');
  });

  it('tells the sweeps under way, and each change of one', async () => {
    running.push(SWEEP);
    const client = listen();
    await client.piece();
    expect(dataOf(await client.events(), 'sweep')).toMatchObject([{ id: 1, sent: 100 }]);
    site.feed.publish({ type: 'sweep', sweep: { ...SWEEP, sent: 200 } });
    site.feed.publish({ type: 'sweep', sweep: { ...SWEEP, sent: 300 } });
    expect(dataOf(await client.events(), 'sweep')).toMatchObject([{ id: 1, sent: 300 }]);
  });

  it('tells a device once however often it changed meanwhile, in the language of each client', async () => {
    const [english, dutch] = [await listening(), await listening({ language: 'nl' })];
    const id = site.addDevice();
    for (const firmware of ['1.11', '1.12', '1.13']) {
      updateDevice(
        site.db,
        id,
        { ...PHONE, identity: { ...PHONE.identity, firmware } },
        { evidence: [], conflicts: [] },
      );
      site.feed.publish({ type: 'devices', ids: [id] });
    }
    expect(dataOf(await english.events(), 'device')).toMatchObject([
      { id, firmware: '1.13', because: 'tested' },
    ]);
    expect(dataOf(await dutch.events(), 'device')).toMatchObject([
      { id, firmware: '1.13', because: 'getest' },
    ]);
  });

  it('tells findings from now on, each with its number', async () => {
    const device = site.addDevice();
    site.addFindings({ device, kind: 'appeared' });
    const client = await listening();
    const lastSeq = site.addFindings({ device, kind: 'conflict' }, { device, kind: 'unsupported' });
    site.feed.publish({ type: 'journal', lastSeq });
    expect(await client.events()).toMatchObject([
      { id: '2', name: 'finding', data: { seq: 2, kind: 'conflict' } },
      { id: '3', name: 'finding', data: { seq: 3, kind: 'unsupported' } },
    ]);
  });

  it('goes on after the last finding received, without a gap or a repeat', async () => {
    const device = site.addDevice();
    for (let n = 0; n < 450; n++) site.addFindings({ device, kind: 'appeared' });
    const client = listen({ after: 17 });
    await client.piece();
    const seqs = dataOf(await client.events(), 'finding').map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 433 }, (_, n) => n + 18));
  });

  it('starts from now when the number comes from another journal', async () => {
    const device = site.addDevice();
    site.addFindings({ device, kind: 'appeared' });
    const client = await listening({ after: 5000 });
    site.feed.publish({ type: 'journal', lastSeq: site.addFindings({ device, kind: 'conflict' }) });
    expect(dataOf(await client.events(), 'finding')).toMatchObject([{ seq: 2 }]);
  });

  it('cuts a flood into pieces, and tells every device once', async () => {
    const client = await listening();
    const ids = Array.from({ length: 1500 }, (_, n) =>
      site.addDevice({}, { address: `10.0.${n >> 8}.${n & 255}` }),
    );
    site.feed.publish({ type: 'devices', ids });
    const told: string[] = [];
    while (told.length < ids.length) {
      const piece = (await client.piece()) ?? '';
      expect(piece.length).toBeLessThan(260 * 1024);
      const devices = dataOf(parseEvents(piece), 'device');
      expect(devices).not.toEqual([]);
      told.push(...devices.map(({ id }) => id));
    }
    expect(told).toEqual(ids);
  });

  it('holds nothing for a client that does not read but what it has not been told', async () => {
    const client = await listening();
    const device = site.addDevice();
    for (let n = 0; n < 1000; n++) {
      site.feed.publish({ type: 'devices', ids: [device] });
      site.feed.publish({ type: 'journal', lastSeq: site.addFindings({ device, kind: 'conflict' }) });
      if (n % 100 === 0) await clock.advance(GATHER_MS);
    }
    // A thousand findings fill more than one piece of the stream.
    const events = [...(await client.events()), ...(await client.events())];
    expect(dataOf(events, 'device')).toHaveLength(1);
    expect(dataOf(events, 'finding').map(({ seq }) => seq)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n + 1),
    );
  });

  it('says that it lives when there is no news', async () => {
    const client = await listening();
    expect(await client.piece(HEARTBEAT_MS)).toBe(':\n\n');
    expect(await client.piece(HEARTBEAT_MS)).toBe(':\n\n');
  });

  it('leaves out a device that is not there', async () => {
    const client = await listening();
    site.feed.publish({ type: 'devices', ids: ['d99'] });
    expect(await client.piece()).toBe(':\n\n');
  });
});

describe('the streams', () => {
  it('are so many and no more; who leaves makes place', async () => {
    const clients = Array.from({ length: MAX_CLIENTS }, () => listen());
    expect(streams.open({ language: 'en', after: undefined })).toBeNull();
    await clients[0]?.leave();
    expect(streams.open({ language: 'en', after: undefined })).not.toBeNull();
  });

  it('break where the inventory cannot be read, and leave no place taken', async () => {
    let isBroken = false;
    const db: typeof site.db = {
      ...site.db,
      all(query) {
        if (isBroken) throw new AppError('DATABASE', 'The database is locked by another program.');
        return site.db.all(query);
      },
    };
    streams = createEventStreams({ ...site, db, clock });
    const clients = await Promise.all(Array.from({ length: MAX_CLIENTS }, () => listening()));
    isBroken = true;
    site.feed.publish({ type: 'journal', lastSeq: 1 });
    const outcomes = await Promise.allSettled(clients.map((client) => client.piece()));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    isBroken = false;
    expect(streams.open({ language: 'en', after: undefined })).not.toBeNull();
  });

  it('end all together, and hear no more of the feed', async () => {
    const [one, two] = [await listening(), await listening()];
    const waiting = one.piece();
    streams.close();
    expect(await waiting).toBeNull();
    expect(await two.piece()).toBeNull();
    site.feed.publish({ type: 'devices', ids: ['d1'] });
  });
});
