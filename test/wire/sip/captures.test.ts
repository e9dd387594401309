import { describe, expect, it } from 'vitest';
import { parseSip } from '../../../src/wire/sip/parse.ts';
import { CAPTURES, expectationsOf, messagesOf } from './message-files.ts';
import { observe } from './observe.ts';

const expectations = expectationsOf(CAPTURES);
const messages = messagesOf(CAPTURES);

describe('real messages', () => {
  it('are all expected, and none is expected that is not there', () => {
    expect([...expectations.keys()].sort()).toEqual(messages.map(({ name }) => name).sort());
  });

  it.each(messages)('reads $name', ({ name, bytes }) => {
    const parsed = parseSip(bytes);
    expect(parsed).toMatchObject({ ok: true });
    if (parsed.ok)
      expect(observe(parsed.value)).toMatchObject({ quirks: [], codecs: [], ...expectations.get(name) });
  });
});
