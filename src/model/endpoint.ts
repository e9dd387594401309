export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export type SiteId = string;

/** Where a SIP element is reached. `address` is canonical text (`192.0.2.7`, `fd00::7`), never a host name. */
export interface Endpoint {
  site: SiteId;
  transport: Transport;
  address: string;
  port: number;
}

/** `192.0.2.7:5060`, `[fd00::7]:5060`: how an endpoint is written for people and in SIP URIs. */
export const hostPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
