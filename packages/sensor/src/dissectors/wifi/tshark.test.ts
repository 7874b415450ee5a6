import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sighting } from '@wardline/model';
import { describe, expect, test } from 'vitest';
import { hasSharedCaptures, senseFile, sharedCaptures, sharedPath } from '../../testing/captures.ts';
import { bytes, pcap } from '../../testing/frames.ts';
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
import { fieldsByTshark, hasTshark, packetCounts } from '../../testing/tshark.ts';

const FIELDS = [
  'wlan.fc.type_subtype',
  'wlan.sa',
  'wlan.bssid',
  'wlan.ssid',
  'wlan.ds.current_channel',
  'wlan.rsn.akms.type',
  'wlan.rsn.capabilities.mfpr',
  'wlan.rsn.capabilities.mfpc',
  'wlan.wfa.ie.wpa.version',
  'wlan.fixed.capabilities.privacy',
  'wlan.fixed.reason_code',
  'wps.manufacturer',
  'wps.model_name',
  'wps.serial_number',
  'wps.device_name',
  '_ws.malformed',
] as const;
type Fields = Record<(typeof FIELDS)[number], string>;

/** Captures that are read otherwise, each with the reason. */
const explained = new Map<string, string>([]);

const AKM: Record<string, string> = {
  1: '802.1x',
  2: 'psk',
  3: 'ft-802.1x',
  5: '802.1x-sha256',
  8: 'sae',
  18: 'owe',
};

function byTshark(paths: readonly string[]): Map<string, string[]> {
  const found = fieldsByTshark(paths, packetCounts(paths), { fields: FIELDS });
  return new Map([...found].map(([path, rows]) => [path, rows.flatMap(saidBy)]));
}

function saidBy(row: string): string[] {
  const values = row.split('|');
  return linesOf(Object.fromEntries(FIELDS.map((name, i) => [name, values[i] ?? ''])) as Fields);
}

function linesOf(f: Fields): string[] {
  const subtype = Number(f['wlan.fc.type_subtype']);
  if (subtype === 10 || subtype === 12)
    return [`leave ${f['wlan.sa']} ${f['wlan.bssid']} ${Number(f['wlan.fixed.reason_code'])}`];
  if (subtype === 4)
    return [
      `ask ${f['wlan.sa']} ${f['wlan.ssid'] === '' || f['wlan.ssid'] === '<MISSING>' ? 'any' : 'named'}`,
    ];
  if (subtype !== 5 && subtype !== 8) return [];
  const ssid = Buffer.from(f['wlan.ssid'], 'hex').toString();
  const keys = f['wlan.rsn.akms.type']
    .split(',')
    .map((akm) => AKM[akm] ?? akm)
    .join();
  const protection =
    f['wlan.rsn.capabilities.mfpr'] === '1'
      ? 'required'
      : f['wlan.rsn.capabilities.mfpc'] === '1'
        ? 'optional'
        : 'unprotected';
  const device = [f['wps.manufacturer'], f['wps.model_name'], f['wps.serial_number'], f['wps.device_name']];
  return [
    `network ${f['wlan.bssid']} ${ssid} ${f['wlan.ds.current_channel']} ${keys} ${protection}`,
    ...(device.join('') === '' ? [] : [`device ${f['wlan.bssid']} ${device.join()}`]),
  ];
}

function bySensor(sightings: readonly Sighting[]): string[] {
  return sightings.flatMap(({ kind, subject, facts, count }) => {
    const f = (...names: string[]) =>
      names.map((name) => (facts as Record<string, string | undefined>)[name] ?? '');
    const lines: Record<string, () => string> = {
      'wifi.network': () =>
        ['network', subject.mac, ...f('ssid', 'channel', 'authentication', 'managementFrames')].join(' '),
      'wifi.device': () => `device ${subject.mac} ${f('manufacturer', 'model', 'serial', 'name').join()}`,
      'wifi.station': () => ['ask', subject.mac, ...f('asks')].join(' '),
      'wifi.disconnect': () => ['leave', subject.mac, ...f('bssid', 'reason')].join(' '),
    };
    const line = lines[kind]?.();
    return line === undefined ? [] : Array.from({ length: count }, () => line);
  });
}

function isRadioCapture(name: string): boolean {
  const head = readFileSync(sharedPath(name)).subarray(0, 24);
  if (head.length < 24) return false;
  const isLittle = head.readUInt32LE(0) === 0xa1b2c3d4;
  return [105, 127].includes(isLittle ? head.readUInt32LE(20) : head.readUInt32BE(20));
}

describe.skipIf(!hasTshark())('beside tshark', () => {
  test.skipIf(!hasSharedCaptures)(
    'says the same of every shared capture of the air',
    async () => {
      const differing: Record<string, unknown> = {};
      const names = sharedCaptures().filter((name) => name.endsWith('.pcap') && isRadioCapture(name));
      const said = byTshark(names.map(sharedPath));
      let count = 0;
      for (const name of names) {
        const { batches } = await senseFile(sharedPath(name));
        const ours = bySensor(batches.flatMap(({ sightings }) => sightings)).sort();
        const theirs = said.get(sharedPath(name))!.sort();
        count += ours.length;
        if (ours.join('\n') !== theirs.join('\n')) differing[name] = { ours, theirs };
      }
      console.log(`${names.length} captures, ${count} management frames said alike`);
      for (const name of explained.keys()) {
        expect(differing).toHaveProperty([name]);
        delete differing[name];
      }
      expect(differing).toEqual({});
    },
    240_000,
  );

  test('says the same of networks of every kind of protection', async () => {
    const named = (name: string, ...more: Uint8Array[]) =>
      management(8, ACCESS_POINT, beaconBody(true, element(0, name), element(3, 6), ...more));
    const device = wps([0x1021, 'B. Braun'], [0x1023, 'Space'], [0x1042, 'SN-17'], [0x1011, 'Pump 4']);
    const frames = [
      management(8, ACCESS_POINT, beaconBody(false, element(0, 'open'), element(3, 1))),
      named('wep'),
      named('psk', rsn([4], [2])),
      named('both', rsn([4], [2, 8], 0x80)),
      named('sae', rsn([4], [8], 0xc0)),
      named('eap', rsn([4], [1, 3, 5], 0x80)),
      named('owe', rsn([4], [18], 0xc0)),
      named('device', rsn([4], [2]), wpa(), device),
      management(4, STATION, bytes(element(0, 'home'))),
      management(12, STATION, bytes(3, 0)),
      management(10, STATION, bytes(8, 0)),
    ].map((frame) => radiotap(frame));
    const folder = mkdtempSync(join(tmpdir(), 'wardline-wifi-'));
    try {
      const path = join(folder, 'air.pcap');
      writeFileSync(path, pcap(frames, { linkType: 127 }));
      const { batches } = await senseFile(path);
      const ours = bySensor(batches.flatMap(({ sightings }) => sightings));
      expect(ours).toHaveLength(12);
      expect(ours.sort()).toEqual(byTshark([path]).get(path)!.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});
