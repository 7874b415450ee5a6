import { expect, it } from 'vitest';
import { bytes } from '../../testing/frames.ts';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { nfs, nfsDatagram } from './index.ts';
import { MAX_AUTH, MAX_RECORD, MAX_RECORDS } from './limits.ts';

const u32 = (value: number) => bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const text = (value: string) => bytes(u32(value.length), value, new Uint8Array((4 - (value.length % 4)) % 4));
const system = (machine: string) => {
  const body = bytes(u32(7), text(machine), u32(1000), u32(1000), u32(0));
  return bytes(u32(1), u32(body.length), body);
};
const nobody = bytes(u32(0), u32(0));
const call = (
  xid: number,
  program: number,
  version: number,
  procedure: number,
  proof: Uint8Array,
  ...rest: Uint8Array[]
) => bytes(u32(xid), u32(0), u32(2), u32(program), u32(version), u32(procedure), proof, nobody, ...rest);
const reply = (xid: number, status: number, ...rest: Uint8Array[]) =>
  bytes(u32(xid), u32(1), u32(0), nobody, u32(status), ...rest);
const record = (content: Uint8Array) => bytes(0x80, u32(content.length).subarray(1), content);

const exchange = bytes(
  text(''),
  ...[1, 2, 42].map(u32),
  new Uint8Array(8),
  text('Linux NFSv4.1 ZZMARK'),
  ...[0x103, 0, 1].map(u32),
  text('kernel.org'),
  text('Linux 6.1.0-26-amd64 #1 SMP ZZMARK'),
  new Uint8Array(12),
);
const conversation: Step[] = [
  ['client', record(call(1, 100_005, 3, 1, system('ct-2.ward'), text('/export/images/zzmark')))],
  ['server', record(reply(1, 0, u32(0), text('handle')))],
  ['client', record(call(2, 100_003, 4, 1, system('ct-2.ward'), exchange))],
  ['server', record(reply(2, 0, u32(0), text('')))],
  ['client', record(call(3, 100_003, 3, 3, system('ct-2.ward'), text('ZZMARK^NAME.dcm')))],
  ['server', record(reply(3, 0, u32(0), new Uint8Array(4000)))],
];

it('tells who calls, what is mounted, and that a number opens it', () => {
  const said = runStream(nfs, conversation);
  expect(factLines(said)).toEqual([
    'rpc.client client {"authentication":"sys","hostname":"ct-2.ward"}',
    'rpc.server server {"program":"nfs","version":3}',
    'rpc.export server {"path":"/export/images"}',
    'service.unauthenticated server {"protocol":"nfs","operation":"mount"}',
    'rpc.client client {"authentication":"sys","hostname":"ct-2.ward","nfsVersion":4,"software":"Linux 6.1.0-26-amd64"}',
    'rpc.server server {"program":"nfs","version":4}',
    'service.unauthenticated server {"protocol":"nfs","operation":"files for a stated user number"}',
    'rpc.client client {"authentication":"sys","hostname":"ct-2.ward","nfsVersion":3}',
    'rpc.server server {"program":"nfs","version":3}',
    'service.unauthenticated server {"protocol":"nfs","operation":"files for a stated user number"}',
  ]);
  expect(said).toMatchObject({ application: 'nfs', protection: 'clear', malformed: {} });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(nfs, conversation));
it('lets no file and no person out', () => expectNothingLeaks(runStream(nfs, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(nfs, conversation);
  expectDamageHolds(nfs, conversation);
});

it('says nothing of a server that refuses, or that asks for a proof', () => {
  const kinds = (proof: Uint8Array, answer: Uint8Array) =>
    runStream(nfs, [
      ['client', record(call(1, 100_003, 3, 1, proof, text('handle')))],
      ['server', record(answer)],
    ]).sightings.map(({ kind }) => kind);
  const denied = bytes(u32(1), u32(1), u32(1), u32(1), u32(5), u32(0));
  expect(kinds(system('a'), denied)).toEqual(['rpc.client']);
  expect(kinds(system('a'), reply(1, 0, u32(13)))).toEqual(['rpc.client', 'rpc.server']);
  expect(kinds(bytes(u32(6), u32(4), u32(1)), reply(1, 0, u32(0)))).toEqual(['rpc.client', 'rpc.server']);
});

it('tells calls over UDP, and names the port mapper', () => {
  const asked = runDatagram(nfsDatagram, [['client', call(9, 100_000, 2, 3, nobody, new Uint8Array(16))]]);
  expect(factLines(asked)).toEqual(['rpc.client client {"authentication":"none"}']);
  expect(asked.application).toBe('portmap');
});

it('holds for datagrams that are cut off or changed anywhere', () => {
  const whole = call(2, 100_003, 4, 1, system('ct-2.ward'), exchange);
  for (let at = 0; at < whole.length; at++) {
    runDatagram(nfsDatagram, [['client', whole.subarray(0, at)]], { force: true });
    const damaged = whole.map((byte, i) => (i === at ? byte ^ 0xff : byte));
    runDatagram(nfsDatagram, [['client', damaged]], { force: true });
  }
});

it('keeps to its bounds', () => {
  const proof = (length: number) => bytes(u32(6), u32(length), new Uint8Array(length));
  const recognised = (length: number) =>
    runStream(nfs, [['client', record(call(1, 100_003, 3, 0, proof(length)))]]).recognised;
  expect([recognised(MAX_AUTH), recognised(MAX_AUTH + 4)]).toEqual(['yes', 'no']);
  const start: Step = ['client', record(call(1, 100_003, 3, 0, nobody))];
  const left = (length: number) =>
    runStream(nfs, [
      start,
      ['client', bytes(0x80 | (length >>> 24), u32(length).subarray(1), call(2, 100_003, 3, 0, nobody))],
    ]).malformed;
  expect([left(MAX_RECORD), left(MAX_RECORD + 1)]).toEqual([{}, { 'rpc-record': 1 }]);
  const many = (count: number) =>
    runStream(
      nfs,
      Array.from({ length: count }, () => start),
    ).ended;
  expect([many(MAX_RECORDS - 1), many(MAX_RECORDS)]).toEqual([false, true]);
});

it.each([[call(1, 100_003, 3, 99, nobody)], [call(1, 7, 3, 0, nobody)], [new Uint8Array(60)]])(
  'does not take %j for a call',
  (content) => expect(runStream(nfs, [['client', record(content)]]).recognised).toBe('no'),
);
