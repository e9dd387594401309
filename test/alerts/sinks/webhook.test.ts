import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { config, type Preset } from '../../../src/alerts/sinks/webhook/config.ts';
import { webhook } from '../../../src/alerts/sinks/webhook/index.ts';
import { mattermostBody } from '../../../src/alerts/sinks/webhook/mattermost.ts';
import { slackBody } from '../../../src/alerts/sinks/webhook/slack.ts';
import { standardBody, standardHeaders } from '../../../src/alerts/sinks/webhook/standard.ts';
import { teamsBody } from '../../../src/alerts/sinks/webhook/teams.ts';
import { checkShape } from '../../../src/document/check-shape.ts';
import { readYaml } from '../../../src/document/read-yaml.ts';
import type { Message } from '../../../src/model/alert.ts';
import { FINDING_KINDS } from '../../../src/model/finding.ts';
import { httpTrap, silentTrap, type WebTrap } from '../../platform/web-trap.ts';
import { contextOf } from './conformance.ts';
import {
  alert,
  AT,
  digestMessage,
  HOSTILE,
  hostileMessage,
  largestMessage,
  message,
  testMessage,
} from './messages.ts';

const traps: WebTrap[] = [];
afterEach(async () => {
  await Promise.all(traps.splice(0).map((trap) => trap.close()));
});
const set = async (made: Promise<WebTrap>): Promise<WebTrap> => {
  traps.push(await made);
  return made;
};
const answering = (status: number, headers: Record<string, string> = {}): Promise<WebTrap> =>
  set(httpTrap((response) => response.writeHead(status, headers).end('the answer of a server')));

type Settings = Parameters<typeof webhook.deliver>[1]['config'];
const settings = (change: Partial<Settings>): Settings => ({
  preset: 'standard',
  allow: ['127.0.0.1'],
  ...change,
});
const deliver = (
  change: Partial<Settings>,
  {
    told = message(),
    ...more
  }: { told?: Message; secrets?: Record<string, string>; signal?: AbortSignal } = {},
) => webhook.deliver(told, contextOf(settings(change), more));

/** The secret and the message with which the libraries of Standard Webhooks test themselves. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  signed: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const OTHER = `whsec_${Buffer.from('another secret of 32 bytes, here').toString('base64')}`;

/** HMAC-SHA256 by openssl, in base64. */
const hmac = (secret: string, text: string): string =>
  execFileSync(
    'openssl',
    [
      'dgst',
      '-sha256',
      '-binary',
      '-mac',
      'HMAC',
      '-macopt',
      `hexkey:${Buffer.from(secret, 'base64').toString('hex')}`,
    ],
    { input: text },
  ).toString('base64');

