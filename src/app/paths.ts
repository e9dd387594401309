import { fileURLToPath } from 'node:url';

/** The package's own folder: one above `src/app` in a checkout and one above `dist/app` when built. */
const root = new URL('../../', import.meta.url);

const inPackage = (path: string): string => fileURLToPath(new URL(path, root));

/** Beside the built program and nowhere else: what runs from the source reads the rules and the policy themselves. */
const besideProgram = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const RULE_DIGEST = besideProgram('rules.json');
export const KNOWN_TEXTS = besideProgram('texts.json');
export const FINGERPRINTS = inPackage('rules/fingerprints');
export const VOCABULARY = inPackage('rules/vocabulary');
export const EXAMPLE_POLICY = inPackage('rules/policies/example.yaml');
export const SIMULATED_PHONES = inPackage('rules/simulation/phones.yaml');
export const MIGRATIONS = inPackage('migrations');
export const DASHBOARD = inPackage('dist/web');
