import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { getStatus } from './lib/api.ts';
import { browserLanguage, rememberedLanguage, startI18n, type Language } from './lib/i18n.svelte.ts';
import { startTheme } from './lib/theme.svelte.ts';

/** A slow daemon must not keep the page blank. */
const PATIENCE_MS = 1500;

const siteLanguage = (): Promise<Language> =>
  getStatus(browserLanguage(), AbortSignal.timeout(PATIENCE_MS)).then(
    (status) => status.site.language,
    () => browserLanguage(),
  );

startTheme();
await startI18n(rememberedLanguage() ?? (await siteLanguage()));

const target = document.getElementById('app');
if (target !== null) mount(App, { target });
