import type { Static } from 'typebox';
import type { Endpoint } from '../../model/endpoint.ts';
import { MAX_RAW_BYTES, type Sighting } from '../../model/sighting.ts';
import type { Certificate } from '../../platform/ports.ts';
import type { ActiveContext, ChannelReport, Refusal } from '../channel.ts';
import type { config } from './config.ts';
import type { Cookie } from './cookie.ts';
import { certificateFacts, factsOf, LOOSE_MATCH } from './facts.ts';
import { readAnswer, type OwnAnswer } from './read-answer.ts';

export type Context = ActiveContext<Static<typeof config>>;

/** A message as it came, and who may have sent it. */
export interface Heard {
  bytes: Uint8Array;
  from: Pick<Endpoint, 'transport' | 'address'>;
  /** Who was asked there on that port; undefined where nobody was. */
  targetAt: (port: number) => Endpoint | undefined;
  certificate?: Certificate | null;
}

/** What came back in one run: one sighting of each endpoint that answered, everything else counted. */
export interface Answers {
  readonly report: ChannelReport;
  /** Resolves a message to the endpoint that it answers for, in whatever way; null for what is no answer. */
  hear(heard: Heard): Endpoint | null;
  refuse(reason: Refusal): void;
  hasFinal(target: Endpoint): boolean;
  tellProgress(): void;
  /** Reports those of whom nothing but a provisional answer has come. */
  end(): void;
}

export function createAnswers(context: Context, cookie: Cookie, mostToSend: number): Answers {
  const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
  /** Of each endpoint that answered its provisional answer, until the final one has come: null then. */
  const answered = new Map<Endpoint, Sighting | null>();

  const refuse = (reason: Refusal): void => {
    report.refused[reason] = (report.refused[reason] ?? 0) + 1;
  };

  const take = (target: Endpoint, answer: OwnAnswer, heard: Heard): void => {
    const isFinal = answer.response.statusCode >= 200;
    const before = answered.get(target);
    if (before === null || (before !== undefined && !isFinal)) return refuse('duplicate');
    const sighting = toSighting(context, target, answer, heard);
    answered.set(target, isFinal ? null : sighting);
    if (isFinal) context.emit(sighting);
  };

  return {
    report,
    refuse,
    hear(heard) {
      report.heard += 1;
      const read = readAnswer(heard.bytes, heard.from, cookie);
      const target = read.ok ? heard.targetAt(read.value.port) : undefined;
      if (read.ok && target !== undefined) take(target, read.value, heard);
      else refuse(read.ok ? 'unsolicited' : read.fault);
      return target ?? null;
    },
    hasFinal: (target) => answered.get(target) === null,
    tellProgress: () => context.onProgress({ sent: report.sent, mostToSend, answered: answered.size }),
    end() {
      for (const sighting of answered.values()) if (sighting !== null) context.emit(sighting);
    },
  };
}

const toSighting = (
  { clock }: Context,
  from: Endpoint,
  { response, isLoose }: OwnAnswer,
  { bytes, certificate }: Heard,
): Sighting => ({
  channel: 'sip-options',
  at: clock.now(),
  from,
  solicited: true,
  facts: [
    ...factsOf(response),
    ...(isLoose ? [LOOSE_MATCH] : []),
    ...(certificate ? certificateFacts(certificate) : []),
  ],
  raw: bytes.slice(0, MAX_RAW_BYTES),
});
