import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseLive, dotted, parseNetwork, score, type Network } from './addresses.ts';
import { untilCalm } from './calm.ts';
import { phonesIn, type Case } from './cases.ts';
import type { Contestant } from './contestants.ts';
import { openLan } from './lan.ts';
import { measureProcess, type Measured } from './process.ts';
import { startFleet, type FleetCount } from './programs.ts';

/** One contestant once over a case. `right` counts phones found, `wrong` addresses reported where none is. */
export interface Result {
  seconds: number;
  cpuSeconds: number;
  peakMiB: number;
  phones: number;
  right: number;
  wrong: number;
  /** Datagrams sent: as the program says, otherwise as the fleet counted. */
  sent: number;
  remarks: string[];
  /** Whether the contestant came to its end by itself and without an error. */
  isWhole: boolean;
}

export interface Place {
  /** Temporary folder of the bench. */
  folder: string;
  fleetProgram: string;
  isQuick: boolean;
}

/** The network that a contestant is to sweep in a case. */
export function networkFor(
  test: Case,
  { narrower }: Contestant,
  { isQuick }: Pick<Place, 'isQuick'>,
): Network {
  const network = parseNetwork(isQuick ? test.quick : test.network);
  return parseNetwork(`${dotted(network.base)}/${network.bits + narrower}`);
}

/** Makes a LAN and its fleet, runs the contestant as often as it has passes, and takes everything down again. */
export async function runOnce(test: Case, contestant: Contestant, place: Place): Promise<Result> {
  const network = networkFor(test, contestant, place);
  const live = chooseLive(network, phonesIn(test, network.size));
  const remarks: string[] = [];
  if (test.link === 'on-link') {
    const left = await untilCalm();
    if (left > 100) remarks.push(`${left} neighbours in the kernel's table before it began`);
  }
  const lan = openLan({ network, link: test.link, live });
  const endFleet = await startFleet({
    program: place.fleetProgram,
    folder: place.folder,
    namespace: lan.fleet,
    network,
    live,
    lossPercent: test.lossPercent,
  });
  const passes: Measured[] = [];
  for (let pass = 0; pass < contestant.passes; pass++) {
    const folder = join(place.folder, 'run');
    mkdirSync(folder);
    const command = ['ip', 'netns', 'exec', lan.auditor, ...contestant.command(network)];
    passes.push(await measureProcess(command, { folder, capSeconds: test.capSeconds }));
    rmSync(folder, { recursive: true });
  }
  const count = await endFleet();
  lan.close();
  const phones = new Set(live.map((index) => dotted(network.base + index)));
  return sumUp({ contestant, passes, count, phones, remarks });
}

function sumUp({
  contestant,
  passes,
  count,
  phones,
  remarks,
}: {
  contestant: Contestant;
  passes: readonly Measured[];
  count: FleetCount;
  phones: ReadonlySet<string>;
  remarks: string[];
}): Result {
  const read = passes.map(({ output }) => contestant.read(output));
  const { right, wrong } = score(new Set(read.flatMap(({ found }) => found)), phones);
  if (count.dropped > 0) remarks.push(`the fleet was too slow for ${count.dropped} requests`);
  remarks.push(...passes.flatMap(({ fault }) => fault ?? []));
  for (const [reason, times] of read.flatMap(({ refused }) => Object.entries(refused)))
    if (times > 0) remarks.push(`${reason}: ${times}`);
  const after = read.map((_, pass) => read.slice(0, pass + 1).flatMap(({ found }) => found));
  if (read.length > 1)
    remarks.push(
      `found after each pass: ${after.map((found) => score(new Set(found), phones).right).join(', ')}`,
    );
  const sent = read.reduce((sum, pass) => sum + (pass.sent ?? 0), 0);
  return {
    seconds: passes.reduce((sum, { seconds }) => sum + seconds, 0),
    cpuSeconds: passes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakMiB: Math.max(...passes.map(({ peakMiB }) => peakMiB)),
    phones: phones.size,
    right,
    wrong,
    sent: sent > 0 ? sent : count.asked,
    remarks: [...new Set(remarks)],
    isWhole: passes.every(({ fault }) => fault === null),
  };
}
