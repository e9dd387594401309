import type { SettingsOf } from '../channels/registry.ts';
import type { ChannelReport } from '../channels/channel.ts';
import { AppError } from '../model/app-error.ts';
import type { Database } from '../store/database.ts';
import { listDevices } from '../store/devices.ts';
import { askPages, type PagesRequest } from './ask-pages.ts';
import { createAskedHosts, pagesToAsk } from './pages-to-ask.ts';

/** Asks, between sweeps, for the pages of phones that have not told all of themselves. */
export interface PageRuns {
  /** Asks where something is missing; one run at a time. Resolves when it is over, with nothing where there was nothing to ask. */
  run(): Promise<ChannelReport | AppError | null>;
}

export function createPageRuns(
  parts: Omit<PagesRequest, 'asked' | 'config'> & { db: Database; config: SettingsOf<'http'> },
): PageRuns {
  const asked = createAskedHosts(parts.clock);
  let running: ReturnType<PageRuns['run']> | null = null;
  const run = async (): ReturnType<PageRuns['run']> => {
    try {
      const targets = pagesToAsk(listDevices(parts.db, {}), { ...parts, asked });
      if (targets.length === 0 || parts.signal.aborted) return null;
      return await askPages({ ...parts, asked }, targets);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  };
  return {
    run: () => (running ??= run().finally(() => (running = null))),
  };
}
