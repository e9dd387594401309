import { formatMac } from '../model/mac.ts';
import { fill, type Values } from './form.ts';
import { createRandom } from './random.ts';
import type { PhoneModel } from './roster.ts';

/** One phone of the site. */
export interface SimulatedPhone {
  id: string;
  model: PhoneModel;
  address: string;
  /** 12 lower-case hex digits. */
  mac: string;
  /** Null where the model's messages tell none. */
  firmware: string | null;
}

/** User-Agent or Server value of a phone, or null for one without a name. */
export const identityOf = ({ id, model, firmware, mac }: SimulatedPhone): string | null =>
  model.identity === null
    ? null
    : fill(model.identity, { firmware: firmware ?? '', mac, MAC: mac.toUpperCase() }, createRandom(id));

/** What every form may say of the phone that sends it. */
export const valuesOf = (phone: SimulatedPhone): Values => ({
  identity: identityOf(phone) ?? '',
  firmware: phone.firmware ?? '',
  mac: phone.mac,
  MAC: phone.mac.toUpperCase(),
  macColons: formatMac(phone.mac),
  address: phone.address,
  // Digits as letters, A for 0: a Grandstream GRP2612W writes its address so in the Call-ID.
  addressLetters: phone.address.replace(/\d/g, (digit) => 'ABCDEFGHIJ'[Number(digit)] ?? ''),
  empty: '',
});

/** Whether a message of the phone, of whatever kind, carries its MAC. */
export const tellsMac = ({ model: { identity, answer, pnp } }: SimulatedPhone): boolean =>
  [identity, answer?.form, pnp?.form].some((form) => /\$\{mac(?:Colons)?\}/i.test(form ?? ''));
