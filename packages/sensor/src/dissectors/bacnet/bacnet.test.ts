import { describe, expect, it, test } from 'vitest';
import type { Side } from '../../dissector.ts';
import { allDamage, hex } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks, factLines } from '../../testing/properties.ts';
import { bacnet } from './index.ts';

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const bytes = (...parts: (string | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? hex(part) : part)]));

function bvlc(code: number, ...parts: (string | Uint8Array)[]): Uint8Array {
  const inside = bytes(...parts);
  return Uint8Array.from([0x81, code, (inside.length + 4) >> 8, (inside.length + 4) & 255, ...inside]);
}

const text = (value: string) =>
  value.length + 1 < 5
    ? bytes(Uint8Array.of(0x70 | (value.length + 1), 0), ascii(value))
    : bytes(Uint8Array.of(0x75, value.length + 1, 0), ascii(value));
const DEVICE_7 = '0c 02000007';

const iAm = bvlc(11, '01 20 ffff 00 ff', '10 00 c4 02000007 22 05c4 91 03 21 05');
const routedIAm = bvlc(11, '01 08 0005 01 0a', '10 00 c4 02000007 22 05c4 91 03 21 05');
const forwardedIAm = bvlc(4, '0a000063 bac0', '01 00', '10 00 c4 02000007 22 05c4 91 03 21 05');
const readAck = bvlc(10, '01 00', `30 01 0c ${DEVICE_7} 19 46 3e`, text('FX-16'), '3f');
const multipleAck = bvlc(
  10,
  '01 00',
  `30 02 0e ${DEVICE_7} 1e 29 79 4e`,
  text('Acme'),
  '4f 29 2c 4e',
  text('6.2'),
  '4f 29 9b 5e 91 02 91 20 5f 1f',
  // Another object: its name is nobody's business.
  '0c 00000001 1e 29 4d 4e',
  text('ZZMARK bed 4'),
  '4f 1f',
);
const write = bvlc(10, '01 04', '00 05 03 0f 0c 00400001 19 55 3e 44 42c80000 3f');
const writeAck = bvlc(10, '01 00', '20 03 0f');
const reinitialize = bvlc(10, '01 04', '00 05 04 14 09 01 1d 07 00', ascii('ZZMARK'));
const silence = bvlc(10, '01 04', '00 05 05 11 19 01');
const register = bvlc(5, '012c');
const table = bvlc(3, '0a000001 bac0 ffffffff', '0a000102 bac0 ffffffff');
const router = bvlc(11, '01 80 01 0005 0006');

const all: [Side, Uint8Array][] = [
  ['server', iAm],
  ['server', forwardedIAm],
  ['server', readAck],
  ['server', multipleAck],
  ['client', write],
  ['server', writeAck],
  ['client', reinitialize],
  ['client', silence],
  ['client', register],
  ['server', table],
  ['server', router],
];
const lines = (from: Side, payload: Uint8Array) => factLines(runDatagram(bacnet, [[from, payload]]));

describe('bacnet', () => {
  test.each([
    [
      'server',
      iAm,
      ['bacnet.device server {"instance":7,"vendorId":5,"maxApdu":1476,"segmentation":"none"}'],
    ],
    [
      'server',
      readAck,
      [
        'bacnet.use server {"role":"server","service":"read-property","access":"read"}',
        'bacnet.identification server {"instance":7,"model":"FX-16"}',
      ],
    ],
    [
      'server',
      multipleAck,
      [
        'bacnet.use server {"role":"server","service":"read-property-multiple","access":"read"}',
        'bacnet.identification server {"instance":7,"vendor":"Acme","firmware":"6.2"}',
      ],
    ],
    ['client', write, ['bacnet.use client {"role":"client","service":"write-property","access":"write"}']],
    [
      'server',
      writeAck,
      [
        'bacnet.use server {"role":"server","service":"write-property","access":"write"}',
        'service.unauthenticated server {"protocol":"bacnet","operation":"write-property"}',
      ],
    ],
    [
      'client',
      reinitialize,
      [
        'bacnet.use client {"role":"client","service":"reinitialize-device","access":"command"}',
        'credential.cleartext server {"protocol":"bacnet","field":"reinitialize-device","outcome":"unknown"}',
      ],
    ],
    [
      'client',
      silence,
      ['bacnet.use client {"role":"client","service":"device-communication-control","access":"command"}'],
    ],
    ['client', register, ['bacnet.relay client {"role":"foreign-device","seconds":300}']],
    ['server', table, ['bacnet.relay server {"role":"bbmd","peers":["10.0.0.1","10.0.1.2"]}']],
    ['server', router, ['bacnet.relay server {"role":"router","networks":["5","6"]}']],
  ] as const)('%s, example %#', (from, payload, expected) => expect(lines(from, payload)).toEqual(expected));

  it('states a forwarded announcement of its origin', () => {
    const [relay, device] = runDatagram(bacnet, [['server', forwardedIAm]]).sightings;
    expect(relay).toMatchObject({ kind: 'bacnet.relay', facts: { role: 'bbmd' } });
    expect(device).toMatchObject({ subject: { mac: null, ip: '10.0.0.99' }, facts: { instance: 7 } });
  });

  it('tells a device behind a router from the router', () => {
    const [device] = runDatagram(bacnet, [['server', routedIAm]]).sightings;
    expect(device?.facts).toMatchObject({ behind: 'network 5 address 0a' });
  });

  test.each([
    [write, 'receiver'],
    [writeAck, 'sender'],
    [iAm, null],
    [register, 'receiver'],
    [table, 'sender'],
  ])('shows who serves, example %#', (payload, side) => expect(bacnet.serverSide?.(payload)).toBe(side));

  it('lets neither passwords nor names of points out', () =>
    expectNothingLeaks(runDatagram(bacnet, all), 'zzmark'));

  it('takes any damage', () => {
    for (const [from, payload] of all) {
      for (const damaged of allDamage(payload)) {
        runDatagram(bacnet, [[from, damaged]]);
        runDatagram(bacnet, [[from, damaged]], { force: true });
      }
    }
  });

  test.each([
    ['a wrong length', bytes(iAm, '00')],
    ['another network version', bvlc(10, '02 00 10 08')],
    ['a table that is cut', bvlc(3, '0a000001 bac0')],
    ['nothing behind the header', bvlc(10)],
  ])('does not take %s for it', (_, payload) =>
    expect(runDatagram(bacnet, [['server', payload]]).recognised).toBe('no'),
  );
});
