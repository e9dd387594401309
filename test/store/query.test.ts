import { describe, expect, it } from 'vitest';
import { build, prepare } from '../../src/store/query.ts';

describe('a prepared query', () => {
  const byLevel = prepare(({ site, clause }: { site: string; clause: string | null }) =>
    build
      .selectFrom('devices')
      .select('id')
      .where('clause', 'is', clause)
      .where('level', '=', 'basic')
      .where('site', '=', site),
  );

  it('has each value where its name stands, whatever the order they come in, and constants as they are', () => {
    expect(byLevel({ site: 'office', clause: 'c1' }).compile()).toMatchObject({
      sql: 'select "id" from "devices" where "clause" is ? and "level" = ? and "site" = ?',
      parameters: ['c1', 'basic', 'office'],
    });
    expect(byLevel({ clause: null, site: 'branch' }).compile().parameters).toEqual([null, 'basic', 'branch']);
  });

  it('is built once', () => {
    let times = 0;
    const query = prepare(({ id }: { id: number }) => {
      times += 1;
      return build.selectFrom('devices').select('id').where('id', '=', id);
    });
    for (const id of [1, 2, 3]) expect(query({ id }).compile().parameters).toEqual([id]);
    expect(times).toBe(1);
  });
});
