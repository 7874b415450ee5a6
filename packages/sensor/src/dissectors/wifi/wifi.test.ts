import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from '../../engine.ts';
import { Redactor } from '../../redactor.ts';
import { allDamage } from '../../testing/damage.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { onlyDelta } from '../../testing/only-delta.ts';
import {
  ACCESS_POINT,
  beaconBody,
  element,
  management,
  radiotap,
  rsn,
  STATION,
  wpa,
  wps,
} from '../../testing/radio.ts';
import { MAX_ATTRIBUTES, MAX_ELEMENTS, MAX_SUITES } from './limits.ts';

const redactor = new Redactor(new Uint8Array(16), []);

function sense(...frames: Uint8Array[]): SensorDelta {
  const sensor = new Sensor({ capture: 'x', redactor });
  for (const [i, one] of frames.entries()) sensor.frame(127, one, 0, one.length, one.length, i + 1, i + 1);
  return onlyDelta(sensor);
}

function factsOf(frame: Uint8Array): unknown[] {
  return sense(radiotap(frame)).sightings.map(({ kind, subject, facts }) => [kind, subject.mac, facts]);
}

const beacon = (isPrivate: boolean, ...elements: Uint8Array[]) =>
  management(8, ACCESS_POINT, beaconBody(isPrivate, element(0, 'Ward 3'), element(3, 11), ...elements));

describe('a beacon', () => {
  test.each([
    ['open', beacon(false), 'open', [], 'unprotected'],
    ['wep', beacon(true), 'wep', [], 'unprotected'],
    ['wpa', beacon(true, wpa()), 'wpa', ['psk'], 'unprotected'],
    ['wpa and wpa2', beacon(true, rsn([4], [2]), wpa()), 'wpa/wpa2', ['psk'], 'unprotected'],
    ['wpa2 personal', beacon(true, rsn([4], [2])), 'wpa2', ['psk'], 'unprotected'],
    ['wpa2 enterprise', beacon(true, rsn([4], [1, 3], 0x80)), 'wpa2', ['802.1x', 'ft-802.1x'], 'optional'],
    ['transition', beacon(true, rsn([4], [2, 8], 0x80)), 'wpa2/wpa3', ['psk', 'sae'], 'optional'],
    ['wpa3 personal', beacon(true, rsn([4], [8, 9], 0xc0)), 'wpa3', ['sae', 'ft-sae'], 'required'],
    ['wpa3 enterprise', beacon(true, rsn([4], [5], 0xc0)), 'wpa3', ['802.1x-sha256'], 'required'],
    ['suite B', beacon(true, rsn([9], [12], 0xc0)), 'wpa3', ['802.1x-suite-b-192'], 'required'],
    ['owe', beacon(true, rsn([4], [18], 0xc0)), 'owe', ['owe'], 'required'],
    ['a suite of somebody', beacon(true, rsn([4], [99])), 'wpa2', ['000fac63'], 'unprotected'],
  ])('says how its network is protected: %s', (_what, frame, security, authentication, managementFrames) => {
    const [[kind, mac, facts] = []] = factsOf(frame) as [unknown, unknown, unknown][];
    expect([kind, mac]).toEqual(['wifi.network', '02:00:00:00:00:0a']);
    expect(facts).toMatchObject({ ssid: 'Ward 3', channel: 11, security, authentication, managementFrames });
  });

  test('names ciphers', () => {
    const [[, , facts] = []] = factsOf(beacon(true, rsn([4, 2], [2]), wpa())) as [
      unknown,
      unknown,
      unknown,
    ][];
    expect(facts).toMatchObject({ ciphers: ['ccmp', 'tkip'] });
  });

  test('of a hidden network says that it is', () => {
    for (const name of [element(0), element(0, 0, 0, 0)]) {
      const [found] = factsOf(management(8, ACCESS_POINT, beaconBody(false, name)));
      expect(found).toMatchObject([expect.anything(), expect.anything(), { hidden: true }]);
      expect(JSON.stringify(found)).not.toContain('ssid');
    }
  });

  test('takes the channel of HT operation where there is no other, and reads behind HT control', () => {
    const body = beaconBody(false, element(0, 'x'), element(61, 36, new Uint8Array(21)));
    expect(factsOf(management(8, ACCESS_POINT, body, 0x80))).toMatchObject(
      [[{}, {}, { channel: 36 }]].map(() => [
        'wifi.network',
        '02:00:00:00:00:0a',
        { channel: 36, ssid: 'x' },
      ]),
    );
  });

  test('tells of the device behind it, without blanks for serial numbers', () => {
    const pump = wps(
      [0x1021, 'B. Braun'],
      [0x1023, 'Space'],
      [0x1024, '8713050'],
      [0x1042, 'SN-17'],
      [0x1011, 'Pump 4'],
      [0x1054, bytes(u16(6), 0, 0x50, 0xf2, 4, u16(1))],
    );
    const [, device] = factsOf(management(5, ACCESS_POINT, beaconBody(false, element(0, 'x'), pump)));
    expect(device).toEqual([
      'wifi.device',
      '02:00:00:00:00:0a',
      {
        manufacturer: 'B. Braun',
        model: 'Space',
        modelNumber: '8713050',
        serial: 'SN-17',
        name: 'Pump 4',
        category: 'network',
      },
    ]);
    const blank = wps([0x1042, '00000000'], [0x1023, ' ']);
    expect(factsOf(beacon(false, blank))).toHaveLength(1);
  });
});

