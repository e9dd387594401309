import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/app/cli.ts';
import { ConfigSchema } from '../src/app/config-schema.ts';
import { CHANNEL_NAMES } from '../src/channels/registry.ts';
import { ERROR_CODES } from '../src/model/app-error.ts';
import { FIELDS } from '../src/model/fact.ts';
import { VERSION } from '../src/model/product.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const foldersOf = (path: string): string[] =>
  readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory());
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());

describe('the house', () => {
  it('has the folders and rooms that docs/architecture.md and the layer rules name', () => {
    const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    const ruled = forbidden.flatMap(({ name }) => /^(.+)-imports-only-what-it-may$/.exec(name)?.[1] ?? []);
    const rooms = foldersOf('src').sort();
    expect(rooms).toEqual([...ruled, 'app'].sort());
    for (const room of rooms) expect(read('docs/architecture.md')).toContain(`| \`${room}\` |`);
    expect(foldersOf('.').filter((name) => !name.startsWith('.'))).toEqual(
      expect.arrayContaining(['bench', 'docs', 'migrations', 'rules', 'src', 'systemd', 'test', 'web']),
    );
  });

  it('registers every channel folder, and none that is not there', () => {
    expect([...CHANNEL_NAMES].sort()).toEqual(foldersOf('src/channels').sort());
  });

  it('adds every command file to the command line, each under its own name', async () => {
    const files = readdirSync('src/app/commands').filter((name) => name !== 'command.ts');
    expect(
      Object.keys(COMMANDS)
        .map((name) => `${name}.ts`)
        .sort(),
    ).toEqual(files.sort());
    for (const [name, load] of Object.entries(COMMANDS)) {
      const program = new Command();
      (await load())(program, () => undefined);
      expect(program.commands.map((command) => command.name())).toEqual([name]);
    }
  });

  it('documents every error code, and no other', () => {
    const documented = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (\d) \|/gm)].map((row) => [
      row[1],
      Number(row[2]),
    ]);
    expect(Object.fromEntries(documented)).toEqual(ERROR_CODES);
  });

  it('documents every configuration key with its default and its words', () => {
    const rows = new Map(
      [...read('docs/configuration.md').matchAll(/^\| `([a-z][\w.-]*)` \| (.*?) \| (.*) \|$/gm)].map(
        (row) => [row[1] ?? '', { byDefault: row[2], words: row[3] ?? '' }],
      ),
    );
    const leaves = leavesOf(ConfigSchema as unknown as SchemaNode);
    expect([...rows.keys()].sort()).toEqual(leaves.map(({ path }) => path).sort());
    for (const { path, node } of leaves) {
      expect(rows.get(path)?.words.startsWith((node.description ?? '').slice(0, 40)), path).toBe(true);
      if (node.default !== undefined)
        expect(rows.get(path)?.byDefault).toBe(
          `\`${typeof node.default === 'string' ? node.default : JSON.stringify(node.default)}\``,
        );
    }
  });

  it('documents every setting of every sink with its default and its words', () => {
    const rows = new Map(
      [...read('docs/configuration.md').matchAll(/^\| `([a-z]+\[\]\.\w+)` \| (.*?) ?\| (.*) \|$/gm)].map(
        (row) => [row[1] ?? '', { byDefault: row[2], words: row[3] ?? '' }],
      ),
    );
    const sinks = ConfigSchema.properties.alerts.properties.sinks as unknown as SinksNode;
    for (const [kind, { items }] of Object.entries(sinks.properties))
      for (const [key, node] of Object.entries(items.properties)) {
        const row = rows.get(`${kind}[].${key}`) ?? rows.get(`sink[].${key}`);
        expect(row?.words, `${kind} ${key}`).toBe(node.description);
        const byDefault = typeof node.default === 'string' ? node.default : JSON.stringify(node.default);
        expect(row?.byDefault, `${kind} ${key}`).toBe(node.default === undefined ? '' : `\`${byDefault}\``);
      }
  });

  it('says the version of package.json', () => {
    expect((JSON.parse(read('package.json')) as { version: string }).version).toBe(VERSION);
  });

  it('documents every field that a rule can read, as the closed list has it', () => {
    const documented = [
      ...read('docs/rule-format.md').matchAll(/^\| `([a-z]+\.[a-z_]+)` +\| (.*?) +\|$/gm),
    ].map(([, field = '', meaning = '']) => [field, meaning]);
    expect(documented).toEqual(Object.entries(FIELDS));
  });

  it('holds no vendor knowledge in code: every vendor word lives in rules/', () => {
    const vendors = read('rules/vocabulary/vendors.txt')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      // Words of the protocol, of this program's own peers, or of plain English.
      .filter(
        (word) =>
          word.length > 3 &&
          !/^(Asterisk|Linphone|Microsoft|Telephone|Media5|Patton|Samsung|Axis)$/.test(word),
      );
    const words = vendors.map((vendor) => vendor.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    const isVendor = new RegExp(`\\b(${words})\\b`, 'i');
    const found = filesBelow('src')
      // The simulated site plays makers' phones; registrations are asked of a PBX in its own maker's protocol.
      .filter(
        (file) =>
          file.endsWith('.ts') && !/^src\/(?:simulation|registrations)\/|\/import(?:-\w+)?\.ts$/.test(file),
      )
      .flatMap((file) =>
        withoutComments(read(file))
          .split('\n')
          .map((line, index) => `${file}:${index + 1}: ${line.trim()}`),
      )
      .filter((line) => isVendor.test(line));
    expect(found).toEqual([]);
  });

  it('fuzzes every parser of stranger’s bytes', () => {
    const tests = filesBelow('test')
      .filter((file) => file.endsWith('.test.ts'))
      .map(read);
    for (const file of filesBelow('src/wire').filter((name) =>
      /export function parse|export const parse/.test(read(name)),
    )) {
      const name = file.replace(/^src\//, '');
      expect(
        tests.some((text) => text.includes(name) && text.includes('fast-check')),
        `${file} has no property test`,
      ).toBe(true);
    }
  });
});

/** The settings of the sinks, as the schema of the configuration has them. */
interface SinksNode {
  properties: Record<
    string,
    { items: { properties: Record<string, { description?: string; default?: unknown }> } }
  >;
}

interface SchemaNode {
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
}

function leavesOf(node: SchemaNode, path = ''): { path: string; node: SchemaNode }[] {
  if (node.properties === undefined) return [{ path, node }];
  return Object.entries(node.properties).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`),
  );
}

const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, '');
