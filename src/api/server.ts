import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Auditor } from '../engine/auditor.ts';
import type { Alerting } from '../engine/alerting.ts';
import type { Feed } from '../engine/feed.ts';
import type { Intake } from '../engine/intake.ts';
import type { Storage } from '../engine/storage.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import type { Api } from './context.ts';
import { clientErrorResponse, describeInvalid, sendProblem, toProblem } from './errors.ts';
import { createEventStreams } from './event-stream.ts';
import { guardHosts } from './hosts.ts';
import { ROUTES } from './routes/registry.ts';

export interface ServerOptions {
  db: Database;
  auditor: Auditor;
  feed: Feed;
  intake: Intake;
  alerting: Alerting;
  storage: Pick<Storage, 'trouble'>;
  /** How far back the fleet can be asked for, in milliseconds. */
  keepMs: number;
  clock: Clock;
  /** The folder of the built dashboard; without one the start page says how to build it. */
  webRoot: string | null;
  version: string;
  /** Names and addresses, besides those of loopback, by which browsers may call this server. Any port. */
  allowedHosts: readonly string[];
  /** Told of every failure that is ours; what clients do wrong is answered and not logged. */
  log?: Log;
}

/** A request is over, or its connection is cut, within REQUEST_TIMEOUT_MS; a stream that takes nothing within IDLE_TIMEOUT_MS. */
const REQUEST_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 5000;
const LIMITS = {
  bodyLimit: 16 * 1024,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionTimeout: IDLE_TIMEOUT_MS,
  keepAliveTimeout: 5000,
  http: { maxHeaderSize: 16 * 1024, headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 2000 },
} as const;

const CONTENT_SECURITY = {
  'default-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
};

/** What swagger-ui needs beyond that: the icons in its style sheet are data: URIs. */
const DOCS_CONTENT_SECURITY = { ...CONTENT_SECURITY, 'img-src': ["'self'", 'data:'] };

/** The HTTP server: API, its documentation, dashboard. It opens no port before `listen`, and answers `inject` without one. */
export function createServer(options: ServerOptions): Api {
  const { log, ...parts } = options;
  const api = Fastify({
    ...LIMITS,
    exposeHeadRoutes: false,
    // No answer takes long but the streams, and those are taken up again: whoever is connected does not hold up the end.
    forceCloseConnections: true,
    // With strictNumbers, `1e9999` in a query becomes Infinity and passes every maximum.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', strictNumbers: false } },
    schemaErrorFormatter: describeInvalid,
    frameworkErrors(error, _request, reply) {
      sendProblem(reply, toProblem(error));
    },
    clientErrorHandler(error, socket) {
      if (socket.writable) socket.write(clientErrorResponse(error.code));
      socket.destroy(error);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  api.server.maxConnections = MAX_CONNECTIONS;
  // Handlers are typed by their response schemas, so the answer has their shape already.
  api.setSerializerCompiler(() => JSON.stringify);
  api.removeContentTypeParser('text/plain');

  // Plain HTTP on a LAN: no HSTS and no upgrade-insecure-requests, which would lock browsers out.
  api.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  api.addHook('onRequest', guardHosts(options.allowedHosts));
  api.setErrorHandler((error, request, reply) => {
    const body = toProblem(error);
    if (body.status >= 500)
      log?.error('api.failed', { method: request.method, route: request.routeOptions.url, error });
    return sendProblem(reply, body);
  });
  api.setNotFoundHandler(notFound);

  registerDocs(api, options.version);
  registerRoutes(api, parts);
  if (options.webRoot !== null) registerDashboard(api, options.webRoot);
  return api;
}

function registerRoutes(api: Api, parts: Omit<ServerOptions, 'log'>): void {
  const events = createEventStreams(parts);
  api.addHook('preClose', (done) => {
    events.close();
    done();
  });
  api.register((routes: Api, _options, done) => {
    routes.addHook('onRequest', (_request, reply, next) => {
      reply.header('cache-control', 'no-store');
      next();
    });
    for (const add of Object.values(ROUTES)) add(routes, { ...parts, events });
    done();
  });
}

function registerDocs(api: Api, version: string): void {
  api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'sipcensus',
        description: 'Which SIP phones are on a site, and how well the supplier supports each.',
        version,
      },
    },
  });
  api.register(swaggerUi, {
    routePrefix: '/api/docs',
    // Else the page asks a validator on the internet about our document.
    uiConfig: { validatorUrl: null },
    staticCSP: DOCS_CONTENT_SECURITY,
  });
}

function registerDashboard(api: Api, webRoot: string): void {
  api.register(fastifyStatic, {
    root: webRoot,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders(reply, path) {
      // The names of built assets change with their content; that of the page does not.
      const isAsset = /[\\/]assets[\\/]/.test(path);
      reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method === 'GET' && /^\/(?:\?|$)/.test(request.url))
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The dashboard is not built. Run: npm run build\n');
  return sendProblem(reply, toProblem({ statusCode: 404, message: 'Nothing is at this address.' }));
}
