import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The first versions with light-dark() in CSS, on which the two themes stand.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy is `default-src 'self'`: no data: URI and no inline script may come out of the build.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
