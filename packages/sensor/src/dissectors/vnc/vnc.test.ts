import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedPath } from '../../testing/captures.ts';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { tlsHellos } from '../../testing/tls-hello.ts';
import { vnc } from './index.ts';
import { MAX_TEXT, MAX_TYPES } from './limits.ts';

const u32 = (value: number) => bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const versions = (minor: number): Step[] => [
  ['server', `RFB 003.00${minor}\n`],
  ['client', `RFB 003.00${minor}\n`],
];
const desktop = (name: string): Step[] => [
  ['client', bytes(1)],
  ['server', bytes(new Uint8Array(20), u32(name.length), name)],
];
const ok: Step = ['server', u32(0)];

const open: Step[] = [
  ...versions(8),
  ['server', bytes(2, 1, 2)],
  ['client', bytes(1)],
  ok,
  ...desktop("zzmark's X desktop (ct-2:1)"),
];
const withPassword: Step[] = [
  ...versions(8),
  ['server', bytes(1, 2)],
  ['client', bytes(2)],
  ['server', 'challenge 16 byt'],
  ['client', 'zzmark-response!'],
  ok,
  ...desktop('ct-2:1 (zzmark)'),
];
const plain: Step[] = [
  ...versions(8),
  ['server', bytes(1, 19)],
  ['client', bytes(19)],
  ['server', bytes(0, 2)],
  ['client', bytes(0, 2)],
  ['server', bytes(0, 1, u32(256))],
  ['client', bytes(u32(256), u32(6), u32(7), 'zzmark', 'ZZMARK!')],
  ok,
  ...desktop('zzmark@ct-2'),
];
const tls: Step[] = [
  ...plain.slice(0, 6),
  ['server', bytes(0, 1, u32(261))],
  ['client', u32(261)],
  ['server', bytes(1)],
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];
const old: Step[] = [...versions(3), ['server', u32(1)], ...desktop('CT-2')];

const server = (security: string, rest = '') =>
  `vnc.server server {"version":"3.8","security":[${security}]${rest}}`;

it('tells that a screen is open to anybody, and whose it is', () => {
  const said = runStream(vnc, open);
  expect(factLines(said)).toEqual([
    server('"none","vnc"'),
    'service.unauthenticated server {"protocol":"vnc","operation":"remote screen"}',
    server('"none","vnc"', ',"hostname":"ct-2"'),
  ]);
  expect(said).toMatchObject({ application: 'vnc', protection: 'clear', malformed: {} });
});

it('tells a password of its own kind, and the desktop behind it', () => {
  expect(factLines(runStream(vnc, withPassword))).toEqual([
    server('"vnc"'),
    server('"vnc"', ',"hostname":"ct-2"'),
  ]);
  const refused: Step[] = [...withPassword.slice(0, 6), ['server', u32(1)]];
  expect(factLines(runStream(vnc, refused))).toEqual([server('"vnc"')]);
});

it('tells user and password in clear', () =>
  expect(factLines(runStream(vnc, plain))).toEqual([
    server('"vencrypt"'),
    'credential.cleartext server {"protocol":"vnc","field":"VeNCrypt plain","outcome":"accepted"}',
    server('"vencrypt"', ',"hostname":"ct-2"'),
  ]));

it('goes on as TLS', () => {
  const said = runStream(vnc, tls);
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['vnc.server', 'tls.client', 'tls.server']);
  expect(said.protection).toBe('tls1.2');
});

it('lets the server of version 3.3 decide', () =>
  expect(factLines(runStream(vnc, old))).toContain(
    'service.unauthenticated server {"protocol":"vnc","operation":"remote screen"}',
  ));

describe.each(Object.entries({ open, withPassword, plain, tls, old }))('%s', (_, steps) => {
  it('says the same in any segmentation', () => expectSameInAnySegmentation(vnc, steps));
  it('lets no person out', () => expectNothingLeaks(runStream(vnc, steps), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(vnc, steps);
    expectDamageHolds(vnc, steps);
  });
});

it('takes as many types and as long a name as the bounds say', () => {
  const types = (count: number): Step[] => [
    ...versions(8),
    ['server', bytes(count, new Uint8Array(count).fill(2))],
  ];
  expect(runStream(vnc, types(MAX_TYPES)).malformed).toEqual({});
  expect(runStream(vnc, types(MAX_TYPES + 1)).malformed).toEqual({ 'vnc-security': 1 });
  const named = (length: number) => runStream(vnc, [...open.slice(0, 5), ...desktop('x'.repeat(length))]);
  expect(named(MAX_TEXT).malformed).toEqual({});
  expect(named(MAX_TEXT + 1).malformed).toEqual({ 'vnc-name': 1 });
});

it.each(['RFB 004', 'RFC 003.008\n', 'RFB 003.00x\n'])('does not take %j for VNC', (text) =>
  expect(runStream(vnc, [['server', text]]).recognised).not.toBe('yes'),
);

it.skipIf(!hasSharedCaptures)('reads a real desktop', async () => {
  const path = sharedPath('suricata-verify/rfb-rules/00-vnc-openwall-3.7.pcap');
  const facts = (await senseFile(path)).batches.flatMap((batch) => batch.sightings.map((item) => item.facts));
  expect(facts).toContainEqual(expect.objectContaining({ hostname: 'localhost.localdomain' }));
});
