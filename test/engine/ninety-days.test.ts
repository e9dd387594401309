import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { replay } from '../../src/engine/replay.ts';
import { FINDINGS, type Finding } from '../../src/model/finding.ts';
import { reasonOf } from '../../src/model/finding-reason.ts';
import { devicesAsOf } from '../../src/store/as-of.ts';
import type { Database } from '../../src/store/database.ts';
import { deviceById, deviceIds } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { latestActs } from '../../src/store/identity-acts.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { createSimulatedSite, type SimulatedPhone } from '../sim/site.ts';

const GOLDEN = 'test/golden/ninety-days.txt';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MODELS = [
  { userAgent: 'Yealink SIP-T46S 66.86.0.15', prefix: '001565' },
  { userAgent: 'snom370/8.7.5.35', prefix: '000413' },
  { userAgent: 'Grandstream GXP2170 1.0.8.50', prefix: '000b82' },
  { userAgent: 'Yealink SIP-T46S 66.86.0.15', prefix: '001565' },
] as const;

function phone(host: number): SimulatedPhone {
  const { userAgent, prefix } = MODELS[host % MODELS.length]!;
  return {
    address: `10.0.0.${host}`,
    userAgent,
    mac: `${prefix}0000${host.toString(16).padStart(2, '0')}`,
  };
}

/** What a person reads: when, who, what. Devices are called by their MAC address, for their order of discovery is chance. */
function storyOf(db: Database, findings: readonly Finding[]): string {
  const nameOf = (id: string | null): string => {
    if (id === null) return 'site';
    const device = deviceById(db, id);
    if (device?.id !== id) return 'another record';
    return device.identity.mac?.slice(-4) ?? 'someone';
  };
  const withNames = (text: string): string => text.replace(/\bd\d+\b/g, (id) => nameOf(id));
  // Within one sweep the order of the hosts is chance.
  const sweepOf = ({ at }: Finding): number => Math.floor(at / (10 * MINUTE));
  return [...findings]
    .sort(
      (a, b) =>
        sweepOf(a) - sweepOf(b) || nameOf(a.device).localeCompare(nameOf(b.device), 'en') || a.seq - b.seq,
    )
    .map((finding) => {
      const day = Math.floor((finding.at - Date.UTC(2026, 0, 5)) / DAY) + 1;
      const because = withNames(reasonOf(finding).en).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a moment');
      return `day ${String(day).padStart(2)}  ${nameOf(finding.device).padEnd(7)}  ${FINDINGS[finding.kind].title.en}: ${because}`;
    })
    .join('\n');
}

/** All that is derived: devices, versions and findings, the journal's numbers and the rows of evidence included. */
const derivedOf = (db: Database) => ({
  devices: deviceIds(db).map((id) => deviceById(db, id)),
  versions: deviceIds(db).map((id) => versionsOf(db, id)),
  acts: latestActs(db, 1000),
  findings: latestFindings(db, 100_000).reverse(),
});

