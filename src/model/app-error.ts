import { formatFault, type Fault } from './fault.ts';

/**
 * Exit codes of the command line (docs/cli.md): 0 done, 1 a finding the caller asked to fail on,
 * 2 wrong usage or configuration, 3 could not run, 130 interrupted.
 */
export const EXIT = { done: 0, finding: 1, usage: 2, cannotRun: 3, interrupted: 130 } as const;

/** The one catalogue of error codes: never reused, each documented in docs/errors.md (a test compares). */
export const ERROR_CODES = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  CONFIG_UNREADABLE: EXIT.usage,
  RULES_INVALID: EXIT.usage,
  POLICY_INVALID: EXIT.usage,
  SCOPE_REFUSED: EXIT.usage,
  INPUT_INVALID: EXIT.usage,
  NODE_TOO_OLD: EXIT.cannotRun,
  PORT_TAKEN: EXIT.cannotRun,
  NO_PERMISSION: EXIT.cannotRun,
  NETWORK: EXIT.cannotRun,
  DATABASE: EXIT.cannotRun,
  DATABASE_NEWER: EXIT.cannotRun,
  DATABASE_CORRUPT: EXIT.cannotRun,
  DATA_DIR: EXIT.cannotRun,
  NOT_FOUND: EXIT.usage,
  NOT_BUILT: EXIT.cannotRun,
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/** Trouble from disk, socket or configuration, for people: a code from the catalogue, what is wrong, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly faults: readonly Fault[];

  constructor(
    code: ErrorCode,
    message: string,
    details: { hint?: string; faults?: readonly Fault[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = details.hint;
    this.faults = details.faults ?? [];
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }

  /** The whole story, a line each: message, every fault with its place, the hint. */
  describe(): string {
    return [
      this.message,
      ...this.faults.map((fault) => `  ${formatFault(fault)}`),
      ...(this.hint === undefined ? [] : [this.hint]),
    ].join('\n');
  }
}
