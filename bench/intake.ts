import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPipeline, openInventory } from '../src/app/compose.ts';
import { loadKnowledge } from '../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../src/app/paths.ts';
import type { Sighting } from '../src/model/sighting.ts';
import { measure, type Figure } from './measure.ts';

const DEVICES = 2000;
const BATCH = 500;

function sightings(at: number, firmware: string): Sighting[] {
  return Array.from({ length: DEVICES }, (_, index) => ({
    channel: 'sip-options',
    at,
    from: { site: 'bench', transport: 'udp', address: `10.1.${index >> 8}.${index & 255}`, port: 5060 },
    solicited: true,
    facts: [
      { field: 'sip.status', value: '200' },
      { field: 'sip.user_agent', value: `Yealink SIP-T46S ${firmware}` },
      {
        field: 'sip.allow',
        value: 'INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, INFO, UPDATE, MESSAGE',
      },
    ],
    raw: new Uint8Array(600),
  }));
}

/** From sightings to a committed inventory on disk, in batches of 500: a fleet that answers as before, and one that changes each time. */
export function benchIntake(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-bench-'));
  const db = openInventory(folder);
  const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
  const { intake } = createPipeline(db, () => knowledge);
  const take = (all: readonly Sighting[]): void => {
    for (let start = 0; start < all.length; start += BATCH) intake.accept(all.slice(start, start + BATCH));
  };
  let at = 0;
  try {
    return [
      measure('intake into SQLite, unchanged answers', DEVICES, () =>
        take(sightings((at += 1000), '66.86.0.15')),
      ),
      measure('intake into SQLite, changed answers', DEVICES, () =>
        take(sightings((at += 1000), `66.86.0.${at}`)),
      ),
    ];
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
