import { describe, expect, it } from 'vitest';
import { QUIRKS, SIP_FAULTS } from '../../../src/wire/sip/message.ts';
import { parseSip } from '../../../src/wire/sip/parse.ts';
import { CAPTURES, expectationsOf, messagesOf, TORTURE } from './message-files.ts';
import { observe } from './observe.ts';

describe.each(TORTURE)('%s', (folder) => {
  const expectations = expectationsOf(folder);
  const messages = messagesOf(folder);

  it('expects something of every message, and of none that is not there', () => {
    expect([...expectations.keys()].sort()).toEqual(messages.map(({ name }) => name).sort());
  });

  it.each(messages)('reads $name as expected', ({ name, bytes }) => {
    const parsed = parseSip(bytes);
    const observed = parsed.ok ? observe(parsed.value) : { fault: parsed.fault, quirks: [] };
    expect(observed).toMatchObject({ quirks: [], ...expectations.get(name) });
  });
});

describe('the message files', () => {
  const outcomes = [CAPTURES, ...TORTURE].flatMap(messagesOf).map(({ bytes }) => parseSip(bytes));

  it('show every quirk and every fault of the closed lists', () => {
    const quirks = new Set(outcomes.flatMap((outcome) => (outcome.ok ? outcome.value.quirks : [])));
    const faults = new Set(outcomes.flatMap((outcome) => (outcome.ok ? [] : outcome.fault)));
    expect([...quirks].sort()).toEqual([...QUIRKS].sort());
    expect([...faults].sort()).toEqual([...SIP_FAULTS].sort());
  });
});
