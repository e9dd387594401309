import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = 'test/captures/mdns';

export interface Capture {
  file: string;
  address: string;
  bytes: Uint8Array;
}

/** The datagrams of test/captures/mdns whose file name has this in it. */
export const capturesOf = (name = ''): Capture[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.hex.txt') && file.includes(name))
    .flatMap((file) =>
      readFileSync(`${FOLDER}/${file}`, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => {
          const [address = '', hex = ''] = line.split('\t');
          return { file, address, bytes: new Uint8Array(Buffer.from(hex.trim(), 'hex')) };
        }),
    );
