import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from '../api/server.ts';
import { startAuditor, type Auditor } from '../engine/auditor.ts';
import { keepTidy } from '../engine/keep-tidy.ts';
import { reassessAll } from '../engine/reassess.ts';
import { createStorage, keepTrying } from '../engine/storage.ts';
import { storageFindings } from '../inventory/outages.ts';
import type { Knowledge } from '../engine/knowledge.ts';
import { AppError } from '../model/app-error.ts';
import { hostPort } from '../model/endpoint.ts';
import { VERSION } from '../model/product.ts';
import { systemClock } from '../platform/clock.ts';
import { isUdpPortHeldHere, localNetworks, uptimeMs } from '../platform/interfaces.ts';
import type { Log } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { createAlertingFor } from './alerts.ts';
import { createPipeline, systemNet } from './compose.ts';
import type { Config } from './config.ts';
import { exclusionsFor } from './exclusions.ts';
import { isKnownTo } from './overhear.ts';
import { DASHBOARD } from './paths.ts';
import { keepKnowledge } from './rule-reload.ts';

export interface Daemon {
  /** Where the dashboard is: `http://127.0.0.1:8560`. */
  url: string;
  auditor: Auditor;
  stop(): Promise<void>;
}

/** Starts all that the daemon is. Throws AppError where its port is taken, and leaves nothing running then. */
export async function startDaemon(parts: {
  config: Config;
  knowledge: Knowledge;
  db: Database;
  log: Log;
}): Promise<Daemon> {
  const { config, db, log } = parts;
  refuseWideAddress(config.listen.host);
  const keepMs = config.retention.historyDays * DAY_MS;
  const live = keepKnowledge({
    knowledge: parts.knowledge,
    sources: config,
    clock: systemClock,
    log,
    onChange: () => {
      reassessing = reassessing.then(reassess);
    },
  });
  const { feed, intake } = createPipeline(db, live.current);
  const ending = new AbortController();
  const storage = createStorage({
    now: () => systemClock.now(),
    log,
    onRecovered: (since, because, until) =>
      intake.change(() => [{ device: null, findings: storageFindings(since, until, because) }]),
  });
  const reassess = (): Promise<void> =>
    reassessAll({
      db,
      intake,
      knowledge: live.current,
      storage,
      clock: systemClock,
      log,
      signal: ending.signal,
    });
  // Rules or policy may have changed since the inventory was written.
  let reassessing = reassess();

  const auditor = await startAuditor({
    ...parts,
    site: config.site,
    scope: config.scope,
    exclusions: exclusionsFor(config.exclusions, { site: config.site, db }),
    shownExclusions: config.exclusions,
    channels: config.channels,
    feed,
    intake,
    knowledge: live.current,
    rulesTrouble: live.trouble,
    system: systemNet,
    networks: localNetworks,
    isUdpPortHeldHere,
    isKnown: isKnownTo(db, () => live.current().matcher),
    storage,
    patiences: config.presence,
    uptime: uptimeMs,
    clock: systemClock,
  });
  const alerting = createAlertingFor({ config, db, feed, log, storage, link: config.dashboardUrl });
  const server = createServer({
    db,
    intake,
    alerting,
    storage,
    keepMs,
    auditor,
    feed,
    clock: systemClock,
    log,
    webRoot: existsSync(DASHBOARD) ? DASHBOARD : null,
    version: VERSION,
    allowedHosts: [config.listen.host],
  });
  const inBackground: Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    ending.abort();
    await live.stop();
    await auditor.stop();
    await Promise.all([alerting.stop(), reassessing, ...inBackground]);
    await server.close();
  };
  try {
    await listen(server, config.listen);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = urlOf(server.server.address(), config.listen);
  log.info('server.listening', { url });
  inBackground.push(
    keepTidy({ db, storage, keepMs, clock: systemClock, signal: ending.signal }),
    keepTrying({ db, storage, clock: systemClock, signal: ending.signal }),
  );
  alerting.start();
  return { url, auditor, stop };
}

const DAY_MS = 24 * 3_600_000;

const urlOf = (bound: AddressInfo | string | null, { host, port }: Config['listen']): string =>
  `http://${typeof bound === 'object' && bound !== null ? hostPort(bound.address, bound.port) : hostPort(host, port)}`;

async function listen(
  server: ReturnType<typeof createServer>,
  { host, port }: Config['listen'],
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const place = `TCP ${hostPort(host, port)}`;
    switch ((error as NodeJS.ErrnoException).code ?? '') {
      case 'EADDRINUSE':
        throw new AppError('PORT_TAKEN', `${place} is in use by another program.`, {
          hint: 'Is sipcensus running already? Choose another with server.listen or --listen; port 0 lets the system choose.',
          cause: error,
        });
      case 'EACCES':
        throw new AppError('NO_PERMISSION', `No permission to open ${place}.`, {
          hint: 'Ports below 1024 need the capability CAP_NET_BIND_SERVICE.',
          cause: error,
        });
      default:
        throw new AppError('NETWORK', `${place} cannot be opened: ${(error as Error).message}.`, {
          hint: 'Is the address one of this machine?',
          cause: error,
        });
    }
  }
}

/** There are no accounts yet: whoever reaches the port sees everything. */
function refuseWideAddress(host: string): void {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return;
  throw new AppError(
    'CONFIG_INVALID',
    `server.listen is ${host}: the dashboard has no accounts in this version and opens on loopback only.`,
    {
      hint: 'Listen on 127.0.0.1:8560, and reach it through an SSH tunnel or a reverse proxy with a login.',
    },
  );
}
