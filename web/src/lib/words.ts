import type { DeviceJson } from '../../../src/api/contract/device.ts';
import { UNKNOWN } from './filter.ts';
import { t } from './i18n.svelte.ts';

/** The word for a kind of device; what is not known has a word too. */
export const kindWord = (kind: string): string =>
  kind === UNKNOWN ? t('device.unknown') : t(`kind.${kind as NonNullable<DeviceJson['kind']>}`);
