import type { Alerting } from '../engine/alerting.ts';
import { AppError } from '../model/app-error.ts';

type Fault = Extract<ReturnType<Alerting['acknowledge']>, { ok: false }>['fault'];

/** Why a silence was not made, in a sentence. */
const SENTENCES: Record<Fault, string> = {
  author: 'A silence says in at most 200 characters who made it.',
  reason: 'A silence says in at most 1,000 characters why.',
  expiry: 'A silence ends after it begins, and not in the past.',
  matchers: 'A silence says which alerts it is about.',
  'not-firing': 'No alert with this key fires.',
};

export const silenceTrouble = (fault: Fault): AppError =>
  new AppError(fault === 'not-firing' ? 'NOT_FOUND' : 'INPUT_INVALID', SENTENCES[fault]);
