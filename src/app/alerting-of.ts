import type { Alerting } from '../engine/alerting.ts';
import type { Log } from '../platform/ports.ts';
import { createAlertingFor } from './alerts.ts';
import type { Inventory } from './inventory.ts';

const ignore = (): void => undefined;
const SILENT: Log = { info: ignore, warn: ignore, error: ignore };

/** Alerting over an open inventory, for looking and for silences: never started, it tells nobody anything by itself. */
export const alertingOf = ({ config, db }: Inventory): Alerting =>
  createAlertingFor({ config, db, log: SILENT, link: config.dashboardUrl });
