import type { Static } from 'typebox';
import Value from 'typebox/value';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { config } from '../../../src/alerts/sinks/email/config.ts';
import { email } from '../../../src/alerts/sinks/email/index.ts';
import { FINDINGS } from '../../../src/model/finding.ts';
import {
  makeCertificate,
  PASSWORD,
  startScript,
  startSmtp,
  USER,
  type Certificate,
  type SmtpPeer,
} from '../smtp.ts';
import { readMail } from '../read-mail.ts';
import { contextOf } from './conformance.ts';
import { freePort } from './free-port.ts';
import * as messages from './messages.ts';

type Settings = Static<typeof config>;

let certificate: Certificate;
beforeAll(() => void (certificate = makeCertificate()));
afterAll(() => certificate.remove());

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const opened = async <T extends { close(): Promise<void> }>(made: Promise<T>): Promise<T> => {
  const peer = await made;
  closers.push(() => peer.close());
  return peer;
};

const settingsOf = (port: number, change: Partial<Settings> = {}): Settings => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'alerts@example.nl',
  to: ['it@example.nl'],
  ...change,
});
const LOGIN = { user: USER, password: { environment: 'MAIL_PASSWORD' } };
const secrets = { MAIL_PASSWORD: PASSWORD };

const deliver = (settings: Settings, message = messages.message(), signal?: AbortSignal) =>
  email.deliver(message, contextOf(settings, { secrets, ...(signal === undefined ? {} : { signal }) }));
const mailOf = async (message = messages.message(), change: Partial<Settings> = {}) => {
  const peer = await opened(startSmtp());
  expect(await deliver(settingsOf(peer.port, change), message)).toEqual({ ok: true, value: undefined });
  return readMail(peer.mails[0]!.raw);
};
const DELIVERED = { ok: true, value: undefined };
const fault = (reason: string, retry: boolean) => ({ ok: false, fault: { reason, retry } });

