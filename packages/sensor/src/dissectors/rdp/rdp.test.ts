import { Buffer } from 'node:buffer';
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
import { rdp } from './index.ts';
import { MAX_PACKET, MAX_PACKETS } from './limits.ts';

const u32 = (value: number) => bytes(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
const u16 = (value: number) => bytes(value & 255, value >>> 8);
const packet = (content: Uint8Array) =>
  bytes(3, 0, (content.length + 4) >>> 8, (content.length + 4) & 255, content);
const request = (cookie: string, negotiation: Uint8Array) =>
  packet(bytes(6 + cookie.length + negotiation.length, 0xe0, 0, 0, 0, 0, 0, cookie, negotiation));
const wants = (protocols: number) => bytes(1, 0, 8, 0, u32(protocols));
const confirm = (kind: number, value: number) =>
  packet(bytes(14, 0xd0, 0, 0, 0, 0, 0, kind, 0, 8, 0, u32(value)));
const block = (type: number, content: Uint8Array) => bytes(u16(type), u16(content.length + 4), content);
const connect = (tag: number, key: string, ...blocks: Uint8Array[]) => {
  const content = bytes(...blocks);
  return packet(
    bytes(
      2,
      0xf0,
      0x80,
      0x7f,
      tag,
      0x82,
      1,
      0,
      'MCS',
      key,
      0x80 | (content.length >>> 8),
      content.length & 255,
      content,
    ),
  );
};
const name = Buffer.alloc(32);
name.write('CT-CONSOLE-2', 'utf16le');
const core = block(
  0xc001,
  bytes(u32(0x80004), new Uint8Array(8), u32(0x407), u32(2600), name, new Uint8Array(32)),
);
const settings = connect(0x65, 'Duca', block(0xc004, new Uint8Array(8)), core);
const answer = (method: number) =>
  connect(0x66, 'McDn', block(0x0c01, new Uint8Array(8)), block(0x0c02, bytes(u32(method), u32(1))));

const cookie = 'Cookie: mstshash=zzmark\r\n';
const old: Step[] = [
  ['client', request(cookie, wants(0))],
  ['server', confirm(2, 0)],
  ['client', settings],
  ['server', answer(1)],
  ['client', 'ZZMARK'],
];
const ancient: Step[] = [
  ['client', request('', bytes())],
  ['server', packet(bytes(6, 0xd0, 0, 0, 0, 0, 0))],
  ['client', settings],
  ['server', answer(0)],
];
const secured: Step[] = [
  ['client', request(cookie, wants(3))],
  ['server', confirm(2, 2)],
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];

it('tells the client behind RDP’s own security, and how weak that is', () => {
  const said = runStream(rdp, old);
  expect(factLines(said)).toEqual([
    'rdp.client client {"security":["rdp"]}',
    'credential.cleartext server {"protocol":"rdp","field":"mstshash","outcome":"unknown"}',
    'rdp.server server {"security":"rdp"}',
    'rdp.client client {"security":["rdp"],"hostname":"CT-CONSOLE-2","build":"2600","keyboard":"0x0407"}',
    'rdp.server server {"security":"rdp","encryption":"rc4-40"}',
  ]);
  expect(said).toMatchObject({ application: 'rdp', protection: 'encrypted', malformed: {} });
});

it('goes on as TLS', () => {
  const said = runStream(rdp, secured);
  expect(factLines(said)).toContain('rdp.server server {"security":"nla"}');
  expect(said.sightings.slice(-2).map(({ kind }) => kind)).toEqual(['tls.client', 'tls.server']);
  expect(said.protection).toBe('tls1.2');
});

it('knows a client that negotiates nothing by its settings', () =>
  expect(runStream(rdp, ancient)).toMatchObject({ recognised: 'yes', protection: 'clear' }));

it('tells what a server insists on', () =>
  expect(factLines(runStream(rdp, [secured[0]!, ['server', confirm(3, 5)]]))).toContain(
    'rdp.server server {"security":"nla required"}',
  ));

describe.each(Object.entries({ old, ancient, secured }))('%s', (_, steps) => {
  it('says the same in any segmentation', () => expectSameInAnySegmentation(rdp, steps));
  it('lets no user out', () => expectNothingLeaks(runStream(rdp, steps), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(rdp, steps);
    expectDamageHolds(rdp, steps);
  });
});

it('reads as many and as long packets as the bounds say', () => {
  const filler = (length: number): Step => ['client', packet(new Uint8Array(length - 4))];
  const after = (steps: Step[]) =>
    runStream(rdp, [old[0]!, ...steps, settings2], { seed: 1 }).sightings.length;
  const settings2: Step = ['client', settings];
  expect(after(Array.from({ length: MAX_PACKETS - 2 }, () => filler(9)))).toBe(3);
  expect(after(Array.from({ length: MAX_PACKETS - 1 }, () => filler(9)))).toBe(2);
  expect(after([filler(MAX_PACKET), filler(MAX_PACKET + 1)])).toBe(3);
});

it.each([
  ['S7', packet(bytes(17, 0xe0, 0, 0, 0, 1, 0, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2, 0xc0, 1, 9))],
  ['nothing but a request', request('', bytes())],
  ['another header', bytes(3, 1, 0, 11, 6, 0xe0)],
])('does not take %s for a remote desktop', (_, start) =>
  expect(runStream(rdp, [['client', start]]).recognised).not.toBe('yes'),
);

it.skipIf(!hasSharedCaptures)('reads a real client’s settings', async () => {
  const { batches } = await senseFile(sharedPath('zeek/rdp/rdp-unknown-keyboard.pcap'));
  const facts = batches.flatMap((batch) => batch.sightings.map((item) => item.facts));
  expect(facts).toContainEqual({
    security: ['rdp'],
    hostname: 'JOHN-PC-LAPTOP',
    build: '9600',
    keyboard: '0x4041e',
  });
});
