import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendMail, type Mail, type MailServer } from '../../src/platform/mail.ts';
import { readMail } from '../alerts/read-mail.ts';
import { makeCertificate, startScript, startSmtp, type Certificate } from '../alerts/smtp.ts';

let certificate: Certificate;
beforeAll(() => void (certificate = makeCertificate()));
afterAll(() => certificate.remove());

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});
const opened = async <T extends { close(): Promise<void> }>(made: Promise<T>): Promise<T> => {
  const peer = await made;
  closers.push(() => peer.close());
  return peer;
};

const server = (port: number, change: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  login: null,
  caFile: null,
  timeoutMs: 5000,
  ...change,
});
const mail = (change: Partial<Mail> = {}): Mail => ({
  from: { name: 'sipcensus', address: 'alerts@example.nl' },
  to: ['it@example.nl'],
  subject: 'Head office: 3 unsupported devices',
  text: 'text',
  html: '<p>html</p>',
  at: Date.UTC(2026, 10, 25),
  messageId: '<17@example.nl>',
  thread: '<group@example.nl>',
  headers: {},
  ...change,
});
const send = (to: MailServer, what = mail(), signal = new AbortController().signal) =>
  sendMail(to, what, signal);

describe('a mail that is handed to a server', () => {
  it('arrives with both parts over one connection, which is closed', async () => {
    const peer = await opened(startSmtp());
    expect(await send(server(peer.port))).toEqual({ ok: true, value: undefined });
    await vi.waitFor(() => expect(peer.open()).toBe(0));
    expect(peer.visits()).toBe(1);
    expect(readMail(peer.mails[0]!.raw)).toMatchObject({ text: 'text', html: '<p>html</p>' });
  });

  it('keeps its lines that look like the end of it', async () => {
    const peer = await opened(startSmtp());
    await send(server(peer.port), mail({ text: 'a\n.\nQUIT\n..\nFrom me' }));
    expect(readMail(peer.mails[0]!.raw).text).toBe('a\n.\nQUIT\n..\nFrom me');
  });

  it('has no more header fields and recipients, whatever stands in its words', async () => {
    const injection = 'x\r\nBcc: victim@example.com\r\n\r\nbody';
    const peer = await opened(startSmtp());
    await send(server(peer.port));
    await send(
      server(peer.port),
      mail({
        subject: injection,
        messageId: `<${injection}@example.nl>`,
        thread: `<${injection}@example.nl>`,
        from: { name: injection, address: 'alerts@example.nl' },
      }),
    );
    const [plain, hostile] = peer.mails.map(({ raw }) => readMail(raw).fields.map(([name]) => name));
    expect(hostile).toEqual(plain);
    expect(peer.mails.map(({ to }) => to)).toEqual([['it@example.nl'], ['it@example.nl']]);
  });

  it('is a timeout where the server trickles and never comes to an end', async () => {
    const peer = await opened(startScript('220 slow'));
    const trickle = setInterval(() => peer.say('250-wait'), 20);
    const since = performance.now();
    const sent = await send(server(peer.port, { timeoutMs: 300 }));
    clearInterval(trickle);
    expect(sent).toMatchObject({ ok: false, fault: { kind: 'timeout' } });
    expect(performance.now() - since).toBeLessThan(1500);
    await vi.waitFor(() => expect(peer.open()).toBe(0), 3000);
  });

  it('ends at once when it is interrupted, and before it begins', async () => {
    const peer = await opened(startScript(null));
    const interruption = new AbortController();
    const sending = send(server(peer.port), mail(), interruption.signal);
    await vi.waitFor(() => expect(peer.open()).toBe(1));
    interruption.abort();
    expect(await sending).toEqual({ ok: false, fault: { kind: 'aborted', detail: 'interrupted' } });
    await vi.waitFor(() => expect(peer.open()).toBe(0));
    expect(await send(server(peer.port), mail(), interruption.signal)).toMatchObject({
      fault: { kind: 'aborted' },
    });
  });

  it('is not sent to who cannot prove who it is, not even where the environment asks for that', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const peer = await opened(startSmtp({ key: certificate.key, cert: certificate.cert }));
    expect(await send(server(peer.port, { security: 'starttls' }))).toMatchObject({ fault: { kind: 'tls' } });
    expect(peer.mails).toEqual([]);
  });

  it.each([
    ['is no certificate', 'no certificate'],
    ['has a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('is not sent where the file of the authority %s', async (_, text) => {
    const caFile = `${certificate.caFile}.bad`;
    writeFileSync(caFile, text);
    const peer = await opened(startSmtp({ key: certificate.key, cert: certificate.cert, secure: true }));
    const sent = await send(server(peer.port, { security: 'tls', caFile }));
    expect(sent).toMatchObject({ ok: false, fault: { kind: 'tls' } });
    expect(peer.mails).toEqual([]);
  });

  it('tells no password where the server repeats it', async () => {
    const peer = await opened(
      startScript('220 echo', (line) =>
        line.startsWith('EHLO') ? '250-echo\r\n250 AUTH PLAIN' : `535 ${line}`,
      ),
    );
    const login = { user: 'sipcensus', password: 'hunter2' };
    const sent = await send(server(peer.port, { login }));
    expect(peer.lines.at(-1)).toContain(Buffer.from('\0sipcensus\0hunter2').toString('base64'));
    expect(sent).toEqual({
      ok: false,
      fault: { kind: 'auth', detail: 'the server refuses user or password (535)' },
    });
  });

  it('is a fault of the login where the server refuses that in any other words', async () => {
    const peer = await opened(
      startScript('220 odd', (line) => (line.startsWith('EHLO') ? '250-odd\r\n250 AUTH PLAIN' : '501 no')),
    );
    const login = { user: 'sipcensus', password: 'hunter2' };
    expect(await send(server(peer.port, { login }))).toMatchObject({ ok: false, fault: { kind: 'auth' } });
  });

  it('tells what a server says on one line of 200 characters at most', async () => {
    const peer = await opened(
      startScript('220 loud', (line) =>
        line.startsWith('EHLO') ? '250 loud' : `550 \u001b[2J${'x'.repeat(9000)}`,
      ),
    );
    const sent = await send(server(peer.port));
    expect(sent).toMatchObject({ ok: false, fault: { kind: 'rejected' } });
    if (sent.ok) return;
    expect(sent.fault.detail).toContain('\\x1b[2Jxxx');
    expect(sent.fault.detail.length).toBeLessThan(210);
  });

  it.each([
    ['what speaks no SMTP', 'HTTP/1.1 400 Bad Request', 'network'],
    ['a server that takes no mail', '554 no', 'rejected'],
    ['a server that is busy', '421 busy', 'deferred'],
  ])('meets %s: "%s" is a fault %s', async (_, greeting, kind) => {
    const peer = await opened(startScript(greeting));
    expect(await send(server(peer.port))).toMatchObject({ ok: false, fault: { kind } });
  });
});
