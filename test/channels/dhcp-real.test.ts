import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMatcher } from '../../src/app/knowledge.ts';
import type { ChannelReport } from '../../src/channels/channel.ts';
import type { Fact } from '../../src/model/fact.ts';

const whyNotReal = ((): string | null => {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces';
  const works = (...command: [string, ...string[]]): boolean =>
    spawnSync(command[0], command.slice(1), { stdio: 'ignore' }).status === 0;
  if (!works('ip', 'netns', 'list')) return 'needs network namespaces';
  return works('busybox', 'udhcpd', '--help') ? null : 'needs busybox with udhcpc and udhcpd';
})();

const MAC = '00:15:65:aa:bb:cc';
const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: 'pipe' });

/** A phone and an auditor behind one switch, which is the DHCP server's own bridge. */
function createLan() {
  const name = `sipcensus-dhcp-${process.pid}`;
  const [auditor, server, phone] = [`${name}-a`, `${name}-s`, `${name}-p`];
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-dhcp-'));
  const running: ChildProcess[] = [];
  const inside = (namespace: string, ...command: string[]): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    running.push(child);
    return child;
  };
  async function remove(): Promise<void> {
    for (const child of running)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await once(child, 'exit');
      }
    for (const namespace of [auditor, server, phone]) spawnSync('ip', ['netns', 'del', namespace]);
    rmSync(folder, { recursive: true });
  }
  function build(): void {
    for (const namespace of [auditor, server, phone]) ip('netns', 'add', namespace);
    ip('link', 'add', 'lan', 'netns', auditor, 'type', 'veth', 'peer', 'name', 'port1', 'netns', server);
    ip('link', 'add', 'lan', 'netns', phone, 'type', 'veth', 'peer', 'name', 'port2', 'netns', server);
    ip('-n', phone, 'link', 'set', 'dev', 'lan', 'address', MAC);
    ip('-n', server, 'link', 'add', 'bridge', 'type', 'bridge');
    for (const port of ['port1', 'port2'])
      ip('-n', server, 'link', 'set', 'dev', port, 'master', 'bridge', 'up');
    for (const [namespace, device, address] of [
      [auditor, 'lan', '10.66.7.1/24'],
      [server, 'bridge', '10.66.7.2/24'],
    ] as const)
      ip('-n', namespace, 'addr', 'add', address, 'dev', device);
    for (const [namespace, device] of [
      [auditor, 'lan'],
      [server, 'bridge'],
      [phone, 'lan'],
    ] as const)
      ip('-n', namespace, 'link', 'set', 'dev', device, 'up');
    const file = (word: string, text = ''): string => {
      writeFileSync(join(folder, word), text);
      return join(folder, word);
    };
    const settings = `start 10.66.7.50\nend 10.66.7.59\nmax_leases 10\ninterface bridge\nlease_file ${file('leases')}\npidfile ${join(folder, 'pid')}\n`;
    inside(server, 'busybox', 'udhcpd', '-f', file('udhcpd.conf', settings));
  }
  return { auditor, server, phone, inside, build, remove };
}

describe.skipIf(whyNotReal !== null)(
  `dhcp and a client of busybox${whyNotReal === null ? '' : `: ${whyNotReal}`}`,
  () => {
    const lan = createLan();
    beforeAll(() => lan.build());
    afterAll(() => lan.remove());

    /** The channel in a namespace: what it said first, and how to end it. */
    async function listen(namespace: string, ...before: string[]) {
      const node = join(process.cwd(), 'node_modules/.bin/node');
      const program = [node, 'test/channels/dhcp-in-namespace.ts', '10.66.7.0/24'];
      const child = lan.inside(namespace, ...before, ...program);
      const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? 'null');
      return { first: await next(), end: () => (child.stdin?.end(), next()) };
    }

    it('hears who asks for an address, and knows the phone by it', { timeout: 60_000 }, async () => {
      const { first, end } = await listen(lan.auditor);
      expect(first).toBe('listening');
      const wishes = ['-V', 'yealink', '-x', 'hostname:SIP-T46S'];
      const client = lan.inside(
        lan.phone,
        ...['busybox', 'udhcpc', '-f', '-n', '-q', '-t', '10', '-T', '1', '-i', 'lan', '-s', '/bin/true'],
        ...wishes,
      );
      expect(await once(client, 'exit')).toEqual([0, null]);
      const heard = (await end()) as {
        report: ChannelReport;
        sightings: { address: string; facts: Fact[] }[];
      };

      const [phone] = heard.sightings;
      // A busy machine may let it ask twice.
      for (const again of heard.sightings) expect(again).toEqual(phone);
      expect(phone?.address).toMatch(/^10\.66\.7\.5\d$/);
      expect(phone?.facts.map(({ field, value }) => `${field} ${value}`)).toEqual([
        'dhcp.mac 001565aabbcc',
        'dhcp.host_name SIP-T46S',
        'dhcp.vendor_class yealink',
        'dhcp.parameters 1,3,6,12,15,28,42',
      ]);
      // The DISCOVER of a client without an address names none.
      expect(heard.report).toMatchObject({
        sent: 0,
        refused: { irrelevant: heard.report.heard - heard.sightings.length },
      });
      const matcher = loadMatcher(null);
      expect(matcher.combine(matcher.match(phone?.facts ?? [], false)).identity).toEqual({
        vendor: 'Yealink',
        mac: '001565aabbcc',
      });
    });

    it('yields to a DHCP server on its own host', { timeout: 60_000 }, async () => {
      expect((await listen(lan.server)).first).toMatch(/^UDP 67 is in use on this host, by a DHCP server/);
    });

    it('says which right is missing', { timeout: 60_000 }, async () => {
      const without = ['setpriv', '--bounding-set', '-net_bind_service', '--inh-caps', '-net_bind_service'];
      expect((await listen(lan.auditor, ...without)).first).toMatch(
        /^No permission to open UDP 0\.0\.0\.0:67\..*CAP_NET_BIND_SERVICE/s,
      );
    });
  },
);
