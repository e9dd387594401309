import { writeSync } from 'node:fs';
import { createPipeline } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { createBatches } from '../../src/engine/batches.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openDatabase } from '../../src/store/open.ts';
import { MIGRATIONS } from '../store/samples.ts';
import { sightingNumber } from './sightings.ts';

/** Sightings a second, in beats of so many milliseconds. */
const [PER_SECOND, BEAT_MS] = [500, 20];

// Run by kills.test.ts: takes in the sightings that follow number `from`, 500 a second, and acknowledges on standard output the number of
// the last one committed, until it is killed. The first line says that it has started.
const [file = '', from = '0'] = process.argv.slice(2);
const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
const db = openDatabase({ file, migrations: MIGRATIONS });
const { intake } = createPipeline(
  db,
  () => knowledge,
  () => null,
);
let committed = Number(from);
const acknowledging = {
  accept(sightings: Parameters<typeof intake.accept>[0]) {
    intake.accept(sightings);
    committed += sightings.length;
    writeSync(1, `${committed}\n`);
  },
};
const batches = createBatches(acknowledging, systemClock);
writeSync(1, 'started\n');
for (let next = Number(from) + 1; ;) {
  for (let count = 0; count < (PER_SECOND * BEAT_MS) / 1000; count++) batches.add(sightingNumber(next++));
  await systemClock.sleep(BEAT_MS);
}
