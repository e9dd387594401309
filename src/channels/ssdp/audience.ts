import type { Static } from 'typebox';
import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import type { Datagram, DescribingNet } from '../../platform/ports.ts';
import type { SsdpMessage } from '../../wire/ssdp/message.ts';
import type { GroupContext, Refusal } from '../channel.ts';
import type { config } from './config.ts';
import { createDescriber } from './describe.ts';
import { factsOf } from './facts.ts';
import { forget, learn, type Roots } from './speaker.ts';

export interface SsdpContext extends GroupContext<Static<typeof config>> {
  net: DescribingNet;
}

/** Answers come within MX seconds, announcements in bursts: after this long a speaker has said what it has to say. */
export const SETTLE_MS = 3000;
/** Some stacks announce every minute: nothing new is told again only this often, to show that the device is still there. */
export const TELL_AGAIN_AFTER_MS = 10 * 60_000;
/** Most addresses kept; beyond, those that were silent for a day make room. */
export const MOST_SPEAKERS = 4096;
const DAY_MS = 24 * 3600_000;

interface Speaker {
  address: string;
  roots: Roots;
  heardAt: number;
  toldAt: number;
  isTelling: boolean;
  latest: { at: number; raw: Uint8Array };
}

/**
 * What all speakers have said. One sighting tells everything that is known of one address, since a device says it in pieces: a message
 * for each of its services, and a description beside them.
 */
export function createAudience(context: SsdpContext) {
  const { clock, signal, config: settings } = context;
  const describer = createDescriber(context);
  const speakers = new Map<string, Speaker>();
  const telling = new Set<Promise<void>>();
  const keepMs = Math.max(60, 2 * settings.everyMinutes) * 60_000;

  const speakerAt = (address: string): Speaker | null => {
    const known = speakers.get(address);
    if (known !== undefined) return known;
    if (speakers.size >= MOST_SPEAKERS)
      for (const { address: other, heardAt, isTelling } of speakers.values())
        if (!isTelling && clock.monotonic() - heardAt > DAY_MS) speakers.delete(other);
    if (speakers.size >= MOST_SPEAKERS) return null;
    return {
      address,
      roots: new Map(),
      heardAt: clock.monotonic(),
      toldAt: -Infinity,
      isTelling: false,
      latest: { at: clock.now(), raw: new Uint8Array() },
    };
  };

  const tell = async (speaker: Speaker): Promise<void> => {
    speaker.isTelling = true;
    const { address, roots } = speaker;
    await clock.sleep(SETTLE_MS, signal);
    if (settings.describe) await describer.describe(address, roots.keys());
    speaker.isTelling = false;
    speaker.toldAt = clock.monotonic();
    forget(roots, speaker.heardAt - keepMs);
    context.emit({
      channel: 'ssdp',
      at: speaker.latest.at,
      // SSDP tells of no SIP port. This is where the device was heard, and is asked for nothing.
      from: { site: context.site, transport: 'udp', address, port: 0 },
      solicited: false,
      facts: factsOf(roots.values(), (location) => describer.devicesAt(address, location)),
      raw: speaker.latest.raw,
    });
  };

  return {
    outcomes: describer.outcomes,

    /** Takes one message in; null when a sighting will tell of it. */
    take(datagram: Datagram, message: SsdpMessage): Refusal | null {
      const speaker = speakerAt(datagram.address);
      if (speaker === null) return 'queue-full';
      const now = clock.monotonic();
      const learnt = learn(speaker.roots, message, now);
      if (learnt === 'nothing') return 'irrelevant';
      if (learnt === 'full') return 'queue-full';
      speakers.set(speaker.address, speaker);
      speaker.heardAt = now;
      const isDue = !speaker.isTelling && now - speaker.toldAt >= TELL_AGAIN_AFTER_MS;
      if (learnt === 'known' && !isDue) return 'duplicate';
      speaker.latest = { at: clock.now(), raw: datagram.bytes.slice(0, MAX_RAW_BYTES) };
      if (!speaker.isTelling) {
        const told = tell(speaker).finally(() => telling.delete(told));
        telling.add(told);
      }
      return null;
    },

    /** Ends when every speaker that was heard has been told of; once the signal aborts that is at once. */
    async end(): Promise<void> {
      await Promise.all(telling);
    },
  };
}
