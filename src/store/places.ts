import { sql } from 'kysely';
import type { SiteId, Transport } from '../model/endpoint.ts';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';

const latest = prepare(({ site, address }: { site: SiteId; address: string }) =>
  build
    .selectFrom('endpoints')
    .select(['port', 'transport'])
    .where('site', '=', site)
    .where('address', '=', address)
    .where('until', 'is', null)
    .orderBy('last_seen', 'desc')
    .orderBy('id', 'desc')
    .limit(sql.lit(1)),
);

/** Where something was last heard at an address; null where nothing was. */
export const latestPlaceAt = (
  db: Database,
  site: SiteId,
  address: string,
): { port: number; transport: Transport } | null => db.first(latest({ site, address }));
