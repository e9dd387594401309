import { describe, expect, it } from 'vitest';
import type { DeviceEndpoint } from '../../src/model/device.ts';
import { deviceById, insertDevice } from '../../src/store/devices.ts';
import { saveEndpoint, type HeardEndpoint } from '../../src/store/endpoints.ts';
import { AT, device, heardAt, NO_REASONS } from './samples.ts';
import { openStore } from './support.ts';

/** The endpoints of a device that was heard like this. */
function after(...heard: HeardEndpoint[]): readonly DeviceEndpoint[] {
  const db = openStore();
  const id = insertDevice(db, device(), NO_REASONS);
  for (const each of heard) saveEndpoint(db, id, 'office', each);
  return deviceById(db, id)?.endpoints ?? [];
}

const overheard = (change: Partial<HeardEndpoint> = {}): HeardEndpoint =>
  heardAt('192.0.2.7', {
    userAgent: null,
    server: null,
    sipStatus: null,
    solicited: false,
    channel: 'sip-pnp',
    ...change,
  });

describe('an endpoint', () => {
  it('is made by the first sighting there', () => {
    const { at, channel, ...said } = heardAt('192.0.2.7', { server: 'Asterisk' });
    expect(after(heardAt('192.0.2.7', { server: 'Asterisk' }))).toEqual([
      { ...said, channels: [channel], firstSeen: at, lastSeen: at },
    ]);
  });

  it('is renewed by the next: same row, first time kept, the latest answer shown', () => {
    const db = openStore();
    const id = insertDevice(db, device(), NO_REASONS);
    const row = saveEndpoint(db, id, 'office', heardAt('192.0.2.7'));
    const later = heardAt('192.0.2.7', {
      at: AT + 9,
      sipStatus: 486,
      userAgent: 'Yealink SIP-T46S 66.85.0.5',
    });
    expect(saveEndpoint(db, id, 'office', later)).toEqual(row);
    expect(deviceById(db, id)?.endpoints).toEqual([
      expect.objectContaining({
        firstSeen: AT,
        lastSeen: AT + 9,
        sipStatus: 486,
        userAgent: 'Yealink SIP-T46S 66.85.0.5',
      }),
    ]);
  });

  it('never moves its last time back', () => {
    const [endpoint] = after(heardAt('192.0.2.7'), heardAt('192.0.2.7', { at: AT - 9 }));
    expect(endpoint).toMatchObject({ firstSeen: AT - 9, lastSeen: AT });
  });

  it('collects the channels it is heard on, each once', () => {
    const [endpoint] = after(heardAt('192.0.2.7'), overheard(), overheard(), heardAt('192.0.2.7'));
    expect(endpoint?.channels).toEqual(['sip-options', 'sip-pnp']);
  });

  it('keeps what an answer told when a passive channel does not say it', () => {
    const [endpoint] = after(heardAt('192.0.2.7', { server: 'Asterisk' }), overheard());
    expect(endpoint).toMatchObject({
      userAgent: 'Yealink SIP-T46S 66.84.0.15',
      server: 'Asterisk',
      sipStatus: 200,
      solicited: true,
    });
  });

  it('keeps what an answer told when overheard news, which may be forged, says something else', () => {
    const [endpoint] = after(
      heardAt('192.0.2.7'),
      overheard({ userAgent: 'forged', server: 'not said before' }),
    );
    expect(endpoint).toMatchObject({ userAgent: 'Yealink SIP-T46S 66.84.0.15', server: 'not said before' });
  });

  it('believes an answer over what was overheard before', () => {
    const [endpoint] = after(
      overheard({ userAgent: 'overheard' }),
      heardAt('192.0.2.7', { userAgent: 'answered' }),
    );
    expect(endpoint).toMatchObject({ userAgent: 'answered', solicited: true });
  });

  it('shows the latest of what was only overheard', () => {
    const [endpoint] = after(overheard({ userAgent: 'first' }), overheard({ userAgent: 'second' }));
    expect(endpoint).toMatchObject({ userAgent: 'second', solicited: false });
  });

  it('is another one on another port or transport, and for another device at the same address', () => {
    expect(
      after(
        heardAt('192.0.2.7'),
        heardAt('192.0.2.7', { port: 5062 }),
        heardAt('192.0.2.7', { transport: 'tcp' }),
      ),
    ).toHaveLength(3);
    const db = openStore();
    for (const id of ['d1', 'd2']) {
      insertDevice(db, device(), NO_REASONS);
      saveEndpoint(db, id, 'office', heardAt('192.0.2.7'));
    }
    expect(['d1', 'd2'].map((id) => deviceById(db, id)?.endpoints.length)).toEqual([1, 1]);
  });

  it('needs a device', () => {
    expect(() => saveEndpoint(openStore(), 'd1', 'office', heardAt('192.0.2.7'))).toThrow('FOREIGN KEY');
  });
});
