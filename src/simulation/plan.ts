import { AppError } from '../model/app-error.ts';
import { formatIpv4, parseLoopbackNetwork } from './loopback.ts';
import { tellsMac, type SimulatedPhone } from './phone.ts';
import { createRandom, type Random } from './random.ts';
import type { PhoneModel } from './roster.ts';

/** Something that happens while the site runs: from then on `phone` is what it is, under the id that it had. */
export interface Change {
  kind: 'firmware-updated' | 'moved' | 'appeared';
  phone: SimulatedPhone;
}

interface SiteRequest {
  /** Inside 127.0.0.0/8, such as `127.77.0.0/24`. */
  network: string;
  phones: number;
  seed: number;
  roster: readonly PhoneModel[];
}

export const DEFAULT_NETWORK = '127.77.0.0/24';
export const DEFAULT_PHONES = 60;

/**
 * Who stands where: one of every model first, then more of the frequent ones. The same request gives the same site.
 * Throws AppError USAGE for a network that is none or has no room.
 */
export function planSite({ network, phones, seed, roster }: SiteRequest): SimulatedPhone[] {
  const random = createRandom(`site ${seed}`);
  const book = createBook(network, random, []);
  if (phones > book.room)
    throw new AppError('USAGE', `${network} has room for ${book.room} phones, not for ${phones}.`, {
      hint: 'Ask for fewer phones or name a wider network.',
    });
  return deal(roster, phones, random).flatMap((model, index) => book.install(`p${index + 1}`, model) ?? []);
}

/** What happens on a site while it runs, in turn: a newcomer, an update, a move. Fewer than `count` where nothing is left to do. */
export function planChanges(
  phones: readonly SimulatedPhone[],
  { network, seed, roster, count }: Omit<SiteRequest, 'phones'> & { count: number },
): Change[] {
  const random = createRandom(`changes ${seed}`);
  const book = createBook(network, random, phones);
  const newcomers = random.shuffled(roster.filter((model) => model.newcomer));
  const site = new Map(phones.map((phone) => [phone.id, phone]));

  const update = (): Change | null => {
    const behind = [...site.values()].filter((phone) => newerFirmware(phone) !== null);
    if (behind.length === 0) return null;
    const phone = random.pick(behind);
    return { kind: 'firmware-updated', phone: { ...phone, firmware: newerFirmware(phone) } };
  };
  const move = (): Change | null => {
    // Only a phone whose MAC is heard can be known again elsewhere.
    const known = [...site.values()].filter(tellsMac);
    const address = known.length === 0 ? null : book.freeAddress();
    return address === null ? null : { kind: 'moved', phone: { ...random.pick(known), address } };
  };
  const appear = (): Change | null => {
    const model = newcomers[(site.size - phones.length) % newcomers.length];
    const phone = model === undefined ? null : book.install(`p${site.size + 1}`, model);
    return phone === null ? null : { kind: 'appeared', phone };
  };

  const steps = [appear, update, move] as const;
  const changes: Change[] = [];
  for (let turn = 0; turn < count; turn++) {
    const change = steps[turn % steps.length]?.() ?? null;
    if (change === null) continue;
    site.set(change.phone.id, change.phone);
    changes.push(change);
  }
  return changes;
}

function deal(roster: readonly PhoneModel[], count: number, random: Random): PhoneModel[] {
  const frequent = roster.flatMap((model) => Array.from({ length: model.share - 1 }, () => model));
  const dealt: PhoneModel[] = [];
  while (dealt.length < count) dealt.push(...random.shuffled(roster), ...random.shuffled(frequent));
  return dealt.slice(0, count);
}

function newerFirmware({ model, firmware }: SimulatedPhone): string | null {
  return firmware === null ? null : (model.firmwares[model.firmwares.indexOf(firmware) + 1] ?? null);
}

/** Keeps the addresses and MACs that are given out; an address that was left is not given to another phone. */
function createBook(network: string, random: Random, phones: readonly SimulatedPhone[]) {
  const { first, last } = parseLoopbackNetwork(network);
  const room = last - first + 1;
  const addresses = new Set(phones.map((phone) => phone.address));
  const macs = new Set(phones.map((phone) => phone.mac));

  const freeAddress = (): string | null => {
    if (addresses.size >= room) return null;
    let offset = random.below(room);
    while (addresses.has(formatIpv4(first + offset))) offset = (offset + 1) % room;
    const address = formatIpv4(first + offset);
    addresses.add(address);
    return address;
  };
  const freeMac = (oui: string): string => {
    const mac = oui.toLowerCase() + random.text('0123456789abcdef', 6);
    if (macs.has(mac)) return freeMac(oui);
    macs.add(mac);
    return mac;
  };
  const install = (id: string, model: PhoneModel): SimulatedPhone | null => {
    const address = freeAddress();
    if (address === null) return null;
    const firmware = model.firmwares.length === 0 ? null : random.pick(model.firmwares);
    return { id, model, address, mac: freeMac(model.oui), firmware };
  };
  return { room, freeAddress, install };
}
