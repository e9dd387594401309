import { pino, destination } from 'pino';
import type { Log } from './ports.ts';

/** JSON lines on stderr: stdout belongs to results alone. */
export function createLog(level: 'info' | 'warn' | 'error' | 'silent'): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination(2));
  return {
    info: (event, values) => logger.info(values ?? {}, event),
    warn: (event, values) => logger.warn(values ?? {}, event),
    error: (event, values) => logger.error(values ?? {}, event),
  };
}
