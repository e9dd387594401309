import { writeSync } from 'node:fs';
import { insertDevice } from '../../src/store/devices.ts';
import { saveEndpoint } from '../../src/store/endpoints.ts';
import { appendFindings } from '../../src/store/findings.ts';
import { openDatabase } from '../../src/store/open.ts';
import { saveSighting } from '../../src/store/sightings.ts';
import { device, finding, heardAt, MIGRATIONS, NO_REASONS, sighting } from './samples.ts';

// Run by crash.test.ts: writes one device after the other into the file named on the command line, and acknowledges each by the
// number of its finding as soon as it is committed, until it is killed.
const db = openDatabase({ file: process.argv[2] ?? '', migrations: MIGRATIONS });
for (;;) {
  const seq = db.transaction(() => {
    const id = insertDevice(db, device(), NO_REASONS);
    const heard = saveEndpoint(db, id, 'office', heardAt('192.0.2.7'));
    saveSighting(db, heard, sighting());
    return appendFindings(db, [finding({ device: id })]);
  });
  writeSync(1, `${seq}\n`);
}
