import { readFileSync } from 'node:fs';
import { formatFault } from '../../src/model/fault.ts';
import type { SimulatedPhone } from '../../src/simulation/phone.ts';
import { planSite } from '../../src/simulation/plan.ts';
import { loadRoster, type PhoneModel } from '../../src/simulation/roster.ts';

export const ROSTER_FILE = 'rules/simulation/phones.yaml';

function load(): readonly PhoneModel[] {
  const roster = loadRoster(readFileSync(ROSTER_FILE, 'utf8'), ROSTER_FILE);
  if (!roster.ok) throw new Error(roster.fault.map(formatFault).join('\n'));
  return roster.value;
}

/** The roster that is shipped. */
export const ROSTER = load();

// Not the default network: other tests use that one at the same time.
export const NETWORK = '127.78.0.0/24';

export const site = (changed: { phones?: number; seed?: number; network?: string } = {}): SimulatedPhone[] =>
  planSite({ network: NETWORK, phones: 60, seed: 7, roster: ROSTER, ...changed });

/** The phone of that model on a site that has one of each. */
export function phoneOf(modelId: string): SimulatedPhone {
  const phone = site().find(({ model }) => model.id === modelId);
  if (phone === undefined) throw new Error(`no ${modelId} in the roster`);
  return phone;
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** An OPTIONS as RFC 3261 11 has it. */
export const optionsRequest = (callId = 'c1', method = 'OPTIONS'): Uint8Array =>
  encode(
    [
      `${method} sip:127.78.0.9:5060 SIP/2.0`,
      'Via: SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bKabc123;rport',
      'Max-Forwards: 70',
      'From: <sip:audit@127.0.0.1:40000>;tag=f1',
      'To: <sip:127.78.0.9:5060>',
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
