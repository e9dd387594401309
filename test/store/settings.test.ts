import { expect, it } from 'vitest';
import { saveSetting, settingOf } from '../../src/store/settings.ts';
import { openStore } from './support.ts';

it('a setting is null until it is saved, and then what was saved last', () => {
  const db = openStore();
  expect(settingOf(db, 'alerts.cursor')).toBeNull();
  saveSetting(db, 'alerts.cursor', '1');
  saveSetting(db, 'alerts.cursor', '2');
  expect(settingOf(db, 'alerts.cursor')).toBe('2');
  expect(settingOf(db, 'alerts')).toBeNull();
});