it('lives through ninety days of a site, tells its story, and derives all of it again from what was heard', async () => {
  const site = await createSimulatedSite({ sweeps: '30 */2 * * *' });
  const { clock, connect, disconnect, change, announce, network, intake, db } = site;
  const mac = (host: number): string => phone(host).mac;
  const by = (because: string) => ({ at: clock.now(), because, author: 'Ada' });
  for (let host = 1; host < 12; host++) connect(phone(host));
  await clock.advance(DAY);
  // The last one is unpacked a day later.
  connect(phone(12));
  await clock.advance(2 * DAY);

  // A phone moves to another desk, and its address changes with it.
  change(mac(3), { address: '10.0.0.23' });
  await clock.advance(5 * DAY);
  // Firmware: two are updated, and one comes below what the policy asks for.
  change(mac(4), { userAgent: 'Yealink SIP-T46S 66.86.0.160' });
  change(mac(8), { userAgent: 'Yealink SIP-T46S 66.86.0.160' });
  await clock.advance(DAY);
  change(mac(1), { userAgent: 'snom370/8.7.5.13' });
  await clock.advance(4 * DAY);
  // A swap: a broken phone is replaced by another one at the same address.
  disconnect(mac(5));
  connect({ address: phone(5).address, userAgent: 'Grandstream GXP2000 1.2.5.3', mac: '000b82000105' });
  await clock.advance(10 * DAY);
  // The auditor's own network is down for a weekend.
  network('down');
  await clock.advance(2 * DAY + 3 * HOUR);
  network('up');
  await clock.advance(3 * DAY);
  // A restart, a clock that is set, a machine that sleeps.
  await site.restart();
  clock.jump(5 * MINUTE);
  await clock.advance(DAY);
  clock.freeze(8 * HOUR);
  await clock.advance(2 * DAY);
  // Somebody floods the network with announcements.
  for (let n = 0; n < 400; n++)
    announce({
      address: '10.0.0.30',
      mac: `001565ff${n.toString(16).padStart(4, '0')}`,
      vendor: 'yealink',
      model: 'T46S',
    });
  await clock.advance(9 * DAY);
  // A power cut in one half of the building, for half a day.
  for (const host of [6, 7, 8, 9, 10, 11, 12]) disconnect(mac(host));
  await clock.advance(12 * HOUR);
  for (const host of [6, 7, 8, 9, 10, 11, 12])
    connect({ ...phone(host), ...(host === 8 ? { userAgent: 'Yealink SIP-T46S 66.86.0.160' } : {}) });
  await clock.advance(5 * DAY);
  // A person tidies up, and changes their mind.
  const [one, other] = [deviceOf(db, mac(12)), deviceOf(db, mac(11))];
  intake.merge(one, other, by('I thought they were one'));
  await clock.advance(DAY);
  intake.undo(latestActs(db, 1)[0]!.id, by('they are two'));
  await clock.advance(DAY);
  // One phone is taken away for three weeks and comes back; one for good.
  disconnect(mac(6));
  disconnect(mac(7));
  await clock.advance(21 * DAY);
  connect(phone(6));
  // A visitor scans the network.
  connect({ address: '10.0.0.29', userAgent: 'friendly-scanner', mac: '02aabbccdd01' });
  await clock.advance(2 * DAY);
  disconnect('02aabbccdd01');
  await clock.advance(Date.UTC(2026, 0, 5) + 90 * DAY - clock.now());
  await site.stop();

  const story = `${storyOf(db, site.journal())}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, story);
  expect(story).toBe(readFileSync(GOLDEN, 'utf8'));

  const again = openTransientInventory();
  const pipeline = createPipeline(
    again,
    () => site.knowledge,
    () => null,
  );
  replay(db, {
    db: again,
    intake: pipeline.intake,
    site: 's',
    patiences: site.patiences,
    isSwept: site.isSwept,
  });
  expect(derivedOf(again)).toEqual(derivedOf(db));
  expect(JSON.stringify(derivedOf(again))).toBe(JSON.stringify(derivedOf(db)));

  // The fleet of day 10 is asked for, as it was known then.
  const tenth = Date.UTC(2026, 0, 5) + 10 * DAY;
  const then = devicesAsOf(db, { at: tenth, knownAt: tenth }, {});
  expect(then).toHaveLength(12);
  expect(then.find(({ identity }) => identity.mac === mac(8))?.identity.firmware).toBe('66.86.0.160');
  expect(then.find(({ identity }) => identity.mac === mac(3))?.endpoints[0]?.address).toBe('10.0.0.23');
}, 240_000);

function deviceOf(db: Database, mac: string): string {
  const known = deviceIds(db).find((id) => deviceById(db, id)?.identity.mac === mac);
  if (known === undefined) throw new Error(`no device ${mac}`);
  return known;
}
