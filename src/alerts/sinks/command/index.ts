import type { Message } from '../../../model/alert.ts';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { runProgram, type ProgramEnd, type ProgramFault } from '../../../platform/run-program.ts';
import { clean } from '../../message-text.ts';
import { messageJson } from '../../message-json.ts';
import { TIMEOUT_MS, type DeliveryFault, type Sink } from '../../sink.ts';
import { config } from './config.ts';

/** EX_TEMPFAIL of sysexits.h: "the user is invited to retry". */
const TRY_AGAIN = 75;

/** Runs a program that the configuration names, with the message as one JSON document on its standard input. */
export const command: Sink<typeof config> = {
  name: 'command',
  config,
  async deliver(message, context) {
    const ended = await runProgram({
      ...context.config,
      environment: environmentOf(message),
      input: `${JSON.stringify(messageJson(message))}\n`,
      timeoutMs: TIMEOUT_MS,
      signal: context.signal,
    });
    return ended.ok
      ? judge(ended.value)
      : failure({ ...JUDGEMENTS[ended.fault.kind], detail: ended.fault.detail });
  },
};

/** What a short script wants to know before it reads JSON. No text of a stranger is among it. */
const environmentOf = ({
  id,
  reason,
  group,
  site,
  language,
  alerts,
  more,
}: Message): Record<string, string> => ({
  SIPCENSUS_ID: clean(id),
  SIPCENSUS_REASON: reason,
  SIPCENSUS_GROUP: clean(group),
  SIPCENSUS_SITE: clean(site.id),
  SIPCENSUS_LANGUAGE: language,
  SIPCENSUS_ALERTS: String(alerts.length + more),
});

function judge({ exitCode, said }: ProgramEnd): Outcome<void, DeliveryFault> {
  if (exitCode === 0) return success(undefined);
  const detail = `exit code ${exitCode}${said === '' ? '' : `: ${said}`}`;
  return failure({ reason: 'rejected', retry: exitCode === TRY_AGAIN, detail });
}

type Judgement = Pick<DeliveryFault, 'reason' | 'retry'>;

/** A program that a signal ended has not judged the message: the system may have been short of memory, or about to stop. */
const JUDGEMENTS: Readonly<Record<ProgramFault['kind'], Judgement>> = {
  'not-started': { reason: 'rejected', retry: false },
  'no-resources': { reason: 'rejected', retry: true },
  killed: { reason: 'rejected', retry: true },
  'too-long': { reason: 'timeout', retry: true },
  interrupted: { reason: 'aborted', retry: true },
};