describe('a mail server', () => {
  const secured = (options = {}): Promise<SmtpPeer> =>
    opened(startSmtp({ key: certificate.key, cert: certificate.cert, ...options }));

  it('gets the mail after STARTTLS, with the login', async () => {
    const peer = await secured();
    const { caFile } = certificate;
    expect(await deliver(settingsOf(peer.port, { ...LOGIN, security: 'starttls', caFile }))).toEqual(
      DELIVERED,
    );
    expect(peer.mails).toMatchObject([
      { isSecure: true, user: USER, from: 'alerts@example.nl', to: ['it@example.nl'] },
    ]);
  });

  it('gets the mail inside TLS, with the login', async () => {
    const peer = await secured({ secure: true });
    const { caFile } = certificate;
    expect(await deliver(settingsOf(peer.port, { ...LOGIN, security: 'tls', caFile }))).toEqual(DELIVERED);
    expect(peer.mails).toMatchObject([{ isSecure: true, user: USER }]);
  });

  it('gets the mail in plain text where that is what is asked, without a try of STARTTLS', async () => {
    const peer = await secured();
    expect(await deliver(settingsOf(peer.port))).toEqual(DELIVERED);
    expect(peer.mails).toMatchObject([{ isSecure: false, user: undefined }]);
  });

  it('gets one mail for all addresses', async () => {
    const to = ['it@example.nl', 'beheer@example.nl', 'x@example.org'];
    const peer = await opened(startSmtp());
    expect(await deliver(settingsOf(peer.port, { to }))).toEqual(DELIVERED);
    expect(peer.mails.map((mail) => mail.to)).toEqual([to]);
    expect(readMail(peer.mails[0]!.raw).header('to')).toBe(to.join(', '));
  });

  it('is called wrong for good where the password is refused, and the password is not told', async () => {
    const peer = await secured();
    const settings = settingsOf(peer.port, { ...LOGIN, security: 'starttls', caFile: certificate.caFile });
    const delivery = await email.deliver(
      messages.message(),
      contextOf(settings, { secrets: { MAIL_PASSWORD: 'wrong-secret' } }),
    );
    expect(delivery).toMatchObject(fault('auth', false));
    expect(JSON.stringify(delivery)).not.toContain('wrong-secret');
    expect(peer.mails).toEqual([]);
  });

  it('is not even called where the password cannot be read', async () => {
    const peer = await opened(startSmtp());
    const delivery = await email.deliver(messages.message(), contextOf(settingsOf(peer.port, LOGIN)));
    expect(delivery).toMatchObject(fault('auth', false));
    expect(peer.visits()).toBe(0);
  });

  it('gets no password without TLS, unless its address is of this host', async () => {
    for (const host of ['mail.invalid', 'localhost', '127.0.0.1.invalid'])
      expect(await deliver(settingsOf(25, { ...LOGIN, host }))).toMatchObject(fault('auth', false));
    const peer = await opened(startSmtp({ allowInsecureAuth: true, hideSTARTTLS: true }));
    expect(await deliver(settingsOf(peer.port, LOGIN))).toEqual(DELIVERED);
    expect(peer.mails).toMatchObject([{ user: USER }]);
  });

  it.each([
    [451, true],
    [421, true],
    [550, false],
    [554, false],
  ])('that answers %i to a recipient may be tried again: %s', async (responseCode, retry) => {
    const refusal = Object.assign(new Error('not today'), { responseCode });
    const peer = await opened(startSmtp({ onRcptTo: (_, __, callback) => callback(refusal) }));
    const delivery = await deliver(settingsOf(peer.port));
    expect(delivery).toMatchObject(fault('rejected', retry));
    expect(JSON.stringify(delivery)).toContain('not today');
  });

  it.each([
    [452, true],
    [552, false],
  ])('that answers %i to the mail itself may be tried again: %s', async (responseCode, retry) => {
    const refusal = Object.assign(new Error('no room'), { responseCode });
    const peer = await opened(
      startSmtp({ onData: (stream, _, callback) => void stream.on('end', () => callback(refusal)).resume() }),
    );
    expect(await deliver(settingsOf(peer.port))).toMatchObject(fault('rejected', retry));
  });

  it('that wants a login where none is configured is a fault of the login', async () => {
    const peer = await opened(startSmtp({ authOptional: false }));
    expect(await deliver(settingsOf(peer.port))).toMatchObject(fault('auth', false));
  });

  it('that refuses one of the recipients is told of with the address, and the others have their mail', async () => {
    const refusal = Object.assign(new Error('no such user'), { responseCode: 550 });
    const peer = await opened(
      startSmtp({
        onRcptTo: ({ address }, _, callback) => callback(address.startsWith('gone') ? refusal : null),
      }),
    );
    const delivery = await deliver(settingsOf(peer.port, { to: ['it@example.nl', 'gone@example.nl'] }));
    expect(delivery).toMatchObject(fault('rejected', false));
    expect(JSON.stringify(delivery)).toContain('1 of 2 recipients: gone@example.nl (550)');
    expect(peer.mails.map(({ to }) => to)).toEqual([['it@example.nl']]);
  });

  it('without STARTTLS gets no mail, no address and no password', async () => {
    const peer = await opened(
      startScript('220 plain ESMTP', (line) =>
        line.startsWith('EHLO') ? '250-plain\r\n250 AUTH PLAIN' : '502 no',
      ),
    );
    const delivery = await deliver(settingsOf(peer.port, { ...LOGIN, security: 'starttls' }));
    expect(delivery).toMatchObject(fault('network', true));
    expect(peer.lines.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
  });

  it.each(['starttls', 'tls'] as const)(
    'whose certificate nobody vouches for gets no mail and no password (%s)',
    async (security) => {
      const peer = await secured({ secure: security === 'tls' });
      const delivery = await deliver(settingsOf(peer.port, { ...LOGIN, security }));
      expect(delivery).toMatchObject(fault('network', true));
      expect(JSON.stringify(delivery)).toMatch(/self-signed certificate/);
      expect([peer.mails, peer.logins]).toEqual([[], []]);
    },
  );

  it.each(['starttls', 'tls'] as const)(
    'whose certificate is of another name gets no mail (%s)',
    async (security) => {
      const other = makeCertificate('DNS:other.example');
      const peer = await opened(startSmtp({ key: other.key, cert: other.cert, secure: security === 'tls' }));
      const delivery = await deliver(settingsOf(peer.port, { ...LOGIN, security, caFile: other.caFile }));
      other.remove();
      expect(delivery).toMatchObject(fault('network', true));
      expect(JSON.stringify(delivery)).toMatch(/127\.0\.0\.1 is not in the cert/);
      expect([peer.mails, peer.logins]).toEqual([[], []]);
    },
  );

  it('is not called where the file of the authority cannot be read', async () => {
    const peer = await secured();
    const delivery = await deliver(
      settingsOf(peer.port, { security: 'starttls', caFile: '/nowhere/ca.pem' }),
    );
    expect(delivery).toMatchObject(fault('network', true));
    expect(JSON.stringify(delivery)).toContain('/nowhere/ca.pem cannot be read: it does not exist');
    expect(peer.visits()).toBe(0);
  });

  it('that is not there may be tried again', async () => {
    const delivery = await deliver(settingsOf(await freePort()));
    expect(delivery).toMatchObject(fault('network', true));
  });

  it('that stays silent is a timeout', async () => {
    const peer = await opened(startScript(null));
    const delivery = await deliver(settingsOf(peer.port), messages.message(), AbortSignal.timeout(300));
    expect(delivery).toMatchObject(fault('timeout', true));
    await vi.waitFor(() => expect(peer.open()).toBe(0), 3000);
  });
});

describe('a mail', () => {
  it('says the same in text and in HTML', async () => {
    const { text, html, header } = await mailOf(messages.message({ more: 3 }));
    expect(header('subject')).toBe('Head office: 4 alerts');
    for (const part of [text, html])
      for (const word of [
        'Head office: 4 alerts',
        'Critical',
        'Unsupported device',
        'Acme P10',
        '00:15:65:aa:bb:cc',
        '192.168.10.20',
        'The policy names Acme P10 as unsupported.',
        'Since 25 Nov 2026, 02:01 CET',
        FINDINGS.unsupported.toDo.en,
        '+ 3 more alerts',
        'https://sipcensus.example/alerts',
      ])
        expect(part).toContain(word);
  });

  it('says it in Dutch to those who read Dutch', async () => {
    const { text, html, header } = await mailOf(messages.message({ language: 'nl' }));
    expect(header('subject')).toBe('Head office: niet ondersteund toestel (Acme P10, 192.168.10.20)');
    expect(html).toContain('<html lang="nl"');
    for (const part of [text, html])
      for (const word of [
        'Kritiek',
        'Het beleid noemt Acme P10 niet ondersteund.',
        FINDINGS.unsupported.toDo.nl,
      ])
        expect(part).toContain(word);
  });

  it('tells in a digest how the site stands', async () => {
    const { text, html } = await mailOf(messages.digestMessage());
    expect(text).toContain('SLA possible: 34 of 42\nWhat happened: 3 new devices, 1 device gone\n');
    const words = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words).toContain('SLA possible 34 of 42 phones');
    expect(words).toContain(
      '● Full 30 ◐ Partial 4 ○ Basic 6 ✕ Unsupported 2 What happened 3 new devices 1 device gone',
    );
  });

  it('is known again by its id, and stands in one conversation with its group', async () => {
    const first = await mailOf();
    const again = await mailOf();
    const resolved = await mailOf(messages.resolvedMessage());
    expect(first.header('message-id')).toBe('<sipcensus.head-office.17@example.nl>');
    expect([...again.fields].filter(([name]) => name !== 'content-type')).toEqual(
      [...first.fields].filter(([name]) => name !== 'content-type'),
    );
    expect(resolved.header('message-id')).toBe('<sipcensus.head-office.18@example.nl>');
    for (const mail of [first, resolved])
      for (const name of ['references', 'in-reply-to'])
        expect(mail.header(name)).toBe('<group/head-office/unsupported@example.nl>');
  });

  it('has the time of the message, and asks for no automatic answer', async () => {
    const { header } = await mailOf();
    expect(header('date')).toBe('Wed, 25 Nov 2026 01:02:03 +0000');
    expect(header('from')).toBe('sipcensus <alerts@example.nl>');
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('x-auto-response-suppress')).toBe('All');
  });

  it.each(messages.HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'gets no header, no markup and no second line from strangers’ text %s',
    async (_, text) => {
      const plain = await mailOf();
      const {
        fields,
        html,
        text: words,
      } = await mailOf(
        messages.hostileMessage(text, { id: `x${text}`, group: text, link: `javascript:${text}` }),
      );
      expect(fields.map(([name]) => name)).toEqual(plain.fields.map(([name]) => name));
      expect(fields.find(([name]) => name === 'to')?.[1]).toBe('it@example.nl');
      for (const name of ['message-id', 'references', 'in-reply-to'])
        expect(fields.find(([own]) => own === name)?.[1]).toMatch(/^<[\w.+/-]+@example\.nl>$/);
      expect(fields.find(([name]) => name === 'subject')?.[1].length).toBeLessThan(300);
      const tags = [...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag!.toLowerCase());
      expect(tags).not.toContain('script');
      expect(tags).not.toContain('img');
      expect(tags).not.toContain('a');
      expect(`${html}${words}`).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066\u2028\u2029\ufeff]/,
      );
      expect(words.split('\n').filter((line) => /^\.?(Bcc:|body|QUIT)/.test(line))).toEqual([]);
    },
  );

  it('fetches nothing and styles nothing but inline', async () => {
    const { html } = await mailOf(messages.message());
    expect(html).not.toMatch(
      /<(style|script|img|link|iframe|object|form|svg)\b|\bsrc=|url\(|@import|class=/i,
    );
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'https://sipcensus.example/alerts',
    ]);
  });

  it('tells severity and level by a word and a sign beside the colour', async () => {
    const { html } = await mailOf(messages.message({ alerts: [messages.alert({ severity: 'warning' })] }));
    expect(html).toContain('◆ Warning');
  });

  it('stays below what mail programs cut off, with fifty alerts of the longest text', async () => {
    const { html } = await mailOf(messages.largestMessage());
    expect(Buffer.byteLength(html)).toBeLessThan(102_000);
  });
});

describe('the settings', () => {
  const isRight = (change: object): boolean =>
    Value.Check(
      config,
      Value.Default(config, {
        host: 'mail.example.nl',
        from: 'a@example.nl',
        to: ['b@example.nl'],
        ...change,
      }),
    );

  it('begin with STARTTLS', () => {
    expect(Value.Default(config, {})).toEqual({ security: 'starttls' });
  });

  it.each([
    [{}, true],
    [{ ...LOGIN }, true],
    [{ user: 'a' }, false],
    [{ password: { file: '/x' } }, false],
    [{ ...LOGIN, password: { file: '/x', text: 'secret' } }, false],
    [{ security: 'opportunistic' }, false],
    [{ port: 0 }, false],
    [{ to: [] }, false],
    [{ to: ['b@example.nl, c@example.nl'] }, false],
    [{ to: ['b@example.nl\r\nBcc: c@example.nl'] }, false],
    [{ to: ['Name <b@example.nl>'] }, false],
    [{ from: 'nobody' }, false],
    [{ pool: true }, false],
  ])('%j are right: %s', (change, expected) => {
    expect(isRight(change)).toBe(expected);
  });
});
