import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { mssql } from './index.ts';
import { MAX_PACKET } from './limits.ts';

const u16 = (value: number) => bytes(value & 255, value >>> 8);
const packet = (type: number, body: Uint8Array) =>
  bytes(type, 1, (body.length + 8) >>> 8, (body.length + 8) & 255, 0, 0, 1, 0, body);
const greeting = (type: number, version: number[], encryption: number) =>
  packet(type, bytes(0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, ...version, 0, 0, encryption));
const veiled = (text: string) =>
  Buffer.from(text, 'utf16le').map((byte) => (((byte & 15) << 4) | (byte >> 4)) ^ 0xa5);

function login(host: string, user: string, secret: string, application: string): Uint8Array {
  const texts: Uint8Array[] = [host, user, secret, application].map((text) => Buffer.from(text, 'utf16le'));
  texts[2] = veiled(secret);
  let at = 36 + 58;
  const table = texts.map((text) => {
    at += text.length;
    return bytes(u16(at - text.length), u16(text.length / 2));
  });
  return packet(0x10, bytes(new Uint8Array(36), ...table, new Uint8Array(58 - 16), ...texts));
}

const answer = (token: number) => packet(4, bytes(0xe3, u16(3), 'abc', token, u16(2), 'xx'));
const conversation: Step[] = [
  ['client', greeting(0x12, [9, 0, 0, 0], 2)],
  ['server', greeting(4, [15, 0, 7, 208], 2)],
  ['client', login('CT-CONSOLE-2', 'zzmark', 'ZZMARKpw', 'ACME Archive')],
  ['server', answer(0xad)],
  ['client', packet(1, Buffer.from('select ZZMARK', 'utf16le'))],
];

it('tells version, machine, program, and a password that is only veiled', () => {
  const known = [{ user: 'zzmark', secret: 'ZZMARKpw', label: 'ACME default' }];
  const said = runStream(mssql, conversation, { known });
  expect(factLines(said)).toEqual([
    'database.server server {"product":"mssql","version":"15.0.2000"}',
    'database.client client {"product":"mssql","hostname":"CT-CONSOLE-2","application":"ACME Archive"}',
    'credential.cleartext server {"protocol":"mssql","field":"LOGIN7","outcome":"accepted","knownDefault":"ACME default"}',
  ]);
  expect(said).toMatchObject({ protection: 'clear', malformed: {} });
});

it('tells a refused login, and leaves where encryption is agreed', () => {
  const refused = runStream(mssql, [...conversation.slice(0, 3), ['server', answer(0xaa)]]);
  expect(refused.sightings.at(-1)?.facts).toMatchObject({ outcome: 'refused' });
  const secured = runStream(mssql, [conversation[0]!, ['server', greeting(4, [15, 0, 7, 208], 1)]]);
  expect(secured).toMatchObject({ protection: 'encrypted', ended: true });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(mssql, conversation));
it('lets neither login nor statement out', () =>
  expectNothingLeaks(runStream(mssql, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(mssql, conversation);
  expectDamageHolds(mssql, conversation);
});

it('reads a packet just within the bound and leaves at one just beyond', () => {
  const left = (length: number) =>
    runStream(mssql, [...conversation.slice(0, 2), ['client', packet(0x10, new Uint8Array(length - 8))]], {
      force: true,
    }).malformed;
  expect(left(MAX_PACKET)).toEqual({});
  expect(left(MAX_PACKET + 1)).toEqual({ 'mssql-packet': 1 });
});

it.each([[packet(0x12, bytes(1, 0, 11, 0, 6, 0xff, 0, 0, 0, 0, 0, 0))], [bytes(0x12, 9)], [bytes(0x13)]])(
  'does not take %j for SQL Server',
  (first) => expect(runStream(mssql, [['client', first]]).recognised).toBe('no'),
);
