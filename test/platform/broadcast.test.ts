import { expect, it } from 'vitest';
import { openBroadcast } from '../../src/platform/broadcast.ts';
import { openUdp } from '../../src/platform/udp.ts';

it('hears what is sent to its port on any address of this host, and has no way to send', async () => {
  const socket = await openBroadcast(0);
  const sender = await openUdp({ address: '127.91.0.1', port: 0 });
  try {
    const heard = new Promise((resolve) => socket.onDatagram(resolve));
    sender.send(Buffer.from('DISCOVER'), '127.91.0.2', socket.localPort);
    expect(await heard).toEqual({
      bytes: Buffer.from('DISCOVER'),
      address: '127.91.0.1',
      port: sender.localPort,
    });
    expect(Object.keys(socket).sort()).toEqual(['close', 'localAddress', 'localPort', 'onDatagram']);
  } finally {
    await Promise.all([socket.close(), sender.close()]);
  }
});

it.each(['0.0.0.0', '127.91.0.3'])('takes no port that a server shares at %s', async (address) => {
  const server = await openUdp({ address, port: 0, reuse: true });
  try {
    await expect(openBroadcast(server.localPort)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  } finally {
    await server.close();
  }
});
