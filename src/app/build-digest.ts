import { chmodSync, writeFileSync } from 'node:fs';
import { digestRules, digestTexts } from './knowledge.ts';

// The last step of `npm run build:program`: what the built program would else work out at every start (docs/decisions/0009).
writeFileSync('dist/app/rules.json', digestRules());
writeFileSync('dist/app/texts.json', digestTexts());
chmodSync('dist/app/main.js', 0o755);
