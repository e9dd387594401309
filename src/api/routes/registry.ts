import type { Routes } from '../context.ts';
import { alerts } from './alerts.ts';
import { devices } from './devices.ts';
import { events } from './events.ts';
import { findings } from './findings.ts';
import { health } from './health.ts';
import { history } from './history.ts';
import { identity } from './identity.ts';
import { silences } from './silences.ts';
import { status } from './status.ts';
import { sweeps } from './sweeps.ts';

/** Every route file of this folder; a test compares. */
export const ROUTES: Readonly<Record<string, Routes>> = {
  alerts,
  devices,
  events,
  findings,
  health,
  history,
  identity,
  silences,
  status,
  sweeps,
};
