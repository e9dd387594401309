import type { Matcher } from '../identify/match.ts';
import type { Policy } from '../policy/policy.ts';

/** What decides: replaced as a whole when rules or policy change. */
export interface Knowledge {
  matcher: Matcher;
  policy: Policy;
  /** Another one where rules say otherwise than before; the policy has a hash of its own. */
  rulesHash: string;
}
