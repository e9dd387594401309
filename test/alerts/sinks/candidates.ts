import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { afterAll } from 'vitest';
import { SINKS, type SinkName } from '../../../src/alerts/registry.ts';
import type { config as webhookConfig } from '../../../src/alerts/sinks/webhook/config.ts';
import { selfSigned } from '../../platform/certificates.ts';
import { readMail } from '../read-mail.ts';
import { makeCertificate, PASSWORD, startSmtp, USER } from '../smtp.ts';
import { processesNaming, script } from './command-peer.ts';
import type { Candidate } from './conformance.ts';
import { freePort } from './free-port.ts';
import { openHttp } from './http-peer.ts';
import { openSyslog, syslogSettings, type Transport } from './syslog-peer.ts';

type SettingsOf<N extends SinkName> = Static<(typeof SINKS)[N]['config']>;

const folder = mkdtempSync(join(tmpdir(), 'sipcensus-conformance-'));
const mail = makeCertificate();
afterAll(() => {
  mail.remove();
  rmSync(folder, { recursive: true });
});

/** A mail server that wants TLS and a login. */
const email = (): Candidate<(typeof SINKS)['email']['config']> => {
  const login = { user: USER, password: { environment: 'MAIL_PASSWORD' } };
  const settings = (port: number, caFile?: string): SettingsOf<'email'> => ({
    host: '127.0.0.1',
    port,
    security: 'starttls',
    from: 'alerts@example.nl',
    to: ['it@example.nl'],
    ...login,
    ...(caFile === undefined ? {} : { caFile }),
  });
  return {
    sink: SINKS.email,
    secrets: { MAIL_PASSWORD: PASSWORD },
    nowhere: async () => settings(await freePort()),
    async open() {
      let isHeld = false;
      let isRefusing = false;
      const peer = await startSmtp({
        key: mail.key,
        cert: mail.cert,
        authOptional: false,
        onConnect: (_, callback) => {
          if (!isHeld) callback();
        },
        onAuth: ({ username = '', password = '' }, _, callback) =>
          isRefusing
            ? callback(new Error(`not ${username} with ${password}`))
            : callback(null, { user: username }),
      });
      return {
        settings: settings(peer.port, mail.caFile),
        arrivals: () =>
          peer.mails.map(({ raw }) => {
            const { header, text, html } = readMail(raw);
            return { id: header('message-id') ?? '', text: [header('subject'), text, html].join('\n') };
          }),
        open: () => peer.open(),
        visits: () => peer.visits(),
        hold: () => void (isHeld = true),
        refuse: () => void (isRefusing = true),
        close: () => peer.close(),
      };
    },
  };
};

const SIGNING = `whsec_${Buffer.from('a key for tests of 32 bytes here').toString('base64')}`;

/** Its body is the id where a service has none of its own: the same message is then the same body. */
const webhook = (preset: Static<typeof webhookConfig>['preset']): Candidate<typeof webhookConfig> => {
  const settings = (change: object): SettingsOf<'webhook'> => ({
    preset,
    allow: ['127.0.0.1'],
    ...(preset === 'standard' ? { secret: { environment: 'SIGNING' } } : {}),
    ...change,
  });
  return {
    sink: SINKS.webhook,
    secrets: { SIGNING, URL: 'http://127.0.0.1:1/services/T0/B0/hunter2hunter2' },
    // The URL is the secret here, as those of chat services are.
    nowhere: () => Promise.resolve(settings({ urlFrom: { environment: 'URL' } })),
    async open() {
      const peer = await openHttp();
      return {
        ...peer,
        settings: settings({ url: `${peer.url}/hook` }),
        arrivals: () =>
          peer.posted.map(({ headers, body }) => ({
            id: String(headers['webhook-id'] ?? body),
            text: textsOf(JSON.parse(body)),
          })),
      };
    },
  };
};

/** All strings of a JSON value, whatever its shape. */
const textsOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join('\n') : String(value);

