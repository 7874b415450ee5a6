import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadKnowledge } from '@wardline/knowledge';
import { describe, expect, test } from 'vitest';
import { readFixture } from './observed-fixture.ts';
import { houseA } from './ward/house.ts';
import { missingRows } from './ward/missing.ts';
import { registerCsv } from './ward/register.ts';
import { roster } from './ward/roster.ts';
import { markedStrings } from './ward/secrets.ts';
import { groundTruth } from './ward/truth.ts';
import { groundTruthSchema } from './ward/truth-schema.ts';

const LARGEST = 3 * 1024 * 1024;
const truth = groundTruthSchema.parse(JSON.parse(readFixture('ground-truth.json')));
const compressed = readFileSync(
  fileURLToPath(new URL('../../fixtures/sample-hospital/ward-1.pcap.gz', import.meta.url)),
);
const capture = gunzipSync(compressed);

const bytesOf = (mac: string) => Buffer.from(mac.replaceAll(':', ''), 'hex');
const octetsOf = (ip: string) => Buffer.from(ip.split('.').map(Number));

describe('the recording that ships', () => {
  test('is small enough to ship', () => {
    expect(compressed.length).toBeLessThan(LARGEST);
  });

  test('goes with the ground truth, the register and the marks that the roster writes', () => {
    expect(truth).toEqual(groundTruth(houseA));
    expect(readFixture('register.csv')).toBe(registerCsv(houseA));
    expect(JSON.parse(readFixture('marked.json'))).toEqual(markedStrings());
  });

  test('carries every address of the ground truth', () => {
    const absent = truth.assets.flatMap((asset) => [
      ...asset.macs.filter((mac) => !capture.includes(bytesOf(mac))),
      ...asset.ips.filter((ip) => !capture.includes(octetsOf(ip))),
    ]);
    expect(absent).toEqual([]);
  });

  test('carries what is marked, so that searching outputs for it means something', () => {
    // Passwords that travel hashed or encrypted (SMB, SNMPv3) are not on the wire as text.
    const { patients, secrets } = markedStrings();
    const present = [...patients, ...secrets].filter((text) => capture.includes(text));
    expect(present.length).toBeGreaterThan(patients.length);
  });

  test('carries no path or kernel of the machine that recorded it', () => {
    expect(capture.includes('wl-testbed')).toBe(false);
    expect(/\bLinux \d+\.\d+\.\d+/.exec(capture.toString('latin1'))?.[0] ?? null).toBe(null);
  });
});

describe('the roster', () => {
  test('has no address, name or tag twice, but for the one that moves', () => {
    const moved = new Set(truth.moved.map((m) => m.ip));
    const once = (values: (string | undefined)[]) => {
      const given = values.filter((value) => value !== undefined);
      expect(new Set(given).size).toBe(given.length);
    };
    once(roster.map((d) => d.id));
    once(roster.map((d) => d.mac));
    once(roster.map((d) => d.hostname));
    once(roster.filter((d) => !moved.has(d.ip)).map((d) => d.ip));
    once([...roster.map((d) => d.register?.tag), ...missingRows.map((row) => row['Asset Tag'])]);
  });

  test('has ten classes and more, all of them in the taxonomy', () => {
    const classes = new Set(roster.map((d) => d.class));
    const taxonomy = loadKnowledge().taxonomy;
    expect([...classes].filter((id) => !taxonomy.classes.has(id))).toEqual([]);
    expect(classes.size).toBeGreaterThanOrEqual(10);
  });

  test('expects only findings that the knowledge has a rule for', () => {
    const rules = loadKnowledge().findingRules;
    const unknown = roster.flatMap((d) => d.findings ?? []).filter((rule) => !rules.has(rule));
    expect(unknown).toEqual([]);
  });
});
