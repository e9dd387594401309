import type { Identification } from '../model/identity.ts';
import type { Matcher } from './match.ts';

/** Who sends this User-Agent. Any text will do; only its first 1024 units are read. */
export const identifyText = (matcher: Matcher, userAgent: string): Identification =>
  matcher.combine(matcher.match([{ field: 'sip.user_agent', value: userAgent }], true));
