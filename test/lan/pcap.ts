/** What `tcpdump -w` has written, read far enough to say what a machine has sent. Ethernet, without VLANs. */

/** One frame. Of what is neither IPv4 nor IPv6 only `kind` and the addresses of Ethernet are told. */
export interface Frame {
  /** Seconds since 1970. */
  at: number;
  fromMac: string;
  toMac: string;
  kind: 'arp' | 'udp' | 'tcp' | 'icmp' | 'igmp' | 'icmpv6' | 'other';
  from: string;
  to: string;
  fromPort: number;
  toPort: number;
  /** Of TCP; null elsewhere. */
  segment: Segment | null;
  /** Of UDP and TCP what it carries, of ICMP all. */
  payload: Buffer;
}
export interface Segment {
  sequence: number;
  syn: boolean;
  fin: boolean;
  reset: boolean;
}

/** Throws on what is no capture of Ethernet: a broken proof is none. */
export function readFrames(capture: Buffer): Frame[] {
  const isNano = capture.readUInt32LE(0) === 0xa1b23c4d;
  if (!isNano && capture.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('no pcap of this machine');
  if (capture.readUInt32LE(20) !== 1) throw new Error('no capture of Ethernet');
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= capture.length;) {
    const [seconds, fraction, kept, length] = [0, 4, 8, 12].map((offset) =>
      capture.readUInt32LE(at + offset),
    ) as [number, number, number, number];
    if (kept !== length) throw new Error('a frame was cut: the capture proves nothing');
    frames.push(
      readFrame(seconds + fraction / (isNano ? 1e9 : 1e6), capture.subarray(at + 16, at + 16 + kept)),
    );
    at += 16 + kept;
  }
  return frames;
}

function readFrame(at: number, bytes: Buffer): Frame {
  const frame: Frame = {
    at,
    fromMac: macOf(bytes.subarray(6, 12)),
    toMac: macOf(bytes.subarray(0, 6)),
    kind: 'other',
    from: '',
    to: '',
    fromPort: 0,
    toPort: 0,
    segment: null,
    payload: Buffer.alloc(0),
  };
  switch (bytes.readUInt16BE(12)) {
    case 0x0806:
      return {
        ...frame,
        kind: 'arp',
        from: ipv4Of(bytes.subarray(28, 32)),
        to: ipv4Of(bytes.subarray(38, 42)),
      };
    case 0x0800:
      return readIpv4(frame, bytes.subarray(14));
    case 0x86dd:
      return readIpv6(frame, bytes.subarray(14));
    default:
      return frame;
  }
}

/** Frames are padded to 60 bytes: the packet ends where it says. */
function readIpv4(frame: Frame, bytes: Buffer): Frame {
  const packet = bytes.subarray(0, bytes.readUInt16BE(2));
  const addressed = { ...frame, from: ipv4Of(packet.subarray(12, 16)), to: ipv4Of(packet.subarray(16, 20)) };
  if ((packet.readUInt16BE(6) & 0x3fff) !== 0) throw new Error('a fragment left: nothing sent is that long');
  return readTransport(addressed, packet.readUInt8(9), packet.subarray((packet.readUInt8(0) & 15) * 4));
}

const HOP_BY_HOP = 0;

function readIpv6(frame: Frame, bytes: Buffer): Frame {
  const addressed = { ...frame, from: bytes.toString('hex', 8, 24), to: bytes.toString('hex', 24, 40) };
  const [next, rest] = [bytes.readUInt8(6), bytes.subarray(40, 40 + bytes.readUInt16BE(4))];
  if (next !== HOP_BY_HOP) return readTransport(addressed, next, rest);
  // MLD reports carry a router alert there.
  return readTransport(addressed, rest.readUInt8(0), rest.subarray((rest.readUInt8(1) + 1) * 8));
}

const KINDS: Readonly<Record<number, Frame['kind']>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmpv6',
};

function readTransport(frame: Frame, protocol: number, bytes: Buffer): Frame {
  const kind = KINDS[protocol] ?? 'other';
  if (kind === 'icmp') return { ...frame, kind, payload: bytes };
  if (kind !== 'udp' && kind !== 'tcp') return { ...frame, kind };
  const shared = { ...frame, kind, fromPort: bytes.readUInt16BE(0), toPort: bytes.readUInt16BE(2) };
  if (kind === 'udp') return { ...shared, payload: bytes.subarray(8) };
  const flags = bytes.readUInt8(13);
  return {
    ...shared,
    payload: bytes.subarray((bytes.readUInt8(12) >> 4) * 4),
    segment: {
      sequence: bytes.readUInt32BE(4),
      fin: (flags & 1) !== 0,
      syn: (flags & 2) !== 0,
      reset: (flags & 4) !== 0,
    },
  };
}

const macOf = (bytes: Buffer): string => (bytes.toString('hex').match(/../g) ?? []).join(':');
const ipv4Of = (bytes: Buffer): string => [...bytes].join('.');
