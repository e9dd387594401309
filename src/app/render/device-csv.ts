import { stringify } from 'csv-stringify/sync';
import type { DeviceJson } from '../../api/contract/device.ts';
import { hostPort } from '../../model/endpoint.ts';
import { formatMac } from '../../model/mac.ts';

const COLUMNS = [
  'id',
  'site',
  'level',
  'slaEligible',
  'vendor',
  'model',
  'firmware',
  'kind',
  'mac',
  'serial',
  'confidence',
  'endpoints',
  'userAgent',
  'because',
  'caveats',
  'status',
  'firstSeen',
  'lastSeen',
];

/** The devices as CSV with a header row. A stranger's text that a spreadsheet would run as a formula is neutralised. */
export function deviceCsv(devices: readonly DeviceJson[]): string {
  const rows = devices.map((device) => ({
    ...device,
    mac: device.mac === null ? '' : formatMac(device.mac),
    slaEligible: device.slaEligible ? 'yes' : 'no',
    endpoints: device.endpoints
      .map((endpoint) => `${hostPort(endpoint.address, endpoint.port)}/${endpoint.transport}`)
      .join(' '),
    userAgent:
      device.endpoints
        .map((endpoint) => endpoint.userAgent ?? endpoint.server ?? '')
        .find((text) => text !== '') ?? '',
    caveats: device.caveats.join(' '),
  }));
  return stringify(rows, { header: true, columns: COLUMNS, escape_formulas: true });
}
