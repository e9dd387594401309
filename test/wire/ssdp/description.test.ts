import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import {
  MAX_DESCRIPTION_BYTES,
  MAX_DEVICES,
  parseDescription,
  type UpnpDevice,
} from '../../../src/wire/ssdp/description.ts';
import { capture, createRandom, DESCRIPTIONS, mutated } from './samples.ts';

const read = (xml: string | Uint8Array): UpnpDevice[] | string => {
  const parsed = parseDescription(Buffer.from(xml));
  return parsed.ok ? parsed.value : parsed.fault;
};
const rootOf = (xml: string): UpnpDevice | undefined => {
  const devices = read(xml);
  return typeof devices === 'string' ? undefined : devices[0];
};
const inDevice = (xml: string): string => `<root><device>${xml}</device></root>`;
const isBounded = (devices: UpnpDevice[]): boolean =>
  devices.length > 0 &&
  devices.length <= MAX_DEVICES &&
  devices.every((device) =>
    Object.values(device).every((text) => text === null || text.length <= MAX_FIELD_LENGTH),
  );

// A fuzz test of src/wire/ssdp/description.ts is at the end.
describe('parseDescription', () => {
  it('reads the root device and, level by level, those embedded in it', () => {
    const devices = read(capture('miniupnpd-2.3.1_description.xml'));
    expect(devices).toHaveLength(3);
    expect(devices[0]).toEqual({
      deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      friendlyName: 'FRITZ!Box 7590',
      manufacturer: 'AVM Berlin',
      modelName: 'FRITZ!Box 7590',
      modelNumber: 'avm',
      modelDescription: 'FRITZ!Box 7590',
      serialNumber: '3810D5000',
      udn: 'uuid:75802409-bccb-40e7-8e6c-3810d5000053',
    });
    expect((devices as UpnpDevice[]).map(({ modelName }) => modelName).slice(1)).toEqual([
      'WAN Device',
      'MiniUPnPd',
    ]);
  });

  it('reads the description of a media server and of a camera', () => {
    expect(read(capture('minidlna-1.3.0_description.xml'))).toMatchObject([
      { friendlyName: 'Office media', serialNumber: '00000000' },
    ]);
    expect(read(capture('axis-m1014_description-quoted.xml'))).toMatchObject([
      {
        modelName: 'AXIS M1014',
        serialNumber: 'ACCC8E270AD8',
        deviceType: 'urn:schemas-upnp-org:device:Basic:1',
      },
    ]);
  });

  it('keeps numbers as they are written, and takes what is empty or missing for nothing', () => {
    expect(
      rootOf(inDevice('<modelNumber>1.10</modelNumber><serialNumber>001565</serialNumber><UDN/>')),
    ).toMatchObject({ modelNumber: '1.10', serialNumber: '001565', udn: null, manufacturer: null });
  });

  it.each([
    ['<modelName> A\n</modelName>', 'A'],
    ['<modelName><![CDATA[<A>]]></modelName>', '<A>'],
    ['<x:modelName xmlns:x="y">A</x:modelName>', 'A'],
    ['<modelName lang="en">A</modelName>', 'A'],
    ['<modelName>A</modelName><modelName>B</modelName>', 'A'],
    ['<modelName>A<b/></modelName>', 'A'],
    ['<modelName>R&amp;D &lt;1&gt; &amp;lt;</modelName>', 'R&D <1> &lt;'],
    ['<modelName>&unknown;&#65;</modelName>', '&unknown;&#65;'],
  ])('reads %s', (xml, name) => {
    expect(rootOf(inDevice(xml))?.modelName).toBe(name);
  });

  it.each([
    '<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]><root><device><modelName>&x;</modelName></device></root>',
    '<!DOCTYPE root SYSTEM "http://10.0.0.1/x.dtd"><root><device/></root>',
    '<!doctype root><root><device/></root>',
    '<root><!ENTITY x "y"><device/></root>',
    `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">${'bcdefghi'.replace(/./g, (name) => `<!ENTITY ${name} "${`&${String.fromCharCode(name.charCodeAt(0) - 1)};`.repeat(10)}">`)}]><root><device><modelName>&i;</modelName></device></root>`,
  ])('refuses what declares entities: %s', (xml) => {
    expect(read(xml)).toBe('doctype');
  });

  it('sees through an encoding that would hide a declaration', () => {
    const xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><root><device/></root>';
    expect(read(xml)).toBe('doctype');
    expect(['not-xml', 'no-device']).toContain(read(Buffer.from(`\ufeff${xml}`, 'utf16le')));
  });

  it.each([
    ['', 'no-device'],
    ['plain text', 'no-device'],
    ['<html><body>Login</body></html>', 'no-device'],
    ['<root/>', 'no-device'],
    ['<device><modelName>A</modelName></device>', 'no-device'],
    ['<root><device><!--', 'not-xml'],
    ['<'.repeat(100), 'not-xml'],
    ['<a>'.repeat(1000), 'not-xml'],
    [inDevice('<__proto__><x/></__proto__>'), 'not-xml'],
    ['<a/>'.repeat(5000), 'too-large'],
    [inDevice('x'.repeat(MAX_DESCRIPTION_BYTES)), 'too-large'],
  ])('refuses %.40s as %s', (xml, fault) => {
    expect(read(xml)).toBe(fault);
  });

  it('keeps no more than it may, however many devices there are', () => {
    const device = `<device><modelName>${'x'.repeat(2000)}</modelName></device>`;
    const devices = read(inDevice(`<deviceList>${device.repeat(50)}</deviceList>`));
    expect(devices).toHaveLength(MAX_DEVICES);
    expect(isBounded(devices as UpnpDevice[])).toBe(true);
  });

  it.each([
    '<',
    '<a>',
    '</a>',
    '<a></a>',
    '<a/>',
    '&amp;',
    '<!--',
    '<![CDATA[',
    '<?a?>',
    '<a b="',
    '"',
    '<a>x</a>y',
  ])('needs no long time for as much of %j as it takes', (piece) => {
    const xml = `<root><device>${piece.repeat(MAX_DESCRIPTION_BYTES)}`.slice(0, MAX_DESCRIPTION_BYTES);
    const startedAt = performance.now();
    read(xml);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('parseDescription, whatever comes', () => {
  it('gives bounded devices or a fault for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (bytes, text) => {
        for (const parsed of [parseDescription(bytes), parseDescription(Buffer.from(inDevice(text)))])
          if (parsed.ok && !isBounded(parsed.value)) return false;
        return true;
      }),
      { numRuns: 500 },
    );
  });

  const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
  it(
    `reads ${MUTATIONS} mutations of real descriptions without throwing, and within bounds`,
    () => {
      const corpus = DESCRIPTIONS.map(capture);
      const telling = [
        ...[
          '<device>',
          '</device>',
          '<deviceList>',
          '<![CDATA[',
          ']]>',
          '<!--',
          '-->',
          '&amp;',
          '<!DOCTYPE a>',
        ],
        ...['<__proto__>', '<constructor>', '<modelName>', '\0', '\xff', '<', '>', '&', '"', '/'],
      ];
      const random = createRandom(1901);
      let described = 0;
      for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
        const bytes = mutated(random, corpus, telling);
        const parsed = parseDescription(bytes);
        if (!parsed.ok) continue;
        described += 1;
        if (!isBounded(parsed.value)) throw new Error(`keeps too much of ${bytes.toString('latin1')}`);
      }
      expect(described).toBeGreaterThan(MUTATIONS * 0.4);
    },
    Math.max(60_000, MUTATIONS * 4),
  );
});
