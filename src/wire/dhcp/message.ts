/** Where clients send what they ask (RFC 2131 4.1). */
export const DHCP_SERVER_PORT = 67;

/** What fits in one Ethernet frame: clients ask in far less (RFC 2131 2 promises them 576 bytes), and none fragments. */
export const MAX_MESSAGE_BYTES = 1472;
/** What one option can hold (RFC 2132 9.8); a list split over several (RFC 3396) is cut there. */
export const MAX_PARAMETERS = 255;

/** Option 53, 1 to 8 (RFC 2132 9.6). */
export const DHCP_TYPES = [
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
] as const;
export type DhcpType = (typeof DHCP_TYPES)[number];

/** One DHCPv4 message, as far as it tells who sent it. What it does not say is null; a text is at most MAX_FIELD_LENGTH. */
export interface DhcpMessage {
  op: 'request' | 'reply';
  /** Null where it is plain BOOTP, or of a type that came later. */
  type: DhcpType | null;
  /** htype: 1 is Ethernet (RFC 1700). */
  hardwareType: number;
  /** The hlen bytes of chaddr as lower-case hex digits. */
  hardwareAddress: string;
  /** ciaddr: the address that the client has; null for 0.0.0.0. */
  clientAddress: string | null;
  /** Option 50: the address that the client would like, or has just been offered. */
  requestedAddress: string | null;
  /** Option 12, as sent: a NUL may end it. */
  hostName: string | null;
  /** Option 60, as sent: a NUL may end it. */
  vendorClass: string | null;
  /** Option 61, type byte included, as lower-case hex digits. */
  clientIdentifier: string | null;
  /** Option 55, in the order sent, which tells the client's software; empty where there is none. */
  parameters: readonly number[];
}

/** Why bytes are no DHCP message, closed. */
export type DhcpFault =
  | 'too-short' // less than the fixed fields and the cookie
  | 'too-long'
  | 'bad-op' // neither BOOTREQUEST nor BOOTREPLY
  | 'bad-hardware-address' // longer than its field
  | 'bad-cookie' // BOOTP without options, or something else
  | 'cut-short'; // an option reaches beyond the end
