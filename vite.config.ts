import { defineConfig } from 'vite';

/**
 * The program in a few files, one for each command and for what they share: a start reads these instead of the 1,300 of its
 * libraries, which took half of its time (docs/decisions/0009). The dashboard has a configuration of its own, in `web/`.
 */
export default defineConfig({
  build: {
    ssr: 'src/app/main.ts',
    target: 'node22',
    outDir: 'dist/app',
    emptyOutDir: true,
    sourcemap: true,
    reportCompressedSize: false,
    // Beside main.js: what looks for rules/ and migrations/ counts the folders up from itself (src/app/paths.ts).
    rolldownOptions: { output: { chunkFileNames: '[name]-[hash].js' } },
  },
  ssr: {
    noExternal: true,
    // Native code, code that reads files beside itself, and what only `serve` loads.
    external: [
      'nodemailer',
      'better-sqlite3',
      'fastify',
      '@fastify/helmet',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/swagger-ui',
      'pino',
    ],
  },
});
