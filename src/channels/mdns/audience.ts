import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import type { Datagram } from '../../platform/ports.ts';
import type { GroupContext, Refusal } from '../channel.ts';
import { factsOf } from './facts.ts';
import type { News } from './news.ts';
import { learn, sipEndpointsOf, type Speaker } from './speaker.ts';

export const MDNS_PORT = 5353;
/** A device says it in pieces: its PTR here, SRV and TXT there. */
export const SETTLE_MS = 1000;
/** What is said again tells only this often that the device is still there. */
export const TELL_AGAIN_AFTER_MS = 10 * 60_000;
/** Most addresses kept; the one that was silent longest makes room. */
export const MAX_SPEAKERS = 2048;

const NOTHING = new Uint8Array();

interface Listed extends Speaker {
  isTelling: boolean;
  toldAt: number;
  isForOthers: boolean;
  /** The latest message that brought news, until it has been told. */
  raw: Uint8Array;
}

/** What all addresses have said. One sighting for each SIP endpoint of an address tells all that is known of that address. */
export function createAudience(context: Omit<GroupContext<unknown>, 'net'>) {
  const { clock, signal, site } = context;
  const speakers = new Map<string, Listed>();
  const telling = new Set<Promise<void>>();

  /** Moves the speaker to the end of the list, where the latest are. */
  const speakerAt = (address: string): Listed => {
    const speaker = speakers.get(address) ?? newSpeaker();
    speakers.delete(address);
    speakers.set(address, speaker);
    if (speakers.size > MAX_SPEAKERS)
      for (const silent of speakers.keys()) if (speakers.delete(silent)) break;
    return speaker;
  };

  const tell = async (address: string, speaker: Listed): Promise<void> => {
    await clock.sleep(SETTLE_MS, signal);
    speaker.isTelling = false;
    speaker.toldAt = clock.monotonic();
    const endpoints = sipEndpointsOf(speaker);
    // Who announces no SIP endpoint is told without a port: it stands with whatever it says in SIP.
    if (endpoints.length === 0) endpoints.push({ transport: 'udp', port: 0 });
    const facts = factsOf(speaker);
    for (const endpoint of endpoints)
      context.emit({
        channel: 'mdns',
        at: clock.now(),
        from: { site, address, ...endpoint },
        solicited: false,
        facts,
        raw: speaker.raw,
      });
    speaker.raw = NOTHING;
  };

  return {
    /** Takes in what one message says of its sender; null when a sighting will tell of it. */
    take({ address, bytes }: Datagram, news: News): Refusal | null {
      const speaker = speakerAt(address);
      const now = clock.monotonic();
      const isNews = learn(speaker, news, now);
      if (!isNews && (speaker.isTelling || now - speaker.toldAt < TELL_AGAIN_AFTER_MS)) return 'duplicate';
      speaker.raw = bytes.slice(0, MAX_RAW_BYTES);
      if (!speaker.isTelling) {
        speaker.isTelling = true;
        const told = tell(address, speaker).finally(() => telling.delete(told));
        telling.add(told);
      }
      return null;
    },

    /** Says once of an address that it gives the addresses of others: its devices may stand behind a reflector. */
    noteForOthers(address: string): void {
      const speaker = speakers.get(address);
      if (speaker === undefined || speaker.isForOthers) return;
      speaker.isForOthers = true;
      context.log.info('mdns.for-others', { address });
    },

    /** Ends when everything heard has been told; once the signal aborts that is at once. */
    async end(): Promise<void> {
      await Promise.all(telling);
    },
  };
}

const newSpeaker = (): Listed => ({
  instances: new Map(),
  queries: new Set(),
  addresses: new Set(),
  isTelling: false,
  toldAt: -Infinity,
  isForOthers: false,
  raw: NOTHING,
});
