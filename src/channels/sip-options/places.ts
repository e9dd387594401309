import type { Endpoint, Transport } from '../../model/endpoint.ts';

export type Place = Pick<Endpoint, 'transport' | 'port'>;

/** The port of SIP over TLS where 5060 is that of UDP and TCP (RFC 3261 19.1.2). */
const TLS_PORT_FOR_5060 = 5061;

/**
 * Where a host is asked, in the order of asking. Over TLS 5061 stands for 5060. No port gets two connections in a sweep: where both
 * TCP and TLS are wanted, 5061 is asked over TLS and every other port over TCP.
 */
export function placesToAsk(ports: readonly number[], transports: readonly Transport[]): Place[] {
  const isShared = transports.includes('tcp') && transports.includes('tls');
  const portsOver = {
    udp: ports,
    tcp: ports.filter((port) => !isShared || port !== TLS_PORT_FOR_5060),
    tls: ports
      .map((port) => (port === 5060 ? TLS_PORT_FOR_5060 : port))
      .filter((port) => !isShared || port === TLS_PORT_FOR_5060),
  };
  return (['udp', 'tcp', 'tls'] as const)
    .filter((transport) => transports.includes(transport))
    .flatMap((transport) => [...new Set(portsOver[transport])].map((port) => ({ transport, port })));
}
