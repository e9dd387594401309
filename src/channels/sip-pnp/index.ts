import type { Static } from 'typebox';
import { aborted } from '../../model/aborted.ts';
import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import type { Datagram } from '../../platform/ports.ts';
import { headerValue } from '../../wire/sip/headers.ts';
import type { SipMessage } from '../../wire/sip/message.ts';
import { parseSip } from '../../wire/sip/parse.ts';
import { parseNameAddr, parseSipUri } from '../../wire/sip/uri.ts';
import type { PassiveChannel, ChannelReport, PassiveContext, Refusal } from '../channel.ts';
import { createFlood } from '../flood.ts';
import { config } from './config.ts';
import { factsOf, isPnpSubscribe } from './facts.ts';
import { createMemory, MOST_TAKEN } from './limits.ts';

/** `sip.mcast.net`: RFC 3261 10.2.6 names it for REGISTER; phones use it to look for a provisioning server when they boot. */
export const PNP_GROUP = '224.0.1.75';
export const PNP_PORT = 5060;

/**
 * Hears phones that boot and ask for provisioning. It is handed a network without a way to send: any answer, even an error, can
 * steal or stop a phone's provisioning (Grandstream and Htek stop asking on 200 and on 500).
 */
export const sipPnp: PassiveChannel<typeof config> = {
  name: 'sip-pnp',
  mode: 'passive',
  config,
  yieldsTo: PNP_PORT,
  run: async (context) => {
    const report: ChannelReport = { sent: 0, heard: 0, refused: {} };
    const hear = createHearer(context);
    const socket = await context.net.joinGroup(PNP_GROUP, PNP_PORT, context.config.interfaces);
    socket.onDatagram((datagram) => {
      report.heard += 1;
      const refusal = hear(datagram);
      if (refusal !== null) report.refused[refusal] = (report.refused[refusal] ?? 0) + 1;
    });
    await aborted(context.signal);
    await socket.close();
    return report;
  },
};

function createHearer(
  context: PassiveContext<Static<typeof config>>,
): (datagram: Datagram) => Refusal | null {
  const seen = createMemory();
  const flood = createFlood(context.clock, MOST_TAKEN);
  return (datagram) => {
    if (!context.net.isInScope(datagram.address)) return 'out-of-scope';
    if (flood.isOver(datagram.address)) return 'rate-limited';
    const parsed = parseSip(datagram.bytes);
    if (!parsed.ok) return parsed.fault === 'not-sip' || parsed.fault === 'empty' ? 'not-sip' : 'malformed';
    const message = parsed.value;
    if (message.kind !== 'request' || !isPnpSubscribe(message)) return 'irrelevant';
    // Phones repeat an unanswered SUBSCRIBE (Grandstream five times): same Call-ID and CSeq, RFC 3261 17.1.2.2.
    if (
      !seen.add(
        `${datagram.address} ${headerValue(message, 'Call-ID') ?? ''} ${headerValue(message, 'CSeq') ?? ''}`,
      )
    )
      return 'duplicate';
    context.emit({
      channel: 'sip-pnp',
      at: context.clock.now(),
      from: {
        site: context.site,
        transport: 'udp',
        address: datagram.address,
        port: listeningPort(message, datagram),
      },
      solicited: false,
      facts: factsOf(message),
      raw: datagram.bytes.slice(0, MAX_RAW_BYTES),
    });
    return null;
  };
}

/** The port of its Contact, where that names the very address it came from; else the one it sent from (some send from 5059). */
function listeningPort(message: SipMessage, { address, port }: Datagram): number {
  const contact = parseSipUri(parseNameAddr(headerValue(message, 'Contact') ?? '')?.uri ?? '');
  return contact?.host === address ? (contact.port ?? SIP_PORT) : port;
}

/** Where a URI without a port means (RFC 3261 19.1.2). */
const SIP_PORT = 5060;
