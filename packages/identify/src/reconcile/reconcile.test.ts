import { loadKnowledge } from '@wardline/knowledge';
import { type Asset, type RegisterEntry, reconciliationSchema } from '@wardline/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, sighting } from '../testing/observe.ts';
import { reconcile } from './reconcile.ts';

const knowledge = loadKnowledge();

function entry(row: number, part: Partial<RegisterEntry>): RegisterEntry {
  const empty = { vendor: null, model: null, serial: null, class: null, hostname: null, software: null };
  const place = {
    department: null,
    location: null,
    owner: null,
    criticality: null,
    status: null,
    notes: null,
  };
  return { row, tag: `T${row}`, macs: [], ips: [], ...empty, ...place, ...part };
}

function scanner(card: string, serial: string): Asset[] {
  const host = at(card, `10.0.0.${Number.parseInt(card, 16)}`);
  const facts = {
    manufacturer: 'GE MEDICAL SYSTEMS',
    model: 'Revolution CT',
    serial,
    modality: 'CT',
    sentByCreator: true,
  };
  const sightings = [
    sighting('dicom.equipment', host, facts),
    sighting('arp.binding', host, { operation: 'request' }),
    sighting('mdns.host', host, { name: `ct-room-${card}` }),
  ];
  return identify({ sightings, conversations: [], decisions: [] }, knowledge).assets;
}

const one = scanner('01', 'A1002001');
const two = scanner('02', 'A1002002');

test('matches by serial number, and takes another spelling of maker and model for the same', () => {
  const register = [
    entry(1, { vendor: 'GE Healthcare', model: 'REVOLUTION-CT', serial: 'a1002001', class: 'CT scanner' }),
  ];
  expect(reconcile(register, one, knowledge)).toMatchObject([
    { key: 'T1', state: 'matched', asset: 'mac-0009fb000001', matchedBy: 'serial', differences: [] },
  ]);
});

test('names every field that contradicts', () => {
  const register = [
    entry(1, { vendor: 'Siemens', serial: 'B77', macs: ['00:09:fb:00:00:01'], hostname: 'printer-4' }),
  ];
  const [line] = reconcile(register, one, knowledge);
  expect(line).toMatchObject({ state: 'conflicting', matchedBy: 'mac' });
  expect(line?.differences.map((difference) => difference.field)).toEqual(['vendor', 'serial', 'hostname']);
  expect(line?.reason).toContain('vendor: registered Siemens, observed GE HealthCare');
});

test('takes the serial number before the address', () => {
  const register = [entry(1, { ips: ['10.0.0.1'] }), entry(2, { serial: 'A1002001' })];
  const lines = reconcile(register, one, knowledge);
  expect(lines.map(({ key, state }) => [key, state])).toEqual([
    ['T1', 'missing'],
    ['T2', 'matched'],
  ]);
});

test('does not pair by an IP address where maker and model contradict', () => {
  const register = [entry(1, { vendor: 'HP', model: 'LaserJet', ips: ['10.0.0.1'] })];
  expect(reconcile(register, one, knowledge).map((line) => line.state)).toEqual(['missing', 'shadow']);
});

test('pairs every entry and every asset at most once', () => {
  const register = [entry(1, { hostname: 'ct-room-01' }), entry(2, { hostname: 'ct-room-01' })];
  const lines = reconcile(register, [...one, ...two], knowledge);
  expect(lines.map(({ state }) => state).sort()).toEqual(['matched', 'missing', 'shadow']);
});

test('reports shadow devices with what they are, and missing ones with what they were looked for by', () => {
  const lines = reconcile([entry(1, { macs: ['00:11:22:33:44:55'] })], one, knowledge);
  expect(lines).toMatchObject([
    { key: 'T1', state: 'missing', reason: 'Nothing seen on the network has 00:11:22:33:44:55.' },
    { key: 'asset:mac-0009fb000001', state: 'shadow' },
  ]);
  expect(lines[1]?.reason).toContain('CT scanner at work that no register knows');
});

test('keeps lines of a tag that stands twice apart', () => {
  const lines = reconcile([entry(1, { tag: 'A' }), entry(2, { tag: 'A' })], [], knowledge);
  expect(lines.map((line) => line.key)).toEqual(['A', 'A#2']);
});

test('does not depend on the order of register and assets, and fits the schema', () => {
  const register = [
    entry(1, { serial: 'A1002001' }),
    entry(2, { hostname: 'ct-room-02', vendor: 'Philips' }),
    entry(3, { ips: ['10.0.0.1'] }),
    entry(4, { macs: ['00:09:fb:00:00:02'] }),
  ];
  const expected = reconcile(register, [...one, ...two], knowledge);
  for (const line of expected) reconciliationSchema.parse(line);
  fc.assert(
    fc.property(fc.shuffledSubarray(register, { minLength: 4 }), fc.boolean(), (shuffled, swap) => {
      const assets = swap ? [...two, ...one] : [...one, ...two];
      expect(reconcile(shuffled, assets, knowledge)).toEqual(expected);
    }),
    { seed: 20261123, numRuns: 50 },
  );
});
