import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TObject } from 'typebox';
import { describe, expect, it } from 'vitest';
import { alertsConfig } from '../../src/alerts/config.ts';
import { SINKS, SINK_NAMES } from '../../src/alerts/registry.ts';
import type { Sink } from '../../src/alerts/sink.ts';

const FOLDER = 'src/alerts/sinks';
const folders = readdirSync(FOLDER).filter((name) => statSync(join(FOLDER, name)).isDirectory());
const sinks = Object.entries<Sink<TObject>>(SINKS);

interface SchemaNode {
  description?: string;
  additionalProperties?: boolean;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

/** Every object and every key inside a schema. */
const nodesOf = (node: SchemaNode, path: string): [string, SchemaNode][] => [
  [path, node],
  ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => nodesOf(child, `${path}.${key}`)),
  // An item is described by its list.
  ...(node.items === undefined ? [] : nodesOf(node.items, `${path}[]`).slice(1)),
];

describe('the registry of sinks', () => {
  it('has every folder of sinks, and none that is not there', () => {
    expect([...SINK_NAMES].sort()).toEqual(folders.sort());
  });

  it.each(sinks)(
    'has %s under its own name, with its settings and what it sends written down',
    (name, sink) => {
      expect(sink.name).toBe(name);
      expect(existsSync(join(FOLDER, name, 'README.md'))).toBe(true);
      expect(readFileSync(join(FOLDER, name, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${name}\\n`));
      for (const [path, node] of nodesOf(sink.config, name).slice(1)) {
        expect(node.description ?? '', path).toMatch(/\S.*[.]$/s);
        if (node.properties !== undefined) expect(node.additionalProperties, path).toBe(false);
      }
      expect((sink.config as SchemaNode).additionalProperties).toBe(false);
    },
  );

  it('makes one section of the configuration, in which no sink takes a key that all have', () => {
    expect(() => alertsConfig(SINKS)).not.toThrow();
  });
});
