import type { Routes } from '../context.ts';
import { devices } from './devices.ts';
import { events } from './events.ts';
import { findings } from './findings.ts';
import { health } from './health.ts';
import { status } from './status.ts';
import { sweeps } from './sweeps.ts';

/** Every route file of this folder; a test compares. */
export const ROUTES: Readonly<Record<string, Routes>> = {
  devices,
  events,
  findings,
  health,
  status,
  sweeps,
};
