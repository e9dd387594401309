import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { dotted, numberOf, parseNetwork } from './addresses.ts';

/**
 * What a sweep costs in Node itself: one process, one socket, one template that is patched for each address, one bit of memory each.
 * Identifies nobody. `reference.ts NETWORK` prints the addresses found, one a line.
 */
const TURN = 64;
const ROUNDS = 3;
const ROUND_MS = 500;
const WAIT_MS = 2000;
const RECEIVE_BUFFER = 4 << 20;
const NONCE = 16;
/** The longest dotted address: the To header is padded to it, the request line shifted. */
const WIDEST = '255.255.255.255'.length;

const network = parseNetwork(process.argv[2] ?? '');
const key = randomBytes(8);
const [keyA, keyB] = [key.readUInt32LE(0), key.readUInt32LE(4)];
const answered = new Uint8Array(Math.ceil(network.size / 8));
let found = 0;

const isAnswered = (index: number): boolean => ((answered[index >> 3]! >> (index & 7)) & 1) === 1;

/** One word of the nonce: mixed with the key, so that only who was asked knows it. */
function mixed(address: number, word: number): number {
  let hash = address ^ word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) ^ keyB;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) ^ word;
  return hash ^ (hash >>> 16);
}

function createTemplate(own: string) {
  const zeros = '0'.repeat(NONCE);
  const line = `OPTIONS sip:${' '.repeat(WIDEST)} SIP/2.0\r\n`;
  const bytes = Buffer.from(
    [
      `${line}Via: SIP/2.0/UDP ${own};branch=z9hG4bK${zeros};rport`,
      'Max-Forwards: 70',
      `From: <sip:sweep@${own}>;tag=1`,
      `To: <sip:${' '.repeat(WIDEST)}>`,
      `Call-ID: ${zeros}@sweep`,
      'CSeq: 1 OPTIONS',
      `Contact: <sip:sweep@${own}>`,
      'Accept: application/sdp',
      'User-Agent: sweep',
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n'),
    'latin1',
  );
  const at = {
    branch: bytes.indexOf('z9hG4bK') + 7,
    callId: bytes.indexOf('Call-ID: ') + 9,
    to: bytes.indexOf('To: <sip:') + 9,
    end: line.length - ' SIP/2.0\r\n'.length,
  };
  const writeNonce = (offset: number, word: number): void => {
    for (let digit = 0; digit < 8; digit++) {
      const nibble = (word >>> (28 - 4 * digit)) & 15;
      bytes[offset + digit] = nibble + (nibble < 10 ? 48 : 87);
    }
  };
  /** The datagram for an address: the template itself, valid until it is patched for the next. */
  return (number: number, address: string): Buffer => {
    const start = at.end - address.length - 'OPTIONS sip:'.length;
    bytes.write(`OPTIONS sip:${address}`, start, 'latin1');
    bytes.write(`${address}>`.padEnd(WIDEST + 1), at.to, 'latin1');
    const [a, b] = [mixed(number, keyA), mixed(number, keyA ^ keyB)];
    for (const offset of [at.branch, at.callId]) {
      writeNonce(offset, a);
      writeNonce(offset + 8, b);
    }
    return bytes.subarray(start);
  };
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

function hear(bytes: Buffer, address: string): void {
  const number = numberOf(address) ?? 0;
  const index = number - network.base;
  if (index < 0 || index >= network.size || isAnswered(index)) return;
  const nonce = hex(mixed(number, keyA)) + hex(mixed(number, keyA ^ keyB));
  if (!bytes.includes(nonce, 0, 'latin1')) return;
  answered[index >> 3]! |= 1 << (index & 7);
  found += 1;
}

async function openSocket(): Promise<Socket> {
  const probe = createSocket('udp4');
  await new Promise<void>((done) => probe.connect(5060, dotted(network.base + 1), done));
  const { address } = probe.address();
  probe.close();
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: RECEIVE_BUFFER,
    lookup: (name, _options, done) => done(null, name, 4),
  });
  socket.on('message', (bytes, from) => hear(bytes, from.address));
  await new Promise<void>((done) => socket.bind(0, address, done));
  return socket;
}

async function main(): Promise<void> {
  const socket = await openSocket();
  const { address, port } = socket.address();
  let probeFor = createTemplate(`${address}:${port}`);
  const ignore = (): void => undefined;
  for (let round = 0; round < ROUNDS && found < network.size; round++) {
    let inTurn = 0;
    for (let index = 0; index < network.size; index++) {
      if (isAnswered(index)) continue;
      const to = dotted(network.base + index);
      const bytes = probeFor(network.base + index, to);
      socket.send(bytes, 5060, to, ignore);
      // What the kernel did not take at once still waits in the template: the next one gets a new template.
      if (socket.getSendQueueCount() > 0) probeFor = createTemplate(`${address}:${port}`);
      if (++inTurn % TURN === 0) await nextTurn();
    }
    await sleep(round + 1 < ROUNDS ? ROUND_MS : WAIT_MS);
  }
  socket.close();
  const all = Array.from({ length: network.size }, (_, index) => index).filter(isAnswered);
  process.stdout.write(all.map((index) => `${dotted(network.base + index)}\n`).join(''));
}

await main();
