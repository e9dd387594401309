import Type from 'typebox';
import { AppError } from '../../model/app-error.ts';
import { countFellSilent, isToldByPbx, TOLD_BY_PBX } from '../../model/coverage.ts';
import { DEVICE_STATUSES } from '../../model/device.ts';
import { DEVICE_KINDS } from '../../model/identity.ts';
import { printable } from '../../model/text.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { deviceById, evidenceOf, listDevices } from '../../store/devices.ts';
import { hasHeardBy } from '../../store/endpoints.ts';
import { findingsOf, findingsOfMany } from '../../store/findings.ts';
import type { Routes } from '../context.ts';
import { DeviceDetailJson, DeviceListJson, FINDINGS_PER_DEVICE } from '../contract/device.ts';
import { toDetailJson, toDeviceJson, toSummaryJson } from '../contract/from-model.ts';
import { ProblemJson } from '../contract/problem.ts';
import { Lang, Query } from '../contract/query.ts';
import { oneOf } from '../contract/words.ts';
import { languageOf } from '../language.ts';

const MAX_DEVICES = 10_000;

const DevicesQuery = Query({
  lang: Lang,
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

export const devices: Routes = (api, { db, auditor }) => {
  api.get(
    '/api/v1/devices',
    {
      schema: {
        summary:
          'Devices that pass every filter, worst level first; the summary counts them all, the list is one page',
        tags: ['devices'],
        querystring: DevicesQuery,
        response: { 200: DeviceListJson },
      },
    },
    (request) => {
      const language = languageOf(request, auditor);
      const { q, level, vendor, kind, status, sla, limit = MAX_DEVICES, offset = 0 } = request.query;
      const all = listDevices(db, { text: q, levels: level, vendor, kind, status, slaEligible: sla });
      const page = all.slice(offset, offset + limit);
      const found = findingsOfMany(
        db,
        page.map(({ id }) => id),
        FINDINGS_PER_DEVICE,
      );
      const { site, scope } = auditor.status();
      return {
        summary: toSummaryJson(all, {
          inScope: scope.include.length === 0 ? null : scope.sweptCount,
          possiblyBlocked: countFellSilent(auditor.leftAlone()),
          // A filter may leave no phone that a PBX has told of.
          hasRegistrations: all.some(isToldByPbx) || hasHeardBy(db, site.id, TOLD_BY_PBX),
        }),
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
        querystring: Query({ lang: Lang }),
        response: { 200: DeviceDetailJson, 404: ProblemJson },
      },
    },
    (request) => {
      const { id } = request.params;
      const device = deviceById(db, id);
      if (device === null) throw new AppError('NOT_FOUND', `There is no device "${printable(id)}".`);
      const language = languageOf(request, auditor);
      return toDetailJson(device, evidenceOf(db, id), findingsOf(db, id, FINDINGS_PER_DEVICE), language);
    },
  );
};
