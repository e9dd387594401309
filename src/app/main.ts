#!/usr/bin/env node
// Nothing is imported statically: an older Node must get as far as this message before it meets anything that it cannot load
// (better-sqlite3 13 ends Node 20 by a segmentation fault).
const NEEDED = [22, 14] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `sipcensus needs Node ${NEEDED.join('.')} or newer; this is Node ${process.versions.node}. Install Node 24, or run it through npm (npx sipcensus …) in a checkout, which brings its own.\n`,
  );
  process.exitCode = 3;
} else {
  const { runCli } = await import('./cli.ts');
  process.exitCode = await runCli(process.argv);
}

export {};
