import { describe, expect, it } from 'vitest';
import { SINK_NAMES } from '../../../src/alerts/registry.ts';
import { CANDIDATES } from './candidates.ts';
import { conformsToSink } from './conformance.ts';

describe('the sinks that are held to the suite', () => {
  it('are all that there are', () => {
    expect(Object.keys(CANDIDATES).sort()).toEqual([...SINK_NAMES].sort());
  });
});

for (const [name, make] of Object.entries(CANDIDATES.email)) conformsToSink(name, make);
for (const [name, make] of Object.entries(CANDIDATES.webhook)) conformsToSink(name, make);
for (const [name, make] of Object.entries(CANDIDATES.alertmanager)) conformsToSink(name, make);
for (const [name, make] of Object.entries(CANDIDATES.syslog)) conformsToSink(name, make);
for (const [name, make] of Object.entries(CANDIDATES.command)) conformsToSink(name, make);
