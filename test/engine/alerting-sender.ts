import type { ConfiguredSink } from '../../src/alerts/route.ts';
import { createAlerting } from '../../src/engine/alerting.ts';
import { FINDING_KINDS } from '../../src/model/finding.ts';
import { failure, success } from '../../src/model/outcome.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openDatabase } from '../../src/store/open.ts';
import { MIGRATIONS } from '../store/samples.ts';

// Run by alerting-crash.test.ts: tells the alerts of the database file named first to the web server named second, until it is killed.
const [file = '', url = ''] = process.argv.slice(2);
const sink: ConfiguredSink = {
  name: 'hook',
  kind: 'webhook',
  language: 'en',
  tells: FINDING_KINDS,
  digest: false,
  async deliver(message, signal) {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(message), signal }).catch(
      () => null,
    );
    return answer?.ok === true
      ? success(undefined)
      : failure({ reason: 'network', retry: true, detail: 'no answer' });
  },
};
createAlerting({
  db: openDatabase({ file, migrations: MIGRATIONS }),
  clock: systemClock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  site: { id: 'office', name: 'Office', language: 'en', timezone: 'UTC' },
  settings: {
    groups: { waitMs: 0, intervalMs: 1000, repeatMs: 0 },
    digest: { every: 'off', minute: 0, weekday: 0 },
    maintenance: [],
  },
  sinks: [sink],
  link: null,
  inventory: { subjectOf: () => null, fleet: () => ({ phones: 0, byLevel: {} }) },
}).start();
