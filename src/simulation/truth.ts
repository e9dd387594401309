import type { DeviceKind } from '../model/identity.ts';
import { identityOf, tellsMac, type SimulatedPhone } from './phone.ts';

/** What one phone of the site really is, as far as its own messages tell; the shape is public (docs/cli.md). */
export interface TruePhone {
  address: string;
  /** Where it answers; for a phone that does not, where its SUBSCRIBEs come from. */
  port: number;
  transport: 'udp';
  answers: boolean;
  channels: ('sip-options' | 'sip-pnp')[];
  userAgent: string | null;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  mac: string | null;
  kind: DeviceKind | null;
}

/** The truth about a site, to compare with what a census of it found. */
export const truthOf = (phones: readonly SimulatedPhone[]): { phones: TruePhone[] } => ({
  phones: phones.map((phone) => {
    const { answer, pnp, vendor, model, kind } = phone.model;
    return {
      address: phone.address,
      port: answer?.port ?? pnp?.port ?? 0,
      transport: 'udp',
      answers: answer !== null,
      channels: [
        ...(answer === null ? [] : ['sip-options' as const]),
        ...(pnp === null ? [] : ['sip-pnp' as const]),
      ],
      userAgent: identityOf(phone),
      vendor,
      model,
      firmware: phone.firmware,
      mac: tellsMac(phone) ? phone.mac : null,
      kind,
    };
  }),
});
