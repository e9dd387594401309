import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path, YamlDocument } from './read-yaml.ts';

// The library stops at eight errors of its own; a file's faults are told all at once.
Settings.Set({ maxErrors: 1000 });

interface ShapeError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: Record<string, unknown>;
  message: string;
}

/**
 * Reads a document as the shape `schema` describes: numbers and booleans are read out of their text, defaults filled in.
 * Unknown keys are faults. All faults come at once, each with its place and what to do.
 */
export function checkShape<S extends TSchema>(
  schema: S,
  document: YamlDocument,
): Outcome<Static<S>, Fault[]> {
  const value: unknown = Value.Convert(schema, Value.Default(schema, structuredClone(document.value)));
  if (validatorOf(schema).Check(value)) return success(value as Static<S>);
  const errors = [...Value.Errors(schema, value)] as unknown as ShapeError[];
  return failure(toFaults(schema, document, value, errors));
}

/** Compiled once for each schema: a hundred rule files are checked against one, and nearly all of them are right. */
const validators = new WeakMap<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema) ?? Compile(schema);
  validators.set(schema, known);
  return known;
}

function toFaults(schema: TSchema, document: YamlDocument, value: unknown, errors: ShapeError[]): Fault[] {
  const faults = new Map<string, Fault>();
  const add = (path: Path, part: 'key' | 'value', message: string, hint?: string): void => {
    const place = document.placeOf(path, part);
    const key = `${place.line}:${place.column}:${message}`;
    if (!faults.has(key))
      faults.set(key, { file: document.file, ...place, message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const error of errors) {
    const path = toPath(error.instancePath);
    const shown = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
    switch (error.keyword) {
      case 'additionalProperties': {
        const known = Object.keys(
          (schemaAt(schema, error.schemaPath) as { properties?: object } | null)?.properties ?? {},
        );
        for (const name of error.params['additionalProperties'] as string[])
          add(
            [...path, name],
            'key',
            `unknown key "${name}".`,
            didYouMean(name, known) ?? `Known here: ${known.join(', ')}.`,
          );
        break;
      }
      case 'required':
        for (const name of error.params['requiredProperties'] as string[])
          add(path, 'value', `${shown} lacks the key "${name}".`);
        break;
      case 'boolean': // the "schema is false" twin of additionalProperties
        break;
      case 'const':
      case 'enum':
      case 'anyOf': {
        const parent =
          error.keyword === 'anyOf' ? error.schemaPath : error.schemaPath.replace(/\/anyOf\/\d+$/, '');
        const words = literals(schemaAt(schema, parent));
        if (words.length > 0)
          add(
            path,
            'value',
            `${shown} must be one of ${words.join(', ')}; it is ${show(value, path)}.`,
            didYouMean(String(valueAt(value, path)), words) ?? undefined,
          );
        else if (error.keyword === 'anyOf')
          add(path, 'value', `${shown} has none of the allowed forms; it is ${show(value, path)}.`);
        break;
      }
      default:
        if (!/\/anyOf\/\d+/.test(error.schemaPath))
          add(path, 'value', `${shown} ${error.message}; it is ${show(value, path)}.`);
    }
  }
  return [...faults.values()].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

const toPath = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    value,
  );
}

function show(value: unknown, path: Path): string {
  const found = valueAt(value, path);
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object' && found !== null) return 'a group of keys';
  return found === undefined ? 'missing' : JSON.stringify(found);
}

function schemaAt(schema: TSchema, schemaPath: string): unknown {
  return valueAt(schema, toPath(schemaPath.replace(/^#/, '')));
}

/** The words that a schema of literals or an enum allows. */
function literals(schema: unknown): string[] {
  const { anyOf, enum: words } = (schema ?? {}) as { anyOf?: object[]; enum?: unknown[] };
  if (words !== undefined) return words.map(String);
  return (anyOf ?? [schema])
    .map((option) => (option as { const?: unknown } | null)?.const)
    .filter((word) => word !== undefined)
    .map(String);
}
