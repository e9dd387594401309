import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostableAlert } from '../../../src/alerts/sinks/alertmanager/post-alerts.ts';
import { freePort } from './free-port.ts';

const PROGRAM = '/usr/bin/prometheus-alertmanager';

/** Why the tests with a real Alertmanager cannot run here; null where they can. */
export const noAlertmanager = existsSync(PROGRAM) ? null : 'prometheus-alertmanager is not installed';

/** Tells a web hook at once of whatever fires and of whatever has ended. */
const configOf = (hook: string): string => `
route: { receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s }
receivers:
  - name: hook
    webhook_configs: [{ url: '${hook}', send_resolved: true }]
`;

export interface Alertmanager {
  url: string;
  /** What fires now. */
  firing(): Promise<PostableAlert[]>;
  stop(): Promise<void>;
}

/** Debian's Alertmanager on a loopback port, in a folder of its own, with no other one to talk to. */
export async function startAlertmanager(hook: string): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-alertmanager-'));
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, configOf(hook));
  const child = spawn(
    PROGRAM,
    [
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
      `--storage.path=${folder}`,
      `--config.file=${config}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const url = `http://${address}`;
  for (let tries = 0; !(await isReady(url)); tries += 1) {
    if (child.exitCode !== null || tries > 100) {
      await stop();
      throw new Error(`Alertmanager does not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop,
    firing: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as PostableAlert[],
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
