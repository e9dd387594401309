import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run, stopAll, temporaryFolder } from './program.ts';

const HOW_TO = readFileSync('docs/how-to/add-a-rule.md', 'utf8');

describe('docs/how-to/add-a-rule.md, followed to the letter', () => {
  const folder = temporaryFolder();
  afterAll(() => {
    stopAll();
    folder.remove();
  });

  it('turns an unknown phone into a known one', async () => {
    const [, userAgent = ''] = /echo '([^']+)' \| npx sipcensus identify --explain/.exec(HOW_TO) ?? [];
    const drafted = await run(['rules', 'new', '--user-agent', userAgent]);
    const before = await run(['identify'], { input: `${userAgent}\n` });
    expect(before.stdout).toContain('not identified');

    const [shownDraft = '', finished = ''] = [...HOW_TO.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, text = '']) => text,
    );
    expect(drafted.stdout.replace(/^#.*\n/gm, '')).toBe(shownDraft);

    writeFileSync(join(folder.path, 'acme.yaml'), finished);
    const misspelt = await run(['rules', 'check', folder.path]);
    expect(misspelt.code).toBe(2);
    expect(misspelt.stderr).toMatch(/acme\.yaml:1:\d+:.*Acme/);

    writeFileSync(join(folder.path, 'vendors.txt'), 'Acme\n');
    expect(await run(['rules', 'check', folder.path])).toMatchObject({ code: 0 });
    const after = await run(['identify', '--format', 'json', '--rules', folder.path], {
      input: `${userAgent}\nAcme P20/2.0\n`,
    });
    const [first, second] = after.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      vendor: 'Acme',
      model: 'P10W',
      firmware: '1.10',
      kind: 'desk-phone',
      mac: '00a0b0c0d0e0',
    });
    expect(second).toMatchObject({ vendor: 'Acme', model: 'P20', mac: null });
  });
});
