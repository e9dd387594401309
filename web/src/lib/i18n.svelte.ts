import i18next from 'i18next';
import type { StatusJson } from '../../../src/api/contract/status.ts';
import en from '../locales/en.json';
import nl from '../locales/nl.json';
import { remember, remembered } from './remembered.ts';

export type Language = StatusJson['site']['language'];

/** A key that is missing on either side does not compile. */
const catalogues = {
  en: { translation: en satisfies typeof nl },
  nl: { translation: nl satisfies typeof en },
} satisfies Record<Language, unknown>;

export const LANGUAGES = Object.keys(catalogues) as Language[];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const KEY = 'language';
let shown = $state<Language>('en');
let translate = $state.raw(i18next.getFixedT('en'));

/** The language on the screen; whatever shows it follows it. */
export const language = (): Language => shown;

/** A text of the catalogue in the language on the screen; whatever shows it follows the language. */
export const t = ((key: never, values: never) => translate(key, values)) as typeof translate;

/** The language this person chose before, or null. */
export const rememberedLanguage = (): Language | null => toLanguage(remembered(KEY));

/** The best guess where nobody chose: the browser's own, else English. */
export const browserLanguage = (): Language => toLanguage(navigator.language.slice(0, 2)) ?? 'en';

export async function startI18n(initial: Language): Promise<void> {
  i18next.on('languageChanged', (name) => {
    shown = toLanguage(name) ?? 'en';
    translate = i18next.getFixedT(shown);
    document.documentElement.lang = shown;
  });
  // Svelte shows text as text, so i18next need not escape it.
  await i18next.init({ lng: initial, resources: catalogues, interpolation: { escapeValue: false } });
}

export function chooseLanguage(chosen: Language): void {
  remember(KEY, chosen);
  void i18next.changeLanguage(chosen);
}

const toLanguage = (word: string | null): Language | null => LANGUAGES.find((name) => name === word) ?? null;
