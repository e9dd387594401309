import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const whyNot = ((): string | null => {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces';
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' });
    execFileSync('avahi-daemon', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'needs iproute2 and avahi-daemon, for network namespaces';
  }
})();

const NODE = join(process.cwd(), 'node_modules/.bin/node');
const [IPV4, IPV6] = ['10.66.61.50', 'fd66:61::50'];
/** As a Htek of the corpus names itself. */
const USER_AGENT = 'Htek UC903 V2.0.4.2.27';

/** A namespace with a phone that avahi-daemon announces, IPv6 address included, and one with the auditor. */
function createSite(): { auditor: string; timesAsked: () => number; remove: () => Promise<void> } {
  const name = `sipcensus-dual-${process.pid}`;
  const [auditor, phone] = [`${name}-a`, `${name}-b`];
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-dual-'));
  const asked = join(folder, 'asked');
  writeFileSync(asked, '');
  const ip = (...words: string[]): void => void execFileSync('ip', words);
  mkdirSync(join(folder, 'services'));
  writeFileSync(
    join(folder, 'avahi-daemon.conf'),
    '[server]\nhost-name=phone\nuse-ipv4=yes\nuse-ipv6=yes\nenable-dbus=no\n[publish]\npublish-aaaa-on-ipv4=yes\npublish-workstation=no\npublish-hinfo=no\n',
  );
  writeFileSync(
    join(folder, 'services', 'sip.service'),
    '<!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group><name>Reception</name><service><type>_sip._udp</type><port>5060</port></service></service-group>',
  );
  ip('netns', 'add', auditor);
  ip('netns', 'add', phone);
  ip('link', 'add', 'lan', 'netns', auditor, 'type', 'veth', 'peer', 'name', 'lan', 'netns', phone);
  for (const [namespace, last] of [
    [auditor, '1'],
    [phone, '50'],
  ] as const) {
    ip('-n', namespace, 'addr', 'add', `10.66.61.${last}/24`, 'dev', 'lan');
    ip('-n', namespace, 'addr', 'add', `fd66:61::${last}/64`, 'dev', 'lan', 'nodad');
    for (const device of ['lo', 'lan']) ip('-n', namespace, 'link', 'set', device, 'up');
    ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'lan');
  }
  const inPhone = (...command: string[]): ChildProcess =>
    spawn('ip', ['netns', 'exec', phone, ...command], { stdio: 'ignore' });
  // It reads /etc/avahi and writes to /run: in a mount namespace those are ours.
  const run = `mount --bind ${folder} /etc/avahi && mount -t tmpfs none /run && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits`;
  const programs = [
    inPhone('unshare', '-m', 'sh', '-c', run),
    inPhone(NODE, 'test/app/dual-stack-phone.ts', USER_AGENT, asked),
  ];
  return {
    auditor,
    timesAsked: () => readFileSync(asked, 'utf8').split('\n').length - 1,
    async remove() {
      const ended = programs.map((program) => once(program, 'exit'));
      for (const program of programs) program.kill();
      await Promise.all(ended);
      ip('netns', 'del', auditor);
      ip('netns', 'del', phone);
      rmSync(folder, { recursive: true });
    },
  };
}

interface Output {
  devices: {
    vendor: string | null;
    model: string | null;
    mac: string | null;
    endpoints: { address: string; port: number; userAgent: string | null; channels: string[] }[];
  }[];
}

describe.skipIf(whyNot !== null)(`a phone with IPv4 and IPv6${whyNot === null ? '' : `: ${whyNot}`}`, () => {
  let site: ReturnType<typeof createSite>;
  beforeAll(() => {
    site = createSite();
  });
  afterAll(() => site.remove());

  const scan = (...options: string[]): Output =>
    JSON.parse(
      execFileSync(
        'ip',
        [
          ...[
            'netns',
            'exec',
            site.auditor,
            NODE,
            'src/app/main.ts',
            'scan',
            '10.66.61.0/26',
            'fd66:61::/64',
          ],
          ...['--exclude', '10.66.61.1', '--format', 'json', ...options],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    ) as Output;

  it('is asked at the IPv6 address that its mDNS gives, and is one device: its MAC address is behind both', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const { devices } = scan('--channels', 'sip-options,mdns,neighbours', '--seconds', '8');
    expect(devices).toHaveLength(1);
    const [phone] = devices;
    expect(phone).toMatchObject({ vendor: 'Htek', model: 'UC903' });
    expect(phone?.mac).toMatch(/^[0-9a-f]{12}$/);
    expect(
      phone?.endpoints.map(({ address, port, userAgent }) => `${address} ${port} ${userAgent}`).sort(),
    ).toEqual([`${IPV4} 5060 ${USER_AGENT}`, `${IPV6} 5060 ${USER_AGENT}`]);
  }, 60_000);

  it('is sent nothing at all where its MAC address is excluded, known to the neighbour table before or not', () => {
    const [mac = ''] = scan('--channels', 'sip-options,neighbours', '--seconds', '1').devices.map(
      (one) => one.mac,
    );
    expect(mac).toMatch(/^[0-9a-f]{12}$/);
    const before = site.timesAsked();
    expect(before).toBeGreaterThan(0);
    execFileSync('ip', ['-n', site.auditor, 'neigh', 'flush', 'all']);
    const written = mac?.replace(/(..)(?!$)/g, '$1:') ?? '';
    expect(scan('--exclude', written).devices).toEqual([]);
    expect(site.timesAsked()).toBe(before);
    // Others are asked as ever.
    expect(scan('--exclude', '02:00:00:00:00:99').devices).toHaveLength(1);
  }, 60_000);
});
