import {
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type CompiledQuery,
} from 'kysely';
import type { Tables } from './schema.ts';

/** Builds typed queries and runs none: `Database` does (docs/decisions/0002). */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/**
 * A query that is built and compiled once, at its first use, and then only filled in: building costs more than running.
 * `make` must treat its values as opaque, for it is handed a placeholder in the place of each.
 */
export function prepare<V extends object, R>(
  make: (values: V) => Compilable<R>,
): (values: V) => Compilable<R> {
  let compiled: CompiledQuery<R> | undefined;
  return (values) => ({
    compile() {
      compiled ??= make(placeholdersFor(values)).compile();
      return { ...compiled, parameters: compiled.parameters.map((parameter) => fillIn(parameter, values)) };
    },
  });
}

const placeholdersFor = <V extends object>(values: V): V =>
  Object.fromEntries(Object.keys(values).map((name) => [name, Symbol(name)])) as V;

const fillIn = (parameter: unknown, values: object): unknown =>
  typeof parameter === 'symbol' ? values[parameter.description as keyof typeof values] : parameter;

/** The ids of a JSON list such as `[3,5]`, as a subquery: one text of SQL for any number of them. */
export const idsIn = (list: string) => sql<number>`(select value from json_each(${list}))`;
