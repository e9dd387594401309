import type { Sighting } from '../../src/model/sighting.ts';
import { sighting } from '../store/samples.ts';

const PHONES = 120;
const START = Date.UTC(2026, 10, 2, 8);

/**
 * The nth thing heard on a site that lives: phones answer, change their firmware, move, and are heard without a MAC address before they
 * are heard with one, so that two records become one. The same number is always the same sighting.
 */
export function sightingNumber(n: number): Sighting {
  const round = Math.floor(n / PHONES);
  const phone = n % PHONES;
  // Few places, so that none is turned away for claiming too many.
  const host = (phone + ((round >> 3) % 8) * 7) % PHONES;
  const mac = `001565${phone.toString(16).padStart(6, '0')}`;
  const tellsMac = (n + round) % 3 === 0;
  const firmware = `66.84.0.${10 + (((phone + round) >> 3) % 9)}`;
  return sighting({
    at: START + n * 2,
    from: { site: 'office', transport: 'udp', address: `192.0.2.${host + 1}`, port: 5060 },
    solicited: true,
    channel: tellsMac ? 'sip-pnp' : 'sip-options',
    facts: [
      { field: 'sip.status', value: '200' },
      { field: 'sip.user_agent', value: `Yealink SIP-T46S ${firmware}${tellsMac ? ` ${mac}` : ''}` },
    ],
  });
}
