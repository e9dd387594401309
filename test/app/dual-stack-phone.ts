/** A phone that answers SIP over IPv4 and IPv6 alike, on UDP 5060 of the namespace that it is started in; it notes who asked. */
import { createSocket } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { answerTo } from '../channels/answers.ts';

const [, , userAgent = '', log = ''] = process.argv;
const socket = createSocket({ type: 'udp6', ipv6Only: false });
socket.on('message', (bytes, { address, port }) => {
  appendFileSync(log, `${address}\n`);
  socket.send(answerTo(bytes, 'SIP/2.0 200 OK', [`User-Agent: ${userAgent}`]), port, address);
});
socket.bind(5060, '::');
