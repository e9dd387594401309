/**
 * Who may import whom (docs/architecture.md). Each room lists the rooms it may use; everything else is forbidden.
 * A room always may import itself.
 */
const ROOMS = {
  model: [],
  document: ['model'],
  wire: ['model'],
  scope: ['model'],
  platform: ['model'],
  channels: ['model', 'wire'],
  registrations: ['model', 'wire', 'document'],
  resolve: ['model'],
  identify: ['model', 'document'],
  policy: ['model', 'document'],
  inventory: ['model'],
  store: ['model'],
  alerts: ['model', 'platform'],
  simulation: ['model', 'document', 'wire'],
  engine: [
    'model',
    'wire',
    'scope',
    'platform',
    'channels',
    'resolve',
    'identify',
    'policy',
    'inventory',
    'store',
    'alerts',
  ],
  api: ['model', 'document', 'store', 'engine'],
};
const ports = '^src/platform/ports\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `${room}-imports-only-what-it-may`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [`^src/(${[room, ...allowed].join('|')})/`, ports] },
    })),
    {
      name: 'siblings-do-not-meet',
      comment: 'No channel imports a channel, no codec a codec: what they share moves one room down.',
      severity: 'error',
      from: { path: '^src/(channels|wire|registrations|alerts/sinks)/([^/]+)/' },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'sockets-and-files-live-in-platform-and-app',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platform|app)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'sql-lives-in-store',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: { path: 'node_modules/(better-sqlite3|kysely)/' },
    },
    {
      name: 'http-lives-in-api',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/api/' },
      to: { path: 'node_modules/(fastify|@fastify)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
