import type { Fact, Field } from '../../model/fact.ts';
import { bounded } from '../../model/text.ts';
import { instancesOf, type Speaker } from './speaker.ts';

/** What one address has said of itself, each value once, and always in the same order. */
export function factsOf(speaker: Speaker): Fact[] {
  const facts = new Map<string, Fact>();
  const add = (field: Field, text: string | null): void => {
    if (text === null || text === '') return;
    const value = bounded(text);
    facts.set(`${field} ${value}`, { field, value });
  };
  for (const { service, instance, host, texts } of instancesOf(speaker)) {
    add('mdns.service', service);
    add('mdns.instance', instance);
    for (const text of texts) add('mdns.txt', pairOf(text));
    add('mdns.host', host);
  }
  for (const address of [...speaker.addresses].sort()) add('mdns.address', address);
  for (const query of [...speaker.queries].sort()) add('mdns.query', query);
  return [...facts.values()];
}

/** Keys are compared without case, a key without `=` is one that is true, and a string without a key is none (RFC 6763 6.4). */
function pairOf(text: string): string {
  const equals = text.indexOf('=');
  if (equals === 0) return '';
  return equals === -1 ? text.toLowerCase() : text.slice(0, equals).toLowerCase() + text.slice(equals);
}
