import type { Fact, Field } from '../../model/fact.ts';
import { bounded } from '../../model/text.ts';
import type { UpnpDevice } from '../../wire/ssdp/description.ts';
import type { RootDevice } from './speaker.ts';

/** Longest value kept: the architecture asks for names of less than 64 characters, the longest SERVER known has 90. */
export const MAX_VALUE_LENGTH = 256;
/** Most values of one field; a router with many services has more, of which the first in text order are as good as any. */
export const MAX_VALUES = 16;

const NAMES: readonly (readonly [Field, keyof UpnpDevice])[] = [
  ['ssdp.manufacturer', 'manufacturer'],
  ['ssdp.model_name', 'modelName'],
  ['ssdp.model_number', 'modelNumber'],
  ['ssdp.friendly_name', 'friendlyName'],
  ['ssdp.serial_number', 'serialNumber'],
  ['ssdp.usn', 'udn'],
];

/**
 * What one address said of itself, in messages and descriptions, as one list: each value once, in an order that does not depend on
 * which message came first, so that a device that says the same again has the same facts. `devicesAt` gives the root device of a
 * description and those embedded in it; of the embedded ones only the type is told, as their names are those of parts.
 */
export function factsOf(
  roots: Iterable<RootDevice>,
  devicesAt: (location: string) => readonly UpnpDevice[],
): Fact[] {
  const values = new Map<Field, Set<string>>();
  const add = (field: Field, value: string | null | undefined): void => {
    if (value === null || value === undefined || value === '') return;
    values.set(field, (values.get(field) ?? new Set()).add(bounded(value, MAX_VALUE_LENGTH)));
  };
  for (const { location, server, types, names } of roots) {
    add('ssdp.server', server);
    for (const type of types) add('ssdp.st', type);
    for (const name of names) add('ssdp.usn', name);
    const devices = devicesAt(location);
    for (const [field, element] of NAMES) add(field, devices[0]?.[element]);
    for (const { deviceType } of devices) add('ssdp.device_type', deviceType);
  }
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([field, texts]) =>
      [...texts]
        .sort()
        .slice(0, MAX_VALUES)
        .map((value) => ({ field, value })),
    );
}
