import { AppError } from '../model/app-error.ts';
import { systemClock } from '../platform/clock.ts';
import { readText } from '../platform/files.ts';
import { openUdp } from '../platform/udp.ts';
import { planChanges, planSite } from '../simulation/plan.ts';
import { loadRoster } from '../simulation/roster.ts';
import { startSite } from '../simulation/site.ts';
import { truthOf } from '../simulation/truth.ts';
import { SIMULATED_PHONES } from './paths.ts';

export interface SimulationOptions {
  phones: number;
  /** Loopback network that the phones live on, such as `127.77.0.0/24`. */
  network: string;
  seed: number;
  /** Phones change firmware, move and appear while it runs. */
  dynamic?: boolean;
}

/** How many changes a site that lives goes through, one after the other. */
const CHANGES = 500;

/** Puts the simulated site up; it ends with the signal. Throws AppError when a phone cannot have its address. */
export async function startSimulation(
  { phones, network, seed, dynamic = false }: SimulationOptions,
  signal: AbortSignal,
): Promise<{ phones: number; truth: object; ended: Promise<void> }> {
  const { file, text } = readText(SIMULATED_PHONES, 'INPUT_INVALID');
  const roster = loadRoster(text, file);
  if (!roster.ok)
    throw new AppError('INPUT_INVALID', 'The roster of simulated phones is not valid:', {
      faults: roster.fault,
    });
  const plan = planSite({ network, phones, seed, roster: roster.value });
  const changes = dynamic ? planChanges(plan, { network, seed, roster: roster.value, count: CHANGES }) : [];
  const site = await startSite({ phones: plan, changes, net: { openUdp }, clock: systemClock, signal });
  return { phones: plan.length, truth: truthOf(plan), ended: site.ended };
}
