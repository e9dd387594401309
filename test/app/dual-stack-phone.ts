/** A phone that answers SIP over IPv4 and IPv6 alike, on UDP 5060 of the namespace that it is started in. */
import { createSocket } from 'node:dgram';
import { answerTo } from '../channels/answers.ts';

const socket = createSocket({ type: 'udp6', ipv6Only: false });
socket.on('message', (bytes, { address, port }) =>
  socket.send(answerTo(bytes, 'SIP/2.0 200 OK', [`User-Agent: ${process.argv[2] ?? ''}`]), port, address),
);
socket.bind(5060, '::');
