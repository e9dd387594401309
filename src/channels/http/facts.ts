import type { Fact } from '../../model/fact.ts';
import { headerValues, type HttpAnswer } from '../../wire/http/answer.ts';
import { parseRealms } from '../../wire/http/realm.ts';
import { parseTitle } from '../../wire/http/title.ts';

/**
 * What an answer to GET / says of who sent it; 401, 403, 404 say as much as 200. Of the page itself only the title is taken: what
 * else stands there may be extension numbers and calls of people.
 */
export function factsOf(answer: HttpAnswer): Fact[] {
  const [server = ''] = headerValues(answer, 'server');
  const realms = new Set(headerValues(answer, 'www-authenticate').flatMap(parseRealms));
  const facts: Fact[] = [
    { field: 'http.status', value: String(answer.status) },
    { field: 'http.server', value: server },
    ...[...realms].map((value): Fact => ({ field: 'http.realm', value })),
    { field: 'http.title', value: parseTitle(answer.body) },
  ];
  return facts.filter(({ value }) => value !== '');
}
