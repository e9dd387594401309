import { describe, expect, it } from 'vitest';
import { build, prepare } from '../../src/store/query.ts';

describe('a prepared query', () => {
  const byLevel = prepare(({ site, serial }: { site: string; serial: string | null }) =>
    build
      .selectFrom('devices')
      .select('id')
      .where('serial', 'is', serial)
      .where('level', '=', 'basic')
      .where('site', '=', site),
  );

  it('has each value where its name stands, whatever the order they come in, and constants as they are', () => {
    expect(byLevel({ site: 'office', serial: 's1' }).compile()).toMatchObject({
      sql: 'select "id" from "devices" where "serial" is ? and "level" = ? and "site" = ?',
      parameters: ['s1', 'basic', 'office'],
    });
    expect(byLevel({ serial: null, site: 'branch' }).compile().parameters).toEqual([null, 'basic', 'branch']);
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
