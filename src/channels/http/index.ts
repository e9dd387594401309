import type { Static } from 'typebox';
import type { Endpoint } from '../../model/endpoint.ts';
import { MAX_RAW_BYTES, type Sighting } from '../../model/sighting.ts';
import type { ConnectFault, Page, PageNet, SendRefusal, StreamEndpoint } from '../../platform/ports.ts';
import { parseHttpAnswer, type HttpAnswer } from '../../wire/http/answer.ts';
import { certificateFacts } from '../certificate-facts.ts';
import type { ActiveChannel, ActiveContext, ChannelReport, Refusal } from '../channel.ts';
import { config } from './config.ts';
import { factsOf } from './facts.ts';

export interface HttpContext extends Omit<ActiveContext<Static<typeof config>>, 'net'> {
  /** Can ask for pages, and nothing else. */
  net: PageNet;
}

interface HttpChannel extends Omit<ActiveChannel<typeof config>, 'run'> {
  run(context: HttpContext): Promise<ChannelReport>;
}

/** Asks its targets for their web page, one scheme after the other, and a host for the next only where it gave no page for the last. */
export const http: HttpChannel = {
  name: 'http',
  mode: 'active',
  isOptIn: true,
  config,
  run: async (context) => {
    const targets = Array.from({ length: context.targets.length }, (_, index) => context.targets.at(index));
    const asking = createAsking(context, targets.length);
    const rounds = Map.groupBy(targets.filter(isStream), ({ transport }) => transport);
    for (const round of rounds.values()) {
      const left = round.filter(({ address }) => !asking.told.has(address));
      asking.mostToSend -= round.length - left.length;
      await askAll(context, asking, left);
    }
    return asking.report;
  },
};

const isStream = (target: Endpoint | undefined): target is StreamEndpoint =>
  target !== undefined && target.transport !== 'udp';

interface Asking {
  readonly report: ChannelReport;
  /** Addresses of those who gave a page. */
  readonly told: Set<string>;
  mostToSend: number;
  refuse(reason: Refusal): void;
  tellProgress(): void;
}

function createAsking({ onProgress }: HttpContext, mostToSend: number): Asking {
  const asking: Asking = {
    report: { sent: 0, heard: 0, refused: {} },
    told: new Set(),
    mostToSend,
    refuse: (reason) => (asking.report.refused[reason] = (asking.report.refused[reason] ?? 0) + 1),
    tellProgress() {
      const { report, told } = asking;
      // Position 0: it is a short run, and begins anew rather than where it was broken off.
      onProgress({ sent: report.sent, mostToSend: asking.mostToSend, answered: told.size, position: 0 });
    },
  };
  return asking;
}

/** A few hosts at once, each in its turn; ends when all have been asked, soon when the signal aborts. */
async function askAll(context: HttpContext, asking: Asking, targets: StreamEndpoint[]): Promise<void> {
  const { clock, net, signal } = context;
  const open = new Map<string, Promise<void>>();
  for (const target of targets) {
    const { address } = target;
    while (open.size >= context.config.maxConnections || open.has(address)) await Promise.race(open.values());
    for (let ms = net.waitFor(address); ms && !signal.aborted; ms = net.waitFor(address))
      await clock.sleep(Math.ceil(ms), signal);
    if ((await net.takeTurn(1, signal)) === 0) break;
    const ended = ask(context, asking, target).finally(() => {
      open.delete(address);
      asking.tellProgress();
    });
    open.set(address, ended);
  }
  await Promise.all(open.values());
}

async function ask(context: HttpContext, asking: Asking, target: StreamEndpoint): Promise<void> {
  const { report, told } = asking;
  const got = await context.net.getPage(target, context.signal);
  if (!got.ok) {
    countFault(asking, got.fault);
    return;
  }
  report.sent += 1;
  // A web server that says nothing is silence, as a host without one is.
  if (got.value.bytes.length === 0) return;
  report.heard += 1;
  const answer = parseHttpAnswer(got.value.bytes);
  if (!answer.ok) {
    asking.refuse('malformed');
    return;
  }
  if (!isRedirect(answer.value)) told.add(target.address);
  context.emit(sightingOf(context, target, got.value, answer.value));
}

const isRedirect = ({ status }: HttpAnswer): boolean => status >= 300 && status < 400;

function countFault(asking: Asking, fault: SendRefusal | ConnectFault): void {
  switch (fault) {
    case 'out-of-scope':
    case 'rate-limited':
    case 'queue-full':
      return asking.refuse(fault);
    case 'failed':
      asking.report.sent += 1;
      return asking.refuse('send-failed');
    case 'no-tls':
      asking.report.sent += 1;
      asking.report.heard += 1;
      return asking.refuse('malformed');
    case 'unreachable':
      asking.report.sent += 1;
  }
}

/** It tells of no SIP port (port 0). Kept of the bytes is the head: a page may hold more of people than of the phone. */
const sightingOf = (
  { site, clock }: HttpContext,
  { address }: StreamEndpoint,
  { bytes, certificate }: Page,
  answer: HttpAnswer,
): Sighting => ({
  channel: 'http',
  at: clock.now(),
  from: { site, transport: 'udp', address, port: 0 },
  solicited: true,
  facts: [...factsOf(answer), ...(certificate === null ? [] : certificateFacts(certificate))],
  raw: bytes.slice(0, Math.min(answer.headLength, MAX_RAW_BYTES)),
});
