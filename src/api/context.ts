import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Alerting } from '../engine/alerting.ts';
import type { Auditor } from '../engine/auditor.ts';
import type { Intake } from '../engine/intake.ts';
import type { Storage } from '../engine/storage.ts';
import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import type { EventStreams } from './event-stream.ts';

/** The server as route files see it: what they declare as schema is what their handlers are typed by. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What routes work with. */
export interface ApiContext {
  db: Database;
  auditor: Auditor;
  intake: Intake;
  alerting: Alerting;
  storage: Pick<Storage, 'trouble'>;
  /** How far back the fleet can be asked for, in milliseconds. */
  keepMs: number;
  clock: Clock;
  events: EventStreams;
  version: string;
}

/** The routes of one noun; one file each, named in routes/registry.ts. */
export type Routes = (api: Api, context: ApiContext) => void;
