import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../platform/certificates.ts';
import { valueOf } from '../sim/sweep.ts';
import { realSweep } from './real-sweep.ts';

const isInstalled = (program: string): boolean => spawnSync(program, ['-v']).error === undefined;

/** Resolves when somebody listens there. */
async function comesUp(address: string, port: number): Promise<void> {
  const isUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: address, port }, () => resolve(true));
      socket.once('error', () => resolve(false)).once('connect', () => socket.end());
    });
  for (let tries = 0; tries < 100; tries++) {
    if (await isUp()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nobody listens on ${address}:${port}`);
}

interface Program {
  name: string;
  address: string;
  certificate: string;
  /** Its files in `folder`; the result is how it is started. */
  prepare(folder: string, address: string): string[];
}

const baresip: Program = {
  name: 'baresip',
  address: '127.92.0.1',
  certificate: '/O=Acme/CN=001565aabbcc',
  prepare(folder, address) {
    writeFileSync(
      join(folder, 'config'),
      [
        `sip_listen ${address}:5060`,
        `sip_certificate ${folder}/both.pem`,
        'module_path /usr/lib/baresip/modules',
        'module account.so',
        '',
      ].join('\n'),
    );
    writeFileSync(join(folder, 'accounts'), `<sip:phone@${address}>;regint=0\n`);
    return ['-f', folder];
  },
};

const kamailio: Program = {
  name: 'kamailio',
  address: '127.92.0.2',
  certificate: '/O=Acme PBX/CN=pbx.example',
  prepare(folder, address) {
    writeFileSync(
      join(folder, 'kamailio.cfg'),
      [
        '#!KAMAILIO',
        'log_stderror=yes',
        'children=1',
        'tcp_children=1',
        ...['udp', 'tcp', 'tls'].map(
          (transport) => `listen=${transport}:${address}:${transport === 'tls' ? 5061 : 5060}`,
        ),
        'enable_tls=yes',
        'auto_aliases=no',
        'loadmodule "sl.so"',
        'loadmodule "tls.so"',
        `modparam("tls", "certificate", "${folder}/cert.pem")`,
        `modparam("tls", "private_key", "${folder}/key.pem")`,
        // Its default is TLS 1.0 alone, which Debian's OpenSSL refuses to serve.
        'modparam("tls", "tls_method", "TLSv1.2+")',
        'request_route { sl_send_reply("200", "OK"); }',
        '',
      ].join('\n'),
    );
    return ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-m', '64', '-M', '8', '-Y', folder];
  },
};

describe.each([baresip, kamailio])(
  'sip-options, of Debian’s $name on loopback (needs it to be installed)',
  (program) => {
    const { name, address } = program;
    let folder: string;
    let child: ChildProcess;

    beforeAll(async () => {
      if (!isInstalled(name)) return;
      folder = mkdtempSync(join(tmpdir(), `sipcensus-${name}-`));
      const { key, cert } = selfSigned(program.certificate);
      writeFileSync(join(folder, 'key.pem'), key);
      writeFileSync(join(folder, 'cert.pem'), cert);
      writeFileSync(join(folder, 'both.pem'), Buffer.concat([key, cert]));
      // Its own group, so that what it forks ends with it.
      child = spawn(name, program.prepare(folder, address), { detached: true, stdio: 'ignore' });
      await comesUp(address, 5061);
    });

    afterAll(async () => {
      if (!isInstalled(name)) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      process.kill(-(child.pid ?? NaN), 'SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    });

    it.skipIf(!isInstalled(name))('hears it over UDP, TCP and TLS, with its certificate', async () => {
      const { heard, report } = await realSweep(`${address}/32`, { transports: ['udp', 'tcp', 'tls'] });
      expect(heard.map(({ from }) => `${from.transport} ${from.port}`)).toEqual([
        'udp 5060',
        'tcp 5060',
        'tls 5061',
      ]);
      expect(report).toEqual({ sent: 3, heard: 3, refused: {} });
      const statuses = heard.map((sighting) => valueOf(sighting, 'sip.status'));
      // baresip knows no user of no name; a loop (482) or a wrong Via (400) would be our fault.
      expect(new Set(statuses)).toEqual(new Set([name === 'baresip' ? '404' : '200']));
      for (const sighting of heard) expect(valueOf(sighting, 'sip.server')).toMatch(new RegExp(`^${name} `));
      expect(heard.map((sighting) => valueOf(sighting, 'tls.subject'))).toEqual([
        undefined,
        undefined,
        program.certificate.split('/').slice(1).reverse().join(','),
      ]);
    });
  },
);