describe('a station', () => {
  test('that looks for networks is told of, not the names it asks for', () => {
    const body = (name: string) => bytes(element(0, name), element(1, 2, 4));
    const delta = sense(
      radiotap(management(4, STATION, body(''))),
      radiotap(management(4, STATION, body('Smith family home'))),
      radiotap(management(4, STATION, body('Hotel Bellevue'))),
    );
    expect(delta.sightings.map(({ kind, facts, count }) => [kind, facts, count])).toEqual([
      ['wifi.station', { asks: 'any' }, 1],
      ['wifi.station', { asks: 'named' }, 2],
    ]);
    expect(JSON.stringify(delta)).not.toMatch(/smith|bellevue/i);
  });

  test('that joins or leaves is told of with its access point', () => {
    const joins = bytes(u16(0), u16(0), element(0, 'Ward 3'));
    expect(factsOf(management(0, STATION, joins))).toEqual([
      ['wifi.client', '02:00:00:00:00:01', { bssid: '02:00:00:00:00:0a' }],
    ]);
    for (const [subtype, message] of [
      [10, 'disassociation'],
      [12, 'deauthentication'],
    ] as const) {
      const leaves = management(subtype, STATION, bytes(7, 0));
      const facts = { message, reason: 7, bssid: '02:00:00:00:00:0a' };
      expect(factsOf(leaves)).toEqual([['wifi.disconnect', '02:00:00:00:00:01', facts]]);
    }
  });

  test('whose management frames are protected is not guessed at', () => {
    expect(factsOf(management(12, STATION, bytes(7, 0, 9, 9), 0x40))).toEqual([]);
  });
});

describe('bounds', () => {
  test(`reads ${MAX_ELEMENTS} elements and no more`, () => {
    const filled = (count: number) => {
      const filler = Array.from({ length: count }, () => element(200));
      return JSON.stringify(
        factsOf(management(8, ACCESS_POINT, beaconBody(false, ...filler, element(0, 'Ward 3')))),
      );
    };
    expect(filled(MAX_ELEMENTS - 1)).toContain('Ward 3');
    expect(filled(MAX_ELEMENTS)).not.toContain('Ward 3');
  });

  test(`names ${MAX_SUITES} suites and no more`, () => {
    const suites = (count: number) => Array.from({ length: count }, (_, i) => 100 + i);
    const named = (count: number) => {
      const [[, , facts] = []] = factsOf(beacon(true, rsn([4], suites(count)))) as [
        0,
        0,
        { authentication: [] },
      ][];
      return facts?.authentication.length;
    };
    expect([named(MAX_SUITES), named(MAX_SUITES + 1)]).toEqual([MAX_SUITES, MAX_SUITES]);
  });

  test(`reads ${MAX_ATTRIBUTES} attributes and no more`, () => {
    const filled = (count: number) => {
      const filler = Array.from({ length: count }, (): [number, string] => [0x2000, '']);
      // An element holds 255 bytes; what is longer comes in several.
      const half = Math.floor(count / 2);
      return JSON.stringify(
        factsOf(beacon(false, wps(...filler.slice(0, half)), wps(...filler.slice(half), [0x1011, 'Pump 4']))),
      );
    };
    expect(filled(MAX_ATTRIBUTES - 1)).toContain('Pump 4');
    expect(filled(MAX_ATTRIBUTES)).not.toContain('Pump 4');
  });
});

test('management frames hold against truncation, flipped bits and absurd lengths', () => {
  const device = wps([0x1021, 'B. Braun'], [0x1054, bytes(u16(6), 0, 0x50, 0xf2, 4, u16(1))]);
  const frames = [
    beacon(true, rsn([4, 2], [2, 8], 0x80), wpa(), device),
    management(4, STATION, bytes(element(0, 'x'), device)),
    management(2, STATION, bytes(new Uint8Array(10), element(0, 'x'))),
    management(12, STATION, bytes(7, 0)),
  ];
  for (const frame of frames) {
    const damaged = allDamage(radiotap(frame));
    const { statistics } = sense(...damaged);
    expect(statistics.packets).toBe(damaged.length);
    expect(Object.keys(statistics.dropped).filter((cause) => cause.startsWith('fault'))).toEqual([]);
  }
});
