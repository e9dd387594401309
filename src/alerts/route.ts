import type { Message } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import type { Language } from '../model/text.ts';
import type { Clock } from '../platform/ports.ts';
import type { AlertsConfig, ConfiguredEntry, SinkRegistry } from './config.ts';
import type { Delivery, SinkContext } from './sink.ts';

/** A sink with its settings: what it is told of, and the way to tell it. */
export interface ConfiguredSink {
  /** Of its own among all sinks. */
  name: string;
  /** Its kind, by the name that the registry has for it. */
  kind: string;
  language: Language;
  /** What is told at once. */
  tells: readonly FindingKind[];
  /** Whether it gets the digest. */
  digest: boolean;
  deliver(message: Message, signal: AbortSignal): Delivery;
}

export interface SinkParts {
  registry: SinkRegistry;
  config: Pick<AlertsConfig, 'immediate' | 'sinks'>;
  /** The site's. */
  language: Language;
  clock: Clock;
  secret: SinkContext<unknown>['secret'];
}

/** The sinks of a configuration, each with what it is told of. */
export const configuredSinks = (parts: SinkParts): ConfiguredSink[] =>
  Object.entries(parts.registry).flatMap(([kind, sink]) =>
    (parts.config.sinks[kind] ?? []).map((entry) => ({
      name: entry.name,
      kind,
      language: entry.language ?? parts.language,
      tells: entry.tells ?? parts.config.immediate,
      digest: entry.digest,
      deliver: (message, signal) =>
        sink.deliver(message, {
          config: ownSettings(entry, Object.keys(sink.config.properties)),
          secret: parts.secret,
          clock: parts.clock,
          signal,
        }),
    })),
  );

const ownSettings = (entry: ConfiguredEntry, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(entry, name)).map((name) => [name, entry[name]]));
