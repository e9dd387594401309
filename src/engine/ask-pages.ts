import type { Static } from 'typebox';
import type { ChannelReport } from '../channels/channel.ts';
import type { config as httpConfig } from '../channels/http/config.ts';
import { http } from '../channels/http/index.ts';
import type { ConnectFault, PageNet, SendRefusal, StreamEndpoint } from '../platform/ports.ts';
import type { AskedHosts } from './pages-to-ask.ts';
import { createPageNet } from './scoped-get.ts';
import { netFor, type SweepRequest } from './sweep.ts';

/** What a sweep needs, `hosts` shared with the sweeps, and settings of its own. */
export interface PagesRequest extends Omit<SweepRequest, 'config' | 'askedAt'> {
  config: Static<typeof httpConfig>;
  /** Remembers over all runs who was asked. */
  asked: AskedHosts;
}

/**
 * Asks for the pages that `pagesToAsk` chose, through a net that can do nothing else. Run it between sweeps and not beside one: each
 * keeps to one connection at a time to a host, and knows nothing of the other's. Ends when all are asked or the signal aborts.
 */
export function askPages(request: PagesRequest, targets: readonly StreamEndpoint[]): Promise<ChannelReport> {
  const net = createPageNet(netFor(request), request.clock);
  return http.run({ ...request, targets, net: remembering(net, request.asked) });
}

/** Why nothing was sent: such a host is asked when it may be, not a day later. */
const NOT_SENT: ReadonlySet<SendRefusal | ConnectFault> = new Set([
  'out-of-scope',
  'rate-limited',
  'queue-full',
]);

const remembering = (net: PageNet, asked: AskedHosts): PageNet => ({
  ...net,
  async getPage(to, signal) {
    const got = await net.getPage(to, signal);
    if (got.ok || !NOT_SENT.has(got.fault)) asked.mark(to.address);
    return got;
  },
});
