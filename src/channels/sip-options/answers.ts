import type { Static } from 'typebox';
import type { Endpoint } from '../../model/endpoint.ts';
import { MAX_RAW_BYTES, type Sighting } from '../../model/sighting.ts';
import type { Certificate } from '../../platform/ports.ts';
import { headerValue } from '../../wire/sip/headers.ts';
import type { ActiveContext, ChannelReport, Refusal } from '../channel.ts';
import type { config } from './config.ts';
import { certificateFacts, factsOf, LOOSE_MATCH } from './facts.ts';
import { isFrom, readAnswer, type Asked, type OwnAnswer, type Source } from './read-answer.ts';
import { retryAfterMs } from './retry-after.ts';

export type Context = ActiveContext<Static<typeof config>>;

/** A message as it came. */
export interface Heard {
  bytes: Uint8Array;
  from: Source;
  certificate?: Certificate | null;
  /** The number of the only target that it may answer for: a connection carries one. */
  only?: number;
}

/** What came back in one run: one sighting of each endpoint that answered, everything else counted. */
export interface Answers {
  readonly report: ChannelReport;
  /** How many targets have answered, in whatever way. */
  readonly count: number;
  /** Resolves a message to the number of the target that it answers for, in whatever way; null for what is no answer. */
  hear(heard: Heard): number | null;
  refuse(reason: Refusal): void;
  /** Whether anything has answered there: nothing more is sent then. */
  has(index: number): boolean;
  hasFinal(index: number): boolean;
  /** Reports those of whom nothing but a provisional answer has come. */
  end(): void;
}

const PROVISIONAL = 1;
const FINAL = 2;

export function createAnswers(context: Context, asked: Asked): Answers {
  const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
  const state = new Uint8Array(asked.targets.length);
  /** The provisional answers whose final one has not come yet. */
  const provisional = new Map<number, Sighting>();
  let count = 0;

  const refuse = (reason: Refusal): void => {
    report.refused[reason] = (report.refused[reason] ?? 0) + 1;
  };

  const take = (answer: OwnAnswer, heard: Heard): void => {
    const { index } = answer;
    const isFinal = answer.response.statusCode >= 200;
    const before = state[index] ?? 0;
    if (before === FINAL || (before === PROVISIONAL && !isFinal)) return refuse('duplicate');
    if (before === 0) count += 1;
    state[index] = isFinal ? FINAL : PROVISIONAL;
    const sighting = toSighting(context, answer, heard);
    const waitMs = retryAfterMs(headerValue(answer.response, 'Retry-After'));
    if (waitMs > 0) context.net.leaveAlone(heard.from.address, waitMs);
    provisional.delete(index);
    if (isFinal) context.emit(sighting);
    else provisional.set(index, sighting);
  };

  /** A host that answers every copy of a probe, or one probe fifty times, costs no parsing after the first. */
  const repeated = ({ bytes, from }: Heard): number | null => {
    const index = asked.cookies.indexInBytes(bytes);
    if (index === null || state[index] !== FINAL) return null;
    const target = asked.targets.at(index);
    return target !== undefined && isFrom(target, from) ? index : null;
  };

  return {
    report,
    get count() {
      return count;
    },
    refuse,
    hear(heard) {
      report.heard += 1;
      const again = repeated(heard);
      if (again !== null) {
        refuse('duplicate');
        return again;
      }
      const read = readAnswer(heard.bytes, heard.from, asked);
      if (!read.ok || read.value.index !== (heard.only ?? read.value.index)) {
        refuse(read.ok ? 'unsolicited' : read.fault);
        return null;
      }
      take(read.value, heard);
      return read.value.index;
    },
    has: (index) => state[index] !== 0,
    hasFinal: (index) => state[index] === FINAL,
    end() {
      for (const sighting of provisional.values()) context.emit(sighting);
    },
  };
}

const toSighting = (
  { clock }: Context,
  { response, isLoose, target }: OwnAnswer,
  { bytes, certificate }: Heard,
): Sighting => ({
  channel: 'sip-options',
  at: clock.now(),
  from: target satisfies Endpoint,
  solicited: true,
  facts: [
    ...factsOf(response),
    ...(isLoose ? [LOOSE_MATCH] : []),
    ...(certificate ? certificateFacts(certificate) : []),
  ],
  raw: bytes.slice(0, MAX_RAW_BYTES),
});
