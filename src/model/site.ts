import type { SiteId } from './endpoint.ts';
import type { Language } from './text.ts';

/** One LAN with one daemon. */
export interface Site {
  id: SiteId;
  name: string;
  language: Language;
  /** IANA name such as `Europe/Amsterdam`: for showing times to people. */
  timezone: string;
}
