import { render } from './form.ts';
import { valuesOf, type SimulatedPhone } from './phone.ts';
import { createRandom } from './random.ts';

/** The SUBSCRIBE by which a phone looks for a provisioning server when it boots, or null for one that does not. */
export function subscribeOf(phone: SimulatedPhone, bootedAt: number): Uint8Array | null {
  const { pnp } = phone.model;
  if (pnp === null) return null;
  const values = { ...valuesOf(phone), port: String(pnp.port), pnpModel: pnp.model };
  // Call-ID and tags are new at every boot: a listener takes what it has seen for a retransmission (RFC 3261 17.1.2.2).
  return render(pnp.form, values, createRandom(`${phone.mac} ${bootedAt}`));
}
