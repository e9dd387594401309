import { describe, expect, it } from 'vitest';
import { createBatches } from '../../src/engine/batches.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createSimulatedClock } from '../sim/clock.ts';

function batching() {
  const clock = createSimulatedClock();
  const taken: number[] = [];
  const intake = {
    accept: (some: readonly Sighting[]) => void taken.push(some.length),
    reassess: () => undefined,
  };
  const batches = createBatches(intake, clock);
  const add = (count: number): void => {
    for (let n = 0; n < count; n++) batches.add({} as Sighting);
  };
  return { clock, taken, batches, add };
}

describe('batches of sightings', () => {
  it('are taken in soon, 500 in one transaction, what came meanwhile included', async () => {
    const { clock, taken, add } = batching();
    add(1200);
    expect(taken).toEqual([]);
    await clock.advance(50);
    for (let turns = 0; turns < 5; turns++) await clock.turn();
    expect(taken).toEqual([500, 500, 200]);
    add(3);
    await clock.advance(50);
    expect(taken).toEqual([500, 500, 200, 3]);
  });

  it('are taken in at once when they are flushed', () => {
    const { taken, batches, add } = batching();
    add(700);
    batches.flush();
    expect(taken).toEqual([500, 200]);
  });

  it('hold up whoever asks for more before any is lost', () => {
    const { batches, add } = batching();
    add(3999);
    expect(batches.isBusy).toBe(false);
    add(1);
    expect(batches.isBusy).toBe(true);
    add(20_000);
    expect(batches.dropped).toBe(4000);
    batches.flush();
    expect(batches.isBusy).toBe(false);
  });
});
