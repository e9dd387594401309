import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import Value from 'typebox/value';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { command } from '../../../src/alerts/sinks/command/index.ts';
import { config } from '../../../src/alerts/sinks/command/config.ts';
import { messageJson } from '../../../src/alerts/message-json.ts';
import { processesNaming, script, type Script } from './command-peer.ts';
import { contextOf } from './conformance.ts';
import * as messages from './messages.ts';

const scripts: Script[] = [];
const have = (lines: string, mode?: number): Script => {
  const made = script(lines, mode);
  scripts.push(made);
  return made;
};
const run = (program: string, args: string[] = [], signal?: AbortSignal, message = messages.message()) =>
  command.deliver(message, contextOf({ program, arguments: args }, signal === undefined ? {} : { signal }));

afterEach(() => {
  for (const { folder, remove } of scripts.splice(0)) {
    for (const id of processesNaming(folder)) process.kill(id, 'SIGKILL');
    remove();
  }
});

describe('a command', () => {
  it('is handed the message as one JSON document on its standard input', async () => {
    const { program, left } = have('cat > "$folder/input"');
    const message = messages.hostileMessage(messages.HOSTILE[2]);
    expect(await run(program, [], undefined, message)).toEqual({ ok: true, value: undefined });
    expect(left('input').trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(left('input'))).toEqual(JSON.parse(JSON.stringify(messageJson(message))));
  });

  it('is handed its arguments as they are, and no shell reads them', async () => {
    const { program, left } = have('printf "%s|" "$@" > "$folder/arguments"');
    await run(program, ['two words', '$(id)', '; touch x', '*', '', '"']);
    expect(left('arguments')).toBe('two words|$(id)|; touch x|*||"|');
  });

  it('finds in its environment a few words of ours, and nothing of the daemon’s', async () => {
    process.env['SIPCENSUS_SECRET_OF_TEST'] = 'hunter2';
    const { program, left } = have(
      'tr "\\0" "\\n" < /proc/self/environ > "$folder/environment"; pwd > "$folder/where"',
    );
    await run(program, [], undefined, messages.message({ more: 3 }));
    delete process.env['SIPCENSUS_SECRET_OF_TEST'];
    const variables = left('environment')
      .split('\n')
      .filter((line) => line !== '' && !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(variables.map((line) => line.replace(/^(PATH|LANG)=.+/, '$1')).sort()).toEqual([
      'LANG',
      'PATH',
      'SIPCENSUS_ALERTS=4',
      'SIPCENSUS_GROUP=head-office/unsupported',
      'SIPCENSUS_ID=sipcensus.head-office.17',
      'SIPCENSUS_LANGUAGE=en',
      'SIPCENSUS_REASON=firing',
      'SIPCENSUS_SITE=head-office',
    ]);
    expect(left('where')).toBe('/\n');
  });

  it.each([
    [
      'delivers by exit code 0, whatever it writes',
      'echo no such user >&2; exit 0',
      { ok: true, value: undefined },
    ],
    [
      'is asked again after exit code 75',
      'echo later >&2; exit 75',
      { ok: false, fault: { reason: 'rejected', retry: true, detail: 'exit code 75: later' } },
    ],
    [
      'rejects by any other exit code, and the last it said is told, without controls',
      'echo first >&2; printf "no \\033[31msuch user\\n" >&2; exit 67',
      {
        ok: false,
        fault: { reason: 'rejected', retry: false, detail: 'exit code 67: no \\x1b[31msuch user' },
      },
    ],
    [
      'rejects without a word',
      'exit 1',
      { ok: false, fault: { reason: 'rejected', retry: false, detail: 'exit code 1' } },
    ],
    [
      'is asked again when a signal has ended it',
      'kill -KILL $$',
      { ok: false, fault: { reason: 'rejected', retry: true, detail: 'ended by SIGKILL' } },
    ],
  ])('%s', async (_, lines, outcome) => {
    expect(await run(have(lines).program)).toEqual(outcome);
  });

  it('rejects what is not there or may not be run', async () => {
    const { program } = have('exit 0', 0o644);
    const rejected = (detail: string) => ({ ok: false, fault: { reason: 'rejected', retry: false, detail } });
    expect(await run(`${program}-missing`)).toEqual(
      rejected('it does not exist, or what should run it does not'),
    );
    expect(await run(program)).toEqual(rejected('no permission to run it'));
    expect(await run(`${program}/below`)).toEqual(rejected('it does not exist'));
  });

  it('is asked again, and stops nobody, when this process has no descriptors left to start it', () => {
    const run = pathToFileURL('src/platform/run-program.ts').href;
    const code = `
      import { openSync } from 'node:fs';
      import { runProgram } from '${run}';
      try { for (;;) openSync('/dev/null', 'r'); } catch { /* None is left. */ }
      const rest = { arguments: [], environment: {}, input: '', timeoutMs: 1000, signal: new AbortController().signal };
      const { fault } = await runProgram({ program: '/bin/true', ...rest });
      process.stdout.write(fault.kind);`;
    const node = [process.execPath, '--input-type=module', '--eval', code];
    const said = execFileSync('/bin/sh', ['-c', 'ulimit -n 60; exec "$@"', 'sh', ...node], {
      encoding: 'utf8',
    });
    expect(said).toBe('no-resources');
  });

  it('is not at fault when it does not read its input', async () => {
    const { program } = have('exec 0<&-; exit 0');
    expect(await run(program, [], undefined, messages.largestMessage())).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it('may write without end: what it says is bounded', async () => {
    const { program } = have(
      'head -c 20000000 /dev/zero | tr "\\0" x; head -c 20000000 /dev/zero | tr "\\0" y >&2; exit 3',
    );
    const delivery = await run(program);
    expect(delivery).toMatchObject({ ok: false, fault: { reason: 'rejected' } });
    expect(delivery.ok ? '' : delivery.fault.detail).toMatch(/^exit code 3: y{200}$/);
  });

  it('ends with all that it has started', async () => {
    const { program, folder } = have('tail -f "$folder/tell" & exit 0');
    expect((await run(program)).ok).toBe(true);
    await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]));
  });

  it('is waited for no longer when only one that has left its group still holds its output', async () => {
    const { program, folder } = have('setsid tail -f "$folder/tell" & sleep 0.2; exit 0');
    const since = performance.now();
    expect((await run(program)).ok).toBe(true);
    expect(performance.now() - since).toBeLessThan(3000);
    expect(processesNaming(folder)).toHaveLength(1);
  });

  it('is told to end when it is called off, its children too', async () => {
    const { program, folder, left } = have(
      'trap "echo told > $folder/trap; exit 0" TERM; tail -f "$folder/tell" & echo up > "$folder/up"; wait',
    );
    const controller = new AbortController();
    const delivery = run(program, [], controller.signal);
    await vi.waitFor(() => expect(left('up')).toBe('up\n'));
    controller.abort();
    expect(await delivery).toEqual({
      ok: false,
      fault: { reason: 'aborted', retry: true, detail: 'interrupted' },
    });
    expect(left('trap')).toBe('told\n');
    await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]));
  });

  it('is ended after ten seconds, by force a second later where it does not listen', async () => {
    const { program, folder } = have('trap "" TERM; while :; do sleep 1; done');
    const since = performance.now();
    expect(await run(program)).toEqual({
      ok: false,
      fault: { reason: 'timeout', retry: true, detail: 'it took too long and was ended' },
    });
    expect(performance.now() - since).toBeGreaterThan(10_900);
    expect(performance.now() - since).toBeLessThan(14_000);
    expect(processesNaming(folder)).toEqual([]);
  });
});

describe('the settings of command', () => {
  it.each([
    [{ program: '/usr/bin/logger' }, true],
    [{ program: '/usr/bin/logger', arguments: ['-t', 'x y'] }, true],
    [{ program: 'logger' }, false],
    [{ program: './logger' }, false],
    [{ program: '' }, false],
    [{ program: '/a\u0000b' }, false],
    [{ program: '/a', arguments: ['a\u0000b'] }, false],
    [{ program: '/a', shell: 'true' }, false],
    [{}, false],
  ])('%j: %s', (settings, isGood) => {
    expect(Value.Check(config, Value.Default(config, structuredClone(settings)))).toBe(isGood);
  });
});
