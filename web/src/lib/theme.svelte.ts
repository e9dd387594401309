import { remember, remembered } from './remembered.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'theme';
let theme = $state<Theme>('auto');

export const currentTheme = (): Theme => theme;

/** Puts on the theme that this person chose before; `auto` follows the system. */
export const startTheme = (): void => wear(THEMES.find((name) => name === remembered(KEY)) ?? 'auto');

export function chooseTheme(chosen: Theme): void {
  remember(KEY, chosen);
  wear(chosen);
}

function wear(chosen: Theme): void {
  theme = chosen;
  document.documentElement.dataset['theme'] = chosen;
}
