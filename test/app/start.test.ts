import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestRules, digestTexts } from '../../src/app/knowledge.ts';
import { temporaryFolder } from './program.ts';

const MOST_KIB = 110 * 1024;
const TELL_MEMORY = `--import=data:text/javascript,process.on('exit',()=>process.stderr.write('KiB='+process.resourceUsage().maxRSS))`;

const identify = (main: string, args: readonly string[] = [], options: readonly string[] = []) =>
  spawnSync(process.execPath, [...options, main, 'identify', ...args], {
    input: 'snom370/8.7.5.48\n',
    encoding: 'utf8',
  });

describe('the start of the built program', () => {
  it('finds the digests of the very rules and policy that are on disk', () => {
    expect(readFileSync('dist/app/rules.json', 'utf8')).toBe(digestRules());
    expect(readFileSync('dist/app/texts.json', 'utf8')).toBe(digestTexts());
  });

  it('takes little memory to identify a string', () => {
    const { stdout, stderr } = identify('dist/app/main.js', [], [TELL_MEMORY]);

    expect(stdout).toContain('Snom, 370, 8.7.5.48');
    expect(Number(/KiB=(\d+)/.exec(stderr)?.[1])).toBeLessThan(MOST_KIB);
  });

  it('says of every command how it is used, however few of them it loads', () => {
    for (const args of [['--help'], ['scan', '--help'], ['help', 'scan'], ['scna']]) {
      const { stdout, stderr } = spawnSync(process.execPath, ['dist/app/main.js', ...args], {
        encoding: 'utf8',
      });
      expect(stdout + stderr, args.join(' ')).toMatch(
        { '--help': /demo[\s\S]*serve[\s\S]*scan[\s\S]*simulate/, scna: /Did you mean scan\?/ }[
          args[0] ?? ''
        ] ?? /Usage: sipcensus scan [\s\S]*--channels <list>/,
      );
    }
  });
});

describe('a built program of which a shipped rule was edited', () => {
  const folder = temporaryFolder();
  const main = join(folder.path, 'dist/app/main.js');
  const snom = join(folder.path, 'rules/fingerprints/snom.yaml');
  beforeAll(() => {
    for (const name of ['dist/app', 'rules', 'migrations', 'package.json'])
      cpSync(name, join(folder.path, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder.path, 'node_modules'));
  });
  afterAll(() => folder.remove());

  it('goes by what stands in the file', () => {
    const before = readFileSync(snom, 'utf8');
    writeFileSync(snom, before.replace('certainty: 0.98', 'certainty: 0.77'));

    expect(identify(main).stdout).toContain('(77 %)');
    writeFileSync(snom, before);
    expect(identify(main).stdout).toContain('(98 %)');
  });

  it('refuses what is wrong there, with file and line', () => {
    appendFileSync(snom, "\n  - { id: bad, on: sip.user_agent, pattern: 'x(', asserts: {}, certainty: 9 }\n");

    const { status, stderr } = identify(main);
    expect(status).toBe(2);
    expect(stderr).toMatch(/snom\.yaml:\d+:\d+: "rules\.\d+\.certainty" must be <= 1/);
  });

  it('does without digests', () => {
    for (const name of ['rules', 'dist/app/rules.json', 'dist/app/texts.json'])
      rmSync(join(folder.path, name), { recursive: true });
    cpSync('rules', join(folder.path, 'rules'), { recursive: true });

    expect(identify(main, ['--format', 'json']).stdout).toBe(
      identify('dist/app/main.js', ['--format', 'json']).stdout,
    );
  });
});