/** It knows an alert by its labels. */
const alertmanager = (): Candidate<(typeof SINKS)['alertmanager']['config']> => {
  const settings = (url: string): SettingsOf<'alertmanager'> => ({
    url,
    user: 'sipcensus',
    password: { environment: 'AM_PASSWORD' },
    holdHours: 25,
    allow: ['127.0.0.1'],
  });
  return {
    sink: SINKS.alertmanager,
    secrets: { AM_PASSWORD: 'correct horse battery' },
    nowhere: async () => settings(`http://127.0.0.1:${await freePort()}`),
    async open() {
      const peer = await openHttp();
      return {
        ...peer,
        settings: settings(peer.url),
        arrivals: () =>
          peer.posted.map(({ body }) => {
            const alerts = JSON.parse(body) as { labels: object; annotations: object }[];
            return {
              id: JSON.stringify(alerts.map(({ labels }) => labels)),
              text: textsOf(alerts.map(({ annotations, labels }) => ({ ...annotations, ...labels }))),
            };
          }),
      };
    },
  };
};

const syslogServer = selfSigned('/CN=syslog', { altNames: 'IP:127.0.0.1' });
const auditor = selfSigned('/CN=auditor');
const fileOf = (name: string, content: Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const syslogTrust = {
  caFile: fileOf('ca.pem', syslogServer.cert),
  certificateFile: fileOf('auditor.pem', auditor.cert),
  certificateKey: { environment: 'KEY' },
};

const syslog = (transport: Transport): Candidate<(typeof SINKS)['syslog']['config']> => {
  const settings = (port: number): SettingsOf<'syslog'> =>
    syslogSettings({ port, transport, ...(transport === 'tls' ? syslogTrust : {}) });
  return {
    sink: SINKS.syslog,
    secrets: { KEY: auditor.key.toString() },
    canBeRefused: transport !== 'udp',
    nowhere: async () => settings(await freePort(transport === 'udp' ? 'udp' : 'tcp')),
    async open() {
      const peer = await openSyslog(transport, { ...syslogServer, requestCert: true, ca: auditor.cert });
      return {
        ...peer,
        settings: settings(peer.port),
        arrivals: () =>
          peer.records().map(({ data, text }) => {
            const told = data['sipcensus@32473'] ?? {};
            return { id: `${told['id'] ?? ''} ${told['seq'] ?? ''}`, text };
          }),
      };
    },
  };
};

const command = (): Candidate<(typeof SINKS)['command']['config']> => ({
  sink: SINKS.command,
  nowhere: null,
  open() {
    const {
      folder: place,
      program,
      left,
      remove,
    } = script(
      [
        'echo >> "$folder/visits"',
        'test -e "$folder/held" && exec tail -f "$folder/tell"',
        'test -e "$folder/refusing" && cat >&2 && exit 1',
        'cat >> "$folder/arrived"',
      ].join('\n'),
    );
    return Promise.resolve({
      settings: { program, arguments: [] },
      arrivals: () =>
        left('arrived')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => ({ id: (JSON.parse(line) as { id: string }).id, text: textsOf(JSON.parse(line)) })),
      open: () => processesNaming(place).length,
      visits: () => left('visits').length,
      hold: () => writeFileSync(join(place, 'held'), ''),
      refuse: () => writeFileSync(join(place, 'refusing'), ''),
      close() {
        for (const id of processesNaming(place)) process.kill(id, 'SIGKILL');
        remove();
        return Promise.resolve();
      },
    });
  },
});

/** Every sink of the registry, in each of its forms, each with a real peer of its kind. */
export const CANDIDATES: { [N in SinkName]: Record<string, () => Candidate<(typeof SINKS)[N]['config']>> } = {
  email: { 'email with a login': email },
  webhook: {
    'webhook standard': () => webhook('standard'),
    'webhook slack': () => webhook('slack'),
    'webhook teams': () => webhook('teams'),
    'webhook mattermost': () => webhook('mattermost'),
  },
  alertmanager: { alertmanager },
  syslog: {
    'syslog udp': () => syslog('udp'),
    'syslog tcp': () => syslog('tcp'),
    'syslog tls': () => syslog('tls'),
  },
  command: { command },
};
