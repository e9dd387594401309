import type { Answers } from './answers.ts';
import type { Cookies } from './cookies.ts';

/** What the two ways of asking share in one run. */
export interface Asking {
  answers: Answers;
  cookies: Cookies;
  /** Datagrams and connections that were meant and are not needed: who answered, who must not be asked, where nobody is. */
  skipped: number;
  tellProgress(): void;
}
