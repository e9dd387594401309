import type { Endpoint } from './endpoint.ts';
import type { Fact } from './fact.ts';

/** One thing heard once on one channel, before judgement. Never edited. */
export interface Sighting {
  channel: string;
  /** When it was heard, milliseconds since the epoch, UTC. */
  at: number;
  /** Where the speaker is reached: its own address, and the port that was probed or announced; port 0 where no SIP port was told. */
  from: Endpoint;
  /** True when it carries back the cookie of our own probe; anything else may be forged. */
  solicited: boolean;
  facts: readonly Fact[];
  /** The bytes as heard, bounded by `MAX_RAW_BYTES`. */
  raw: Uint8Array;
}

/** Longest raw message kept; a longer datagram is cut and counted. */
export const MAX_RAW_BYTES = 8192;
