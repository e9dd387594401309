import { runListener, whyNotListen } from '../engine/listen.ts';
import type { ChannelReport } from '../channels/channel.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Language } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import { isUdpPortHeldHere, localNetworks } from '../platform/interfaces.ts';
import { createLog } from '../platform/log.ts';
import type { Scope } from '../scope/scope.ts';
import { systemNet } from './compose.ts';
import type { Config } from './config.ts';

/**
 * Listens on the passive channels until the signal aborts. Resolves to what was heard, or, where the listener must stay off, to
 * null after saying on stderr why and what the way out is.
 */
export async function overhear(work: {
  config: Config;
  scope: Scope;
  language: Language;
  interfaces?: readonly string[];
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}): Promise<ChannelReport | null> {
  const { config, interfaces } = work;
  const settings = config.channels['sip-pnp'] ?? { interfaces: [], besidePbx: false };
  const request = {
    ...work,
    site: config.site.id,
    config: interfaces === undefined ? settings : { ...settings, interfaces: [...interfaces] },
    system: systemNet,
    networks: localNetworks,
    isUdpPortHeldHere,
    clock: systemClock,
    log: createLog('warn'),
  };
  const because = await whyNotListen(request);
  if (because === null) return runListener(request);
  process.stderr.write(`sip-pnp is off: ${because[work.language]}.\n`);
  return null;
}
