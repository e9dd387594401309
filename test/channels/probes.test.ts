import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildProbe } from '../../src/channels/sip-options/probe.ts';
import { createProbes } from '../../src/channels/sip-options/probes.ts';

const from = { address: '10.0.0.200', port: 40_000 };
const cookie = fc.stringMatching(/^[0-9a-f]{24}$/);
const place = fc.record({
  site: fc.constant('s'),
  transport: fc.constant('udp' as const),
  address: fc.oneof(fc.ipV4(), fc.constant('fd00::7')),
  port: fc.constantFrom(5060, 5062, 65_535, 1024),
});

describe('probes patched in place', () => {
  it('are byte for byte those that are built anew', () => {
    const probes = createProbes(from);
    fc.assert(
      fc.property(place, cookie, (to, own) => {
        expect(Buffer.from(probes.of(to, own)).toString()).toBe(
          Buffer.from(buildProbe(to, from, own)).toString(),
        );
      }),
    );
  });

  it('leave alone the bytes that the system still holds', () => {
    const probes = createProbes(from);
    const to = { site: 's', transport: 'udp' as const, address: '10.0.0.1', port: 5060 };
    const first = probes.of(to, 'a'.repeat(24));
    const before = Buffer.from(first).toString();
    probes.keep();
    const second = probes.of({ ...to, address: '10.0.0.2' }, 'b'.repeat(24));
    expect(Buffer.from(first).toString()).toBe(before);
    expect(Buffer.from(second).toString()).toContain('sip:10.0.0.2:5060');
    // Without that, the same bytes are written over.
    expect(probes.of(to, 'c'.repeat(24)).buffer).toBe(second.buffer);
  });
});
