import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../platform/certificates.ts';
import type { Place } from './network.ts';

/** How a real program is started in a folder of its own, and which ports it holds when it is up. */
export interface Program {
  /** The program of a Debian package that must be installed. */
  needs: string;
  holds: readonly Place[];
  /** Writes its files into `folder`; the result is how it is started. */
  prepare(folder: string, address: string): readonly string[];
}

const write = (folder: string, name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), [...lines, ''].join('\n'));
  return join(folder, name);
};

function certificate(folder: string, subject: string): { cert: string; key: string; both: string } {
  const { key, cert } = selfSigned(subject);
  const texts = [key, cert].map((text) => text.toString('latin1'));
  return {
    key: write(folder, 'key.pem', texts.slice(0, 1)),
    cert: write(folder, 'cert.pem', texts.slice(1)),
    both: write(folder, 'both.pem', texts),
  };
}

const MODULE_PATH = 'module_path /usr/lib/baresip/modules';

/** Without a certificate baresip opens no port for TLS; `udp` alone is told by the account, and opens TCP none the less. */
export const baresip = (subject?: string): Program => ({
  needs: 'baresip',
  holds: ['udp 5060', 'tcp 5060', ...(subject === undefined ? [] : ['tcp 5061' as const])],
  prepare(folder, address) {
    const secure = subject === undefined ? [] : [`sip_certificate ${certificate(folder, subject).both}`];
    write(folder, 'config', [`sip_listen ${address}:5060`, ...secure, MODULE_PATH, 'module account.so']);
    write(folder, 'accounts', [`<sip:phone@${address}>;regint=0`]);
    return ['baresip', '-f', folder];
  },
});

export const kamailio: Program = {
  needs: 'kamailio',
  holds: ['udp 5060', 'tcp 5060', 'tcp 5061'],
  prepare(folder, address) {
    const { cert, key } = certificate(folder, '/O=Acme PBX/CN=pbx.example');
    const config = write(folder, 'kamailio.cfg', [
      '#!KAMAILIO',
      'log_stderror=yes',
      'children=1',
      'tcp_children=1',
      `listen=udp:${address}:5060`,
      `listen=tcp:${address}:5060`,
      `listen=tls:${address}:5061`,
      'enable_tls=yes',
      'auto_aliases=no',
      'dns=no',
      'rev_dns=no',
      'loadmodule "sl.so"',
      'loadmodule "tls.so"',
      `modparam("tls", "certificate", "${cert}")`,
      `modparam("tls", "private_key", "${key}")`,
      'modparam("tls", "tls_method", "TLSv1.2+")',
      'request_route { sl_send_reply("200", "OK"); }',
    ]);
    return [
      'kamailio',
      '-f',
      config,
      '-DD',
      '-E',
      '-m',
      '64',
      '-M',
      '8',
      '-P',
      join(folder, 'pid'),
      '-Y',
      folder,
    ];
  },
};

export const linphone: Program = {
  needs: 'linphonec',
  holds: ['udp 5060', 'tcp 5060'],
  prepare(folder) {
    // It opens no port before it has made its database there.
    mkdirSync(join(folder, '.local/share/linphone'), { recursive: true });
    const ports = ['sip_port=5060', 'sip_tcp_port=5060', 'sip_tls_port=0'];
    return ['linphonec', '-c', write(folder, 'linphonerc', ['[sip]', ...ports, '[net]', 'stun_server='])];
  },
};

/** A phone of sipp: answers every OPTIONS over UDP with that status and User-Agent. */
export const sipp = (status: string, userAgent: string): Program => ({
  needs: 'sipp',
  holds: ['udp 5060'],
  prepare(folder, address) {
    const scenario = write(folder, 'phone.xml', [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<scenario name="phone">',
      '<recv request="OPTIONS"/>',
      '<send><![CDATA[',
      '',
      `SIP/2.0 ${status}`,
      '[last_Via:]',
      '[last_From:]',
      '[last_To:];tag=[pid]SIPpTag[call_number]',
      '[last_Call-ID:]',
      '[last_CSeq:]',
      'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS',
      `User-Agent: ${userAgent}`,
      'Content-Length: 0',
      '',
      ']]></send>',
      '</scenario>',
    ]);
    return ['sipp', '-sf', scenario, '-i', address, '-p', '5060', '-nostdin', '-nd', '-trace_err'];
  },
});

/** A service that avahi-daemon announces. */
export interface Service {
  type: string;
  port: number;
  texts?: readonly string[];
}

/** It reads /etc/avahi and writes to /run: in a mount namespace of its own those are ours. */
export const avahi = (host: string, name: string, services: readonly Service[]): Program => ({
  needs: 'avahi-daemon',
  holds: ['udp 5353'],
  prepare(folder) {
    mkdirSync(join(folder, 'services'));
    write(folder, 'avahi-daemon.conf', [
      ...['[server]', `host-name=${host}`, 'use-ipv6=no', 'enable-dbus=no'],
      ...['[publish]', 'publish-workstation=no', 'publish-hinfo=no'],
    ]);
    const group = services.map(
      ({ type, port, texts = [] }) =>
        `<service><type>${type}</type><port>${port}</port>${texts.map((text) => `<txt-record>${text}</txt-record>`).join('')}</service>`,
    );
    write(join(folder, 'services'), 'all.service', [
      '<!DOCTYPE service-group SYSTEM "avahi-service.dtd">',
      `<service-group><name>${name}</name>${group.join('')}</service-group>`,
    ]);
    const run = `mount --bind ${folder} /etc/avahi && mount -t tmpfs none /run && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits`;
    return ['unshare', '-m', 'sh', '-c', run];
  },
});

export const miniupnpd: Program = {
  needs: 'miniupnpd',
  holds: ['udp 1900'],
  prepare(folder) {
    const config = write(folder, 'miniupnpd.conf', [
      ...['ext_ifname=lo', 'listening_ip=lan', 'http_port=49000', 'enable_natpmp=no', 'enable_upnp=yes'],
      ...['uuid=5d0f4d35-4d25-4a6f-a3e9-77c1d2a0b3c4', 'friendly_name=Router', 'notify_interval=10'],
    ]);
    return ['miniupnpd', '-d', '-f', config, '-P', join(folder, 'pid')];
  },
};
