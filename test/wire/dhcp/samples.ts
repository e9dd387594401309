import { readFileSync } from 'node:fs';
import { DHCP_TYPES, type DhcpType } from '../../../src/wire/dhcp/message.ts';

const FOLDER = 'test/captures/dhcp';

/** The datagrams of one capture. */
export const capture = (name: string): Uint8Array[] =>
  readFileSync(`${FOLDER}/${name}.hex.txt`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new Uint8Array(Buffer.from(line.split('\t')[1] ?? '', 'hex')));

export const CAPTURES = ['udhcpc-1.35.0', 'dhclient-4.4.3'] as const;

export type Option = readonly [code: number, value: readonly number[] | string];

/** What a message says, in the words of RFC 2131; everything may be left out. */
export interface Said {
  op?: number;
  htype?: number;
  hlen?: number;
  ciaddr?: string;
  giaddr?: string;
  chaddr?: string;
  sname?: readonly Option[];
  file?: readonly Option[];
  type?: DhcpType;
  options?: readonly Option[];
  /** What ends the options; none where a client forgets the end option. */
  tail?: readonly number[];
}

const addressBytes = (address: string): number[] => address.split('.').map(Number);
const optionBytes = (options: readonly Option[]): number[] =>
  options.flatMap(([code, value]) => {
    const bytes = [...Buffer.from(value as string)];
    return [code, bytes.length, ...bytes];
  });

/** Builds one message: what the product itself never does. */
export function message(said: Said = {}): Uint8Array {
  const bytes = Buffer.alloc(236);
  bytes.set([said.op ?? 1, said.htype ?? 1, said.hlen ?? 6, 0]);
  bytes.set(addressBytes(said.ciaddr ?? '0.0.0.0'), 12);
  bytes.set(addressBytes(said.giaddr ?? '0.0.0.0'), 24);
  bytes.write(said.chaddr ?? '001565aabbcc', 28, 'hex');
  bytes.set(optionBytes(said.sname ?? []), 44);
  bytes.set(optionBytes(said.file ?? []), 108);
  const type: Option[] = said.type === undefined ? [] : [[53, [DHCP_TYPES.indexOf(said.type) + 1]]];
  const options = optionBytes([...type, ...(said.options ?? [])]);
  return new Uint8Array([...bytes, 0x63, 0x82, 0x53, 0x63, ...options, ...(said.tail ?? [255])]);
}

/** Option 50. */
export const asksFor = (address: string): Option => [50, addressBytes(address)];
