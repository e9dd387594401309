import { userInfo } from 'node:os';
import { AppError } from '../model/app-error.ts';

/** Who says something that is kept: the one named, else the user that is logged in. Throws AppError USAGE where the system names nobody. */
export function authorOf(named: string | undefined): string {
  if (named !== undefined) return named;
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    throw new AppError('USAGE', 'The system has no name for you.', {
      hint: 'Say who you are: --author NAME.',
    });
  }
}