describe('webhook, preset standard', () => {
  it('signs what the specification signs, as it does', () => {
    expect(standardHeaders(VECTOR.signed, VECTOR.secret)).toEqual({
      ok: true,
      value: {
        'webhook-id': VECTOR.signed.id,
        'webhook-timestamp': '1614265330',
        'webhook-signature': VECTOR.signature,
      },
    });
  });

  it('posts the message with its id, the time of this attempt, and a signature that others can verify', async () => {
    const trap = await answering(200);
    const told = message({ site: { id: 's', name: 'Café ☎', timezone: 'UTC' } });
    const before = Math.floor(Date.now() / 1000);
    const secrets = { S: `${VECTOR.secret}\n` };
    expect(
      await deliver({ url: `${trap.origin}/hook`, secret: { environment: 'S' } }, { told, secrets }),
    ).toEqual({
      ok: true,
      value: undefined,
    });
    const [heard] = trap.heard;
    expect(heard).toMatchObject({ method: 'POST', url: '/hook', body: standardBody(told) });
    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = heard?.headers ?? {};
    expect(id).toBe(told.id);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
    expect(Number(timestamp)).toBeLessThanOrEqual(Date.now() / 1000);
    const text = `${String(id)}.${String(timestamp)}.${heard?.body ?? ''}`;
    expect(signature).toBe(`v1,${hmac('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', text)}`);
  });

  it('signs with each secret while one is being replaced by another', () => {
    const headers = standardHeaders(VECTOR.signed, `${OTHER}  ${VECTOR.secret}\n`);
    const other = hmac(OTHER.slice('whsec_'.length), `${VECTOR.signed.id}.1614265330.${VECTOR.signed.body}`);
    expect(headers.ok && headers.value['webhook-signature']).toBe(`v1,${other} ${VECTOR.signature}`);
  });

  it('signs nothing without a secret, and says who and when all the same', async () => {
    const trap = await answering(204);
    expect((await deliver({ url: trap.origin })).ok).toBe(true);
    expect(trap.heard[0]?.headers).toMatchObject({ 'webhook-id': message().id });
    expect(trap.heard[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it.each([
    '',
    'whsec_',
    'whsec_c2hvcnQ=',
    `${OTHER}!`,
    'whsec_not base64 at all, though long enough',
    `${OTHER} hunter2`,
  ])('sends nothing, and quotes nothing, with the signing secret "%s"', async (secret) => {
    const trap = await answering(200);
    const delivery = await deliver(
      { url: trap.origin, secret: { environment: 'S' } },
      { secrets: { S: secret } },
    );
    expect(delivery).toMatchObject({ ok: false, fault: { reason: 'auth', retry: false } });
    expect(JSON.stringify(delivery)).not.toMatch(/c2hvcnQ|hunter2|not base64/);
    expect(trap.connections).toBe(0);
  });

  it('tells of a secret that is not there, and sends nothing', async () => {
    const trap = await answering(200);
    const missing = { ok: false, fault: { reason: 'auth', retry: false } };
    expect(await deliver({ url: trap.origin, secret: { environment: 'NONE' } })).toMatchObject(missing);
    expect(await deliver({ urlFrom: { environment: 'NONE' } })).toMatchObject(missing);
    expect(trap.connections).toBe(0);
  });

  it('says all of a message in a shape that is documented', () => {
    const told = message({ language: 'nl', more: 3 });
    expect(JSON.parse(standardBody(told))).toEqual({
      type: 'sipcensus.alerts.firing',
      timestamp: '2026-11-25T01:02:03.004Z',
      data: {
        id: 'sipcensus.head-office.17',
        at: '2026-11-25T01:02:03.004Z',
        reason: 'firing',
        group: 'head-office/unsupported',
        site: { id: 'head-office', name: 'Head office', timezone: 'Europe/Amsterdam' },
        language: 'nl',
        alerts: [
          {
            key: 'unsupported d7',
            kind: 'unsupported',
            severity: 'critical',
            state: 'firing',
            title: 'Niet ondersteund toestel',
            because: 'Het beleid noemt Acme P10 niet ondersteund.',
            toDo: expect.stringContaining('Vervang') as string,
            about: null,
            since: '2026-11-25T01:01:03.004Z',
            resolvedAt: null,
            seq: 17,
            device: {
              id: 'd7',
              name: 'Acme P10',
              vendor: 'Acme',
              model: 'P10',
              firmware: '1.2.3',
              mac: '001565aabbcc',
              address: '192.168.10.20',
              level: 'unsupported',
            },
          },
        ],
        more: 3,
        figures: null,
        link: 'https://sipcensus.example/alerts',
      },
    });
  });

  it('says when it was over, what is about no device, and the figures of a digest', () => {
    const over = alert({
      state: 'resolved',
      resolvedAt: AT,
      subject: null,
      about: '10.0.0.66',
      kind: 'scanner',
    });
    const dataOf = (told: Message): unknown => (JSON.parse(standardBody(told)) as { data: unknown }).data;
    expect(dataOf(message({ reason: 'resolved', alerts: [over] }))).toMatchObject({
      reason: 'resolved',
      alerts: [
        { state: 'resolved', resolvedAt: '2026-11-25T01:02:03.004Z', device: null, about: '10.0.0.66' },
      ],
    });
    expect(dataOf(digestMessage())).toMatchObject({
      alerts: [],
      figures: {
        from: '2026-11-18T01:02:03.004Z',
        to: '2026-11-25T01:02:03.004Z',
        phones: 42,
        byLevel: { full: 30, partial: 4, basic: 6, unsupported: 2 },
        findings: { appeared: 3, gone: 1 },
      },
    });
  });

  it('holds strangers’ text as it was heard, bounded and whole', () => {
    const body = standardBody(hostileMessage(`a\u0000"\\\ud800<b>${'x'.repeat(5000)}`));
    expect(Buffer.from(body).toString()).toBe(body);
    const { data } = JSON.parse(body) as { data: { alerts: { because: string }[] } };
    expect(data.alerts[0]?.because).toMatch(/^a\u0000"\\\ufffd<b>x+$/);
    expect(data.alerts[0]?.because).toHaveLength(1024);
  });
});

describe('webhook, what becomes of a delivery', () => {
  it.each([200, 201, 202, 204])('is delivered by a status %d', async (status) => {
    expect(await deliver({ url: (await answering(status)).origin })).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [301, 'rejected', false],
    [302, 'rejected', false],
    [308, 'rejected', false],
    [400, 'rejected', false],
    [401, 'auth', false],
    [403, 'auth', false],
    [404, 'rejected', false],
    [408, 'timeout', true],
    [410, 'rejected', false],
    [413, 'rejected', false],
    [429, 'rate-limited', true],
    [500, 'rejected', true],
    [502, 'rejected', true],
    [503, 'rate-limited', true],
    [504, 'timeout', true],
    [599, 'rejected', true],
  ])('is, by a status %d, %s, and tried again: %s', async (status, reason, retry) => {
    const elsewhere = await answering(200);
    const trap = await answering(status, { Location: elsewhere.origin, 'Retry-After': '7' });
    expect(await deliver({ url: trap.origin })).toEqual({
      ok: false,
      fault: {
        reason,
        retry,
        detail: `it answered with status ${status}`,
        ...(retry ? { retryAfterMs: 7000 } : {}),
      },
    });
    expect(trap.heard).toHaveLength(1);
    expect(elsewhere.connections).toBe(0);
  });

  it('does not say how long to wait where nobody asked for it', async () => {
    const delivery = await deliver({ url: (await answering(503)).origin });
    expect(delivery.ok || 'retryAfterMs' in delivery.fault).toBe(false);
  });

  it('is tried again where nobody listens, or nobody vouches for the certificate', async () => {
    const gone = await answering(200);
    await gone.close();
    const network = { ok: false, fault: { reason: 'network', retry: true } };
    expect(await deliver({ url: gone.origin })).toMatchObject(network);
    const plain = await answering(200);
    expect(await deliver({ url: plain.origin.replace('http', 'https') })).toMatchObject(network);
  });

  it('is refused for good by an address that is not allowed, a login in the URL, a CA file that is not there', async () => {
    const trap = await answering(200);
    const secrets = { URL: `http://:hunter2@127.0.0.1:${trap.port}/hunter2` };
    const rejected = { ok: false, fault: { reason: 'rejected', retry: false } };
    expect(await deliver({ url: trap.origin, allow: [] })).toMatchObject(rejected);
    const withLogin = await deliver({ urlFrom: { environment: 'URL' } }, { secrets });
    expect(withLogin).toMatchObject(rejected);
    expect(JSON.stringify(withLogin)).not.toContain('hunter2');
    expect(await deliver({ url: trap.origin, caFile: '/nowhere.pem' })).toMatchObject({
      ok: false,
      fault: { reason: 'auth', retry: false },
    });
    expect(trap.connections).toBe(0);
  });

  it('ends when it is called off', async () => {
    const ending = new AbortController();
    const trap = await set(silentTrap(() => ending.abort()));
    expect(await deliver({ url: trap.origin }, { signal: ending.signal })).toMatchObject({
      ok: false,
      fault: { reason: 'aborted', retry: true },
    });
  });
});

describe('webhook, its settings', () => {
  const check = (yaml: string): unknown => {
    const document = readYaml(yaml, 'alerts.yaml');
    if (!document.ok) throw new Error('yaml');
    const checked = checkShape(config, document.value);
    return checked.ok ? checked.value : checked.fault.map((fault) => fault.message);
  };

  it('fill in what is left out', () => {
    expect(check('url: https://hooks.example/x')).toEqual({
      url: 'https://hooks.example/x',
      preset: 'standard',
      allow: [],
    });
    expect(check('urlFrom: { file: /run/secrets/url }\npreset: slack')).toMatchObject({ preset: 'slack' });
  });

  it.each([
    ['no URL', 'preset: slack'],
    ['two URLs', 'url: https://hooks.example/x\nurlFrom: { file: /x }'],
    ['a URL that is none', 'url: hooks.example'],
    ['a URL of a file', 'url: file:///etc/passwd'],
    ['an unknown key', 'url: https://hooks.example/x\ntoken: hunter2'],
    ['an unknown preset', 'url: https://hooks.example/x\npreset: irc'],
    ['a network without an end', 'url: https://hooks.example/x\nallow: [10.0.0/8]'],
    ['a URL for a host', 'url: https://hooks.example/x\nallow: ["http://10.0.0.1"]'],
  ])('are refused with %s', (_, yaml) => {
    expect(check(yaml)).toEqual(expect.arrayContaining([expect.any(String)]));
  });

  it('take names, addresses and networks of both families', () => {
    const allow = [
      'hooks',
      'hooks.example.nl',
      '10.0.0.1',
      '10.0.0.0/8',
      'fd00::1',
      'fd00::/8',
      '::1',
      '::ffff:10.0.0.1',
    ];
    expect(check(`url: https://hooks.example/x\nallow: ${JSON.stringify(allow)}`)).toMatchObject({ allow });
  });

  it('are refused by a delivery too that does not know where to', async () => {
    const rejected = { ok: false, fault: { reason: 'rejected', retry: false } };
    expect(await deliver({})).toMatchObject(rejected);
    expect(await deliver({ url: 'http://127.0.0.1:1', urlFrom: { environment: 'URL' } })).toMatchObject(
      rejected,
    );
  });
});

interface Card {
  text: string;
  blocks: { type: string; text: { type: string; text: string; emoji?: boolean; verbatim?: boolean } }[];
}
interface Teams {
  type: string;
  attachments: {
    contentType: string;
    contentUrl: null;
    content: {
      type: string;
      version: string;
      body: { type: string; inlines: { type: string; text: string }[] }[];
      actions: { type: string; url: string; title: string }[];
    };
  }[];
}
const slackOf = (told: Message): Card => JSON.parse(slackBody(told)) as Card;
const teamsOf = (told: Message): Teams => JSON.parse(teamsBody(told)) as Teams;
const mattermostOf = (told: Message): string => (JSON.parse(mattermostBody(told)) as { text: string }).text;
const runsOf = (told: Message): string[] =>
  teamsOf(told).attachments.flatMap(({ content }) =>
    content.body.flatMap(({ inlines }) => inlines.map(({ text }) => text)),
  );

const CHATS: [Exclude<Preset, 'standard'>, (told: Message) => string][] = [
  [
    'slack',
    (told) =>
      slackOf(told)
        .blocks.map(({ text }) => text.text)
        .join('\n'),
  ],
  ['teams', (told) => runsOf(told).join('\n')],
  ['mattermost', mattermostOf],
];

describe.each(CHATS)('webhook, preset %s', (preset, read) => {
  it('posts what it makes of a message, and none of the headers of Standard Webhooks', async () => {
    const trap = await answering(200);
    expect((await deliver({ url: trap.origin, preset, secret: { environment: 'S' } })).ok).toBe(true);
    const bodies = { slack: slackBody, teams: teamsBody, mattermost: mattermostBody };
    expect(trap.heard[0]?.body).toBe(bodies[preset](message()));
    expect(Object.keys(trap.heard[0]?.headers ?? {}).filter((name) => name.startsWith('webhook'))).toEqual(
      [],
    );
  });

  it('says who, what, since when, and what to do, in the language of the message', () => {
    const english = read(message());
    for (const words of [
      'Head office',
      'Acme P10',
      '192.168.10.20',
      '00:15:65:aa:bb:cc',
      'Critical',
      'Replace it',
      'Since',
    ])
      expect(english).toContain(words);
    expect(read(message({ language: 'nl' }))).toContain('Vervang het');
    expect(read(digestMessage())).toContain('42');
    expect(read(testMessage())).toContain('Test message of sipcensus');
  });

  it('says of the largest message how many alerts it leaves out', () => {
    const told = largestMessage();
    const said = read(told);
    const left = Number(/(\d+) more alerts/.exec(said)?.[1]);
    const shown = said.match(/about\d+|vendor\d+/g) ?? [];
    expect(left).toBeGreaterThanOrEqual(told.more);
    expect(new Set(shown).size).toBe(told.alerts.length + told.more - left);
    expect(new Set(shown).size).toBeGreaterThan(10);
  });
});

const anyMessage = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        ...'< > & @ ! * _ ~ ` [ ] ( ) { } | # : / $ \\ \n www. at channel'.split(' '),
        ' ',
      ),
    }),
  )
  .map((text) => hostileMessage(text, { link: 'https://sipcensus.example/a?b=(c)|d&e' }));

describe('webhook, preset slack', () => {
  it('is Block Kit: a header, a section for each alert, a link', () => {
    const { text, blocks } = slackOf(message({ link: 'https://sipcensus.example/a?b=1|2&c=<3>' }));
    expect(text).toBe('Head office: unsupported device (Acme P10, 192.168.10.20)');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section']);
    expect(blocks.at(-1)?.text).toEqual({
      type: 'mrkdwn',
      text: '<https://sipcensus.example/a?b=1%7C2&amp;c=&lt;3&gt;|Open in sipcensus>',
      verbatim: true,
    });
    expect(slackOf(message({ link: null })).blocks).toHaveLength(2);
  });

  it('reads no markup in strangers’ text, and nothing of it is a mention or a link', () => {
    fc.assert(
      fc.property(anyMessage, (told) => {
        const { text, blocks } = slackOf(told);
        expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
        for (const block of blocks.slice(0, -1)) {
          expect(block.text).toMatchObject({ type: 'plain_text', emoji: false });
          expect(block.text.text).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
        }
      }),
    );
  });

  it('keeps to the limits of Slack', () => {
    const worst = largestMessage();
    const signs = (told: Message): Message => ({
      ...told,
      site: { ...told.site, name: '&'.repeat(200) },
      alerts: told.alerts.map((one) => ({ ...one, because: { en: '&'.repeat(2000), nl: '' } })),
    });
    for (const told of [worst, signs(worst)]) {
      const { text, blocks } = slackOf(told);
      expect(blocks.length).toBeGreaterThan(10);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(text.length).toBeLessThanOrEqual(3000);
      for (const { type, text: block } of blocks)
        expect(block.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
      for (const { text: block } of blocks) expect(block.text).not.toMatch(/&[a-z]*…/);
    }
    const kinds = FINDING_KINDS.flatMap((kind) => [
      alert({ kind }),
      alert({ kind, state: 'resolved', resolvedAt: AT }),
    ]);
    const many = slackOf({ ...signs(worst), alerts: [...kinds, ...kinds] });
    expect(many.blocks.length).toBeLessThanOrEqual(50);
  });
});

describe('webhook, preset teams', () => {
  it('is a message with one Adaptive Card and a link', () => {
    const { type, attachments } = teamsOf(message());
    expect(type).toBe('message');
    expect(attachments).toMatchObject([
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          actions: [
            { type: 'Action.OpenUrl', title: 'Open in sipcensus', url: 'https://sipcensus.example/alerts' },
          ],
        },
      },
    ]);
    expect(runsOf(message())[0]).toBe('Head office: unsupported device (Acme P10, 192.168.10.20)');
    expect(teamsOf(message({ link: null })).attachments[0]?.content.actions).toEqual([]);
  });

  it('has text only where no Markdown is read, no entity, no mention, and nothing that is worked out', () => {
    fc.assert(
      fc.property(anyMessage, (told) => {
        const body = teamsBody(told);
        expect(body).not.toMatch(/"entities"|"TextBlock"|<at|\{\{|\$\{/);
        for (const { content } of teamsOf(told).attachments)
          for (const element of content.body) {
            expect(element.type).toBe('RichTextBlock');
            expect(element.inlines.map(({ type }) => type)).toEqual(['TextRun']);
          }
      }),
    );
  });

  it('keeps to 28 KB', () => {
    const body = teamsBody(largestMessage());
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(28 * 1024);
    expect(Buffer.byteLength(body)).toBeGreaterThan(20 * 1024);
  });
});

describe('webhook, preset mattermost', () => {
  it('is a post with a heading, an alert a paragraph, and a link that nothing in it ends', () => {
    const text = mattermostOf(message({ link: 'https://sipcensus.example/a?b=(c)' }));
    expect(text.split('\n')[0]).toBe('#### Head office: unsupported device (Acme P10, 192.168.10.20)');
    expect(text.split('\n').at(-1)).toBe('[Open in sipcensus](https://sipcensus.example/a?b=%28c%29)');
    expect(mattermostOf(message({ link: null }))).not.toContain('https:');
  });

  it('reads no markup in strangers’ text, and nothing of it is a mention or a link', () => {
    fc.assert(
      fc.property(anyMessage, (told) => {
        const own = mattermostOf(told)
          .replace(/^#### /, '')
          .replace(/\n\n\[[^\n]*$/, '');
        // What is left once every escape is taken out.
        const markup = own.replace(/\\[\\`*_[\]#~|+-]/g, '');
        expect(markup).not.toMatch(/[\\`*_[\]#~|<>]/);
        expect(markup).not.toMatch(/[@&](?!\u200b)|:\/\/|www\./i);
        for (const line of markup.split('\n')) expect(line).not.toMatch(/^\s*([-+]|\s{4}|\d+[.)] )/);
      }),
    );
  });

  it('keeps to 16,383 signs', () => {
    const { length } = mattermostOf(largestMessage());
    expect(length).toBeLessThanOrEqual(16_383);
    expect(length).toBeGreaterThan(12_000);
  });
});
