import type { Static } from 'typebox';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { hostName, processId } from '../../../platform/own-host.ts';
import { sendDatagrams } from '../../../platform/send-datagrams.ts';
import type { SendFault } from '../../../platform/send-fault.ts';
import { sendStream, type TlsTrust } from '../../../platform/send-stream.ts';
import { TIMEOUT_MS, type DeliveryFault, type Sink, type SinkContext } from '../../sink.ts';
import { config } from './config.ts';
import { formatRecord } from './record.ts';
import { recordsOf } from './records.ts';

type Settings = Static<typeof config>;

/** RFC 5426 and RFC 5425 name the ports for UDP and TLS; plain TCP has none of its own (RFC 6587). */
const PORTS = { udp: 514, tcp: 514, tls: 6514 } as const;
/** What a receiver should take: RFC 5426 section 3.2, RFC 5425 section 4.3.1. */
const MOST_OCTETS = { udp: 2048, tcp: 8192, tls: 8192 } as const;

/** Writes alerts into a syslog server: RFC 5424 over UDP, TCP or TLS. */
export const syslog: Sink<typeof config> = {
  name: 'syslog',
  config,
  async deliver(message, context) {
    const { transport, host, port = PORTS[transport] } = context.config;
    const records = recordsOf(message, context.config, { hostName: hostName(), processId: processId() });
    const written = records.map((record) => formatRecord(record, MOST_OCTETS[transport]));
    const target = { host, port, timeoutMs: TIMEOUT_MS, signal: context.signal };
    if (transport === 'udp') return toDelivery(await sendDatagrams(target, written));
    const tls = transport === 'tls' ? trustOf(context) : success(null);
    if (!tls.ok) return tls;
    return toDelivery(await sendStream({ ...target, tls: tls.value }, Buffer.concat(written.flatMap(frame))));
  },
};

/** Octet counting, RFC 6587 section 3.4.1 and RFC 5425 section 4.3: no octet of a message can be taken for its end. */
const frame = (record: Uint8Array): Uint8Array[] => [Buffer.from(`${record.length} `), record];

function trustOf(context: SinkContext<Settings>): Outcome<TlsTrust, DeliveryFault> {
  const { caFile = null, certificateFile, certificateKey } = context.config;
  if (certificateFile === undefined || certificateKey === undefined)
    return success({ caFile, certificate: null });
  const key = context.secret(certificateKey);
  return key.ok ? success({ caFile, certificate: { file: certificateFile, key: key.value } }) : key;
}

type Judgement = Pick<DeliveryFault, 'reason' | 'retry'>;

/** Servers come back, and certificates are renewed, ours too; a file that cannot be read needs a person. */
const JUDGEMENTS: Readonly<Record<SendFault['kind'], Judgement>> = {
  unreachable: { reason: 'network', retry: true },
  closed: { reason: 'network', retry: true },
  silent: { reason: 'timeout', retry: true },
  'too-long': { reason: 'rejected', retry: false },
  interrupted: { reason: 'aborted', retry: true },
  untrusted: { reason: 'network', retry: true },
  unwelcome: { reason: 'auth', retry: true },
  unreadable: { reason: 'auth', retry: false },
};

const toDelivery = (sent: Outcome<void, SendFault>): Outcome<void, DeliveryFault> =>
  sent.ok ? sent : failure({ ...JUDGEMENTS[sent.fault.kind], detail: sent.fault.detail });
