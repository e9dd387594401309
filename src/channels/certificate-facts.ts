import type { Fact } from '../model/fact.ts';
import { bounded } from '../model/text.ts';
import type { Certificate } from '../platform/ports.ts';

/** What a TLS listener shows of itself: many makers write themselves and the MAC address into the certificate. */
export const certificateFacts = ({ subject, issuer, altNames }: Certificate): Fact[] =>
  [
    { field: 'tls.subject' as const, value: bounded(subject) },
    { field: 'tls.issuer' as const, value: bounded(issuer) },
    { field: 'tls.alt_names' as const, value: bounded(altNames) },
  ].filter(({ value }) => value !== '');
