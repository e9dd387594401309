import Type from 'typebox';
import { countFellSilent, isToldByPbx, TOLD_BY_PBX, type SiteFigures } from '../../model/coverage.ts';
import { DEVICE_STATUSES, type Device } from '../../model/device.ts';
import { DEVICE_KINDS } from '../../model/identity.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { deviceAsOf, devicesAsOf, type Moment } from '../../store/as-of.ts';
import { deviceById, evidenceOf, listDevices, type Reasons } from '../../store/devices.ts';
import { hasHeardBy } from '../../store/endpoints.ts';
import { findingsOfMany } from '../../store/findings.ts';
import { findingsUntil } from '../../store/journal.ts';
import type { ApiContext, Routes } from '../context.ts';
import { DeviceDetailJson, DeviceListJson, FINDINGS_PER_DEVICE } from '../contract/device.ts';
import { toDetailJson, toDeviceJson, toSummaryJson } from '../contract/from-model.ts';
import { ProblemJson } from '../contract/problem.ts';
import { AsOf, Lang, Query } from '../contract/query.ts';
import { oneOf } from '../contract/words.ts';
import { languageOf } from '../language.ts';
import { momentOf } from '../moment.ts';
import { noDevice } from '../no-device.ts';

const MAX_DEVICES = 10_000;

const DevicesQuery = Query({
  lang: Lang,
  ...AsOf,
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Text in vendor, model, firmware, address, User-Agent, or a MAC in any notation.',
    }),
  ),
  level: Type.Optional(
    Type.Array(oneOf(SUPPORT_LEVELS), {
      maxItems: SUPPORT_LEVELS.length,
      description: 'May be repeated: any of these levels.',
    }),
  ),
  vendor: Type.Optional(Type.String({ maxLength: 200 })),
  kind: Type.Optional(oneOf(DEVICE_KINDS)),
  status: Type.Optional(oneOf(DEVICE_STATUSES)),
  sla: Type.Optional(Type.Boolean({ description: 'Whether an SLA can be closed for it.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_DEVICES, default: MAX_DEVICES })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e9, default: 0 })),
});

export const devices: Routes = (api, context) => {
  const { db, auditor } = context;
  api.get(
    '/api/v1/devices',
    {
      schema: {
        summary:
          'Devices that pass every filter, worst level first; the summary counts them all, the list is one page',
        tags: ['devices'],
        querystring: DevicesQuery,
        response: { 200: DeviceListJson, 400: ProblemJson },
      },
    },
    (request) => {
      const language = languageOf(request, auditor);
      const { q, level, vendor, kind, status, sla, limit = MAX_DEVICES, offset = 0 } = request.query;
      const moment = askedMoment(request.query, context);
      const filter = { text: q, levels: level, vendor, kind, status, slaEligible: sla };
      const all = moment === null ? listDevices(db, filter) : devicesAsOf(db, moment, filter);
      const page = all.slice(offset, offset + limit);
      const found = findingsBy(context, page, moment);
      return {
        summary: toSummaryJson(all, figuresOf(context, all, moment)),
        devices: page.map((device) => toDeviceJson(device, found.get(device.id) ?? [], language)),
      };
    },
  );

  api.get(
    '/api/v1/devices/:id',
    {
      schema: {
        summary: 'One device, with the evidence for what it is and the clause that decided its level',
        tags: ['devices'],
        params: Type.Object({ id: Type.String() }),
        querystring: Query({ lang: Lang, ...AsOf }),
        response: { 200: DeviceDetailJson, 400: ProblemJson, 404: ProblemJson },
      },
    },
    (request) => {
      const { id } = request.params;
      const moment = askedMoment(request.query, context);
      const device = moment === null ? deviceById(db, id) : deviceAsOf(db, moment, id);
      if (device === null) throw noDevice(id);
      const language = languageOf(request, auditor);
      const reasons = moment === null ? evidenceOf(db, id) : OF_ANOTHER_DAY;
      return toDetailJson(
        device,
        reasons,
        findingsBy(context, [device], moment).get(device.id) ?? [],
        language,
      );
    },
  );
};

/** Evidence is replaced when a device is judged anew; what was heard is in its timeline. */
const OF_ANOTHER_DAY: Reasons = { evidence: [], conflicts: [] };

/** The moment that a request asks for; null for now. */
function askedMoment(
  { asOf, knownAt }: { asOf?: string; knownAt?: string },
  { clock, keepMs }: ApiContext,
): Moment | null {
  if (asOf === undefined && knownAt === undefined) return null;
  const known = knownAt === undefined ? undefined : Date.parse(knownAt);
  const now = clock.now();
  return momentOf({ at: asOf === undefined ? now : Date.parse(asOf), knownAt: known }, { now, keepMs });
}

function findingsBy({ db }: ApiContext, devices: readonly Device[], moment: Moment | null) {
  const ids = devices.map(({ id }) => id);
  return moment === null
    ? findingsOfMany(db, ids, FINDINGS_PER_DEVICE)
    : findingsUntil(db, ids, { until: moment.knownAt, limitEach: FINDINGS_PER_DEVICE });
}

/** What the devices do not tell of the site. Of another day only the PBX's word is known: it is kept with the devices. */
function figuresOf(
  { db, auditor }: ApiContext,
  devices: readonly Device[],
  moment: Moment | null,
): SiteFigures {
  if (moment !== null) return { hasRegistrations: devices.some(isToldByPbx) };
  const { site, scope } = auditor.status();
  return {
    inScope: scope.include.length === 0 ? null : scope.sweptCount,
    possiblyBlocked: countFellSilent(auditor.leftAlone()),
    // A filter may leave no phone that a PBX has told of.
    hasRegistrations: devices.some(isToldByPbx) || hasHeardBy(db, site.id, TOLD_BY_PBX),
  };
}
