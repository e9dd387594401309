import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const NO_PLATFORM =
  'Sockets, files, timers, Date, console and process live in platform and app (docs/architecture.md).';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/unified-signatures': 'off',
      'no-control-regex': 'off',
    },
  },
  {
    files: [
      'src/{model,document,wire,scope,channels,registrations,resolve,identify,policy,inventory,store,alerts,engine,simulation}/**/*.ts',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'console', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'].map(
          (name) => ({
            name,
            message: NO_PLATFORM,
          }),
        ),
      ],
    },
  },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  ...svelte.configs.recommended.map((config) => ({ ...config, files: ['web/**/*.svelte'] })),
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // svelte-check knows browser globals and type parameters; these two do not.
    rules: { 'no-undef': 'off', 'no-unused-vars': 'off' },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
);
