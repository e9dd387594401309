import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { createIntake } from '../../src/engine/intake.ts';
import type { OpenSite } from './site.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });

/** Takes answers to OPTIONS into the inventory of a site, at moments that a test chooses. */
export function hearing({ db, feed }: OpenSite) {
  const intake = createIntake({ db, feed, knowledge: () => knowledge });
  return (at: number, address: string, userAgent: string): void =>
    intake.accept([
      {
        channel: 'sip-options',
        at,
        from: { site: 'head-office', transport: 'udp', address, port: 5060 },
        solicited: true,
        facts: [
          { field: 'sip.status', value: '200' },
          { field: 'sip.user_agent', value: userAgent },
        ],
        raw: Buffer.from(`SIP/2.0 200 OK\r\nUser-Agent: ${userAgent}\r\n\r\n`),
      },
    ]);
}

export const T46S = 'Yealink SIP-T46S 66.84.0.15 001565aabbcc';
export const T46S_NEWER = 'Yealink SIP-T46S 66.86.0.15 001565aabbcc';
export const SNOM = 'snom370/8.7.5.48';
