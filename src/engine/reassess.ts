import type { FindingCause } from '../model/finding.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { deviceIds } from '../store/devices.ts';
import { saveSetting, settingOf } from '../store/settings.ts';
import type { Intake } from './intake.ts';
import type { Knowledge } from './knowledge.ts';
import { STORAGE_PAUSE_MS, type Storage } from './storage.ts';

/** Where it is noted by which policy and which rules all devices were judged last. */
const [POLICY, RULES] = ['judged.policy', 'judged.rules'] as const;

/** Devices that are judged in one transaction: between two the program answers. */
const PORTION = 100;

interface Parts {
  db: Database;
  intake: Pick<Intake, 'reassess'>;
  knowledge: () => Knowledge;
  storage: Storage;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/** Judges all devices anew where rules or policy are others than when they were judged last; resolves when it is done. */
export async function reassessAll({
  db,
  intake,
  knowledge,
  storage,
  clock,
  log,
  signal,
}: Parts): Promise<void> {
  const { policy, rulesHash } = knowledge();
  const judgedBy = whoChanged(db, policy.hash, rulesHash);
  if (judgedBy === null) return;
  const ids = deviceIds(db);
  const now = clock.now();
  const isEnding = (): boolean => signal.aborted;
  for (let from = 0; from < ids.length && !isEnding(); from += PORTION) {
    const judge = (): void => intake.reassess(now, judgedBy, ids.slice(from, from + PORTION));
    while (!storage.attempt(judge) && !isEnding()) await clock.sleep(STORAGE_PAUSE_MS, signal);
    await clock.turn();
  }
  // Changed once more meanwhile: whoever changed it judges anew.
  if (isEnding() || knowledge().rulesHash !== rulesHash || knowledge().policy.hash !== policy.hash) return;
  storage.insist(() => {
    saveSetting(db, POLICY, policy.hash);
    saveSetting(db, RULES, rulesHash);
  });
  log.info('devices.reassessed', { because: judgedBy, devices: ids.length });
}

const whoChanged = (db: Database, policyHash: string, rulesHash: string): FindingCause | null => {
  if (settingOf(db, POLICY) !== policyHash) return 'policy';
  return settingOf(db, RULES) === rulesHash ? null : 'rules';
};
