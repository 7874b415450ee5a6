import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedPath } from '../../testing/captures.ts';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step, testClient, testServer } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { tlsHellos } from '../../testing/tls-hello.ts';
import { mysql } from '../mysql/index.ts';
import { MAX_PACKET, MAX_VERSION } from '../mysql/limits.ts';
import { postgresql } from './index.ts';
import { MAX_MESSAGE } from './limits.ts';

const u32 = (value: number) => bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const start = (text: string) => bytes(u32(9 + text.length), u32(0x30000), text, 0);
const message = (type: string, content: Uint8Array) => bytes(type, u32(content.length + 4), content);
const wishes = bytes(u32(8), u32(80_877_103));
const hello = start('user\0zzmark\0database\0zzmark\0application_name\0ACME archive\0');
const asks = (code: number): Step => ['server', message('R', u32(code))];
const ready: Step[] = [
  ['server', message('S', bytes('server_version', 0, '15.8 (Debian)', 0))],
  ['server', message('K', new Uint8Array(8))],
  ['server', message('Z', bytes('I'))],
  ['client', message('Q', bytes('select ZZMARK', 0))],
];
const postgres: Step[] = [
  ['client', wishes],
  ['server', 'N'],
  ['client', hello],
  asks(3),
  ['client', message('p', bytes('ZZMARKpw', 0))],
  asks(0),
  ...ready,
];
const postgresTls: Step[] = [
  ['client', wishes],
  ['server', 'S'],
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];

const packet = (number: number, content: Uint8Array) =>
  bytes(content.length & 255, content.length >>> 8, 0, number, content);
const greets = (version: string) => packet(0, bytes(10, version, 0, new Uint8Array(60)));
const login = (flags: number, proof: string) =>
  packet(1, bytes(flags & 255, flags >>> 8, 0, 0, new Uint8Array(28), 'zzmark', 0, proof.length, proof));
const maria: Step[] = [
  ['server', greets('5.5.5-10.11.6-MariaDB-0+deb12u1')],
  ['client', login(0, '')],
  ['server', packet(2, new Uint8Array(7))],
  ['client', packet(0, bytes(3, 'select ZZMARK'))],
];
const mysqlTls: Step[] = [
  ['server', greets('8.0.36')],
  ['client', packet(1, bytes(0, 8, 0, 0, new Uint8Array(28)))],
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];

it('tells program, version and a password of PostgreSQL', () =>
  expect(factLines(runStream(postgresql, postgres))).toEqual([
    'database.client client {"product":"postgresql","application":"ACME archive"}',
    'credential.cleartext server {"protocol":"postgresql","field":"password","outcome":"accepted"}',
    'database.server server {"product":"postgresql","version":"15.8 (Debian)"}',
  ]));

it('tells a PostgreSQL that trusts everybody, but not for a user that is not there', () => {
  const kinds = (after: Step[]) =>
    runStream(postgresql, [['client', hello], asks(0), ...after]).sightings.map(({ kind }) => kind);
  expect(kinds(ready)).toEqual(['database.client', 'database.server', 'service.unauthenticated']);
  expect(kinds([['server', message('E', bytes('SFATAL', 0, 0))]])).toEqual(['database.client']);
});

it('tells a refused password', () => {
  const refused: Step[] = [...postgres.slice(0, 5), ['server', message('E', bytes('SFATAL', 0, 0))]];
  expect(runStream(postgresql, refused).sightings.at(-1)?.facts).toMatchObject({ outcome: 'refused' });
});

it('tells MariaDB’s version, and an account without a password', () => {
  expect(factLines(runStream(mysql, maria))).toEqual([
    'database.server server {"product":"mariadb","version":"10.11.6-MariaDB-0+deb12u1"}',
    'database.client client {"product":"mysql"}',
    'login.outcome server {"protocol":"mysql","outcome":"accepted"}',
    'service.unauthenticated server {"protocol":"mysql","operation":"login without password"}',
  ]);
  const proved: Step[] = [maria[0]!, ['client', login(0, 'x'.repeat(20))], maria[2]!];
  expect(runStream(mysql, proved).sightings.map(({ kind }) => kind)).toEqual([
    'database.server',
    'database.client',
    'login.outcome',
  ]);
});

it('knows a greeting whose version is longer than its first segment', () => {
  const longest = greets(`8.0.36-${'x'.repeat(MAX_VERSION - 7)}`);
  const around = { client: testClient, server: testServer, clientPort: 50_000, serverPort: 3306 };
  const recognise = (greeting: Uint8Array) => mysql.recognise(new Uint8Array(0), greeting, around);
  const answers = Array.from(longest, (_, length) => recognise(longest.subarray(0, length)));
  const terminator = 4 + 1 + MAX_VERSION;
  expect(answers.indexOf('yes')).toBe(terminator + 1);
  expect(new Set(answers)).toEqual(new Set(['more', 'yes']));
  const longer = greets(`8.0.36-${'x'.repeat(MAX_VERSION - 6)}`);
  expect(recognise(longer)).toBe('no');
});

it('goes on as TLS', () => {
  expect(runStream(postgresql, postgresTls)).toMatchObject({
    application: 'postgresql',
    protection: 'tls1.2',
  });
  expect(runStream(mysql, mysqlTls)).toMatchObject({ application: 'mysql', protection: 'tls1.2' });
});

describe.each([
  ['postgresql', postgresql, postgres],
  ['postgresql with TLS', postgresql, postgresTls],
  ['mysql', mysql, maria],
  ['mysql with TLS', mysql, mysqlTls],
] as const)('%s', (_, dissector, steps) => {
  it('says the same in any segmentation', () => expectSameInAnySegmentation(dissector, steps));
  it('lets neither login nor statement out', () => expectNothingLeaks(runStream(dissector, steps), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(dissector, steps);
    expectDamageHolds(dissector, steps);
  });
});

it('reads messages just within the bound and leaves at one just beyond', () => {
  const long = (length: number): Step => ['server', message('N', new Uint8Array(length - 4))];
  const left = (length: number) => runStream(postgresql, [['client', hello], long(length)]).malformed;
  expect(left(MAX_MESSAGE)).toEqual({});
  expect(left(MAX_MESSAGE + 1)).toEqual({ 'postgresql-message': 1 });
  const told = (length: number) =>
    runStream(mysql, [maria[0]!, ['client', packet(1, new Uint8Array(length))]]).malformed;
  expect(told(MAX_PACKET)).toEqual({});
  expect(told(MAX_PACKET + 1)).toEqual({ 'mysql-packet': 1 });
});

it('leaves others alone', () => {
  expect(
    runStream(postgresql, [['client', bytes(u32(20), u32(0x20000), new Uint8Array(12))]]).recognised,
  ).toBe('no');
  expect(runStream(postgresql, [['client', start('zzmark\0zzmark\0zzmark\0')]]).recognised).toBe('no');
  expect(
    runStream(mysql, [['server', packet(0, bytes(10, 'hello', 0, new Uint8Array(60)))]]).recognised,
  ).toBe('no');
});

it.skipIf(!hasSharedCaptures)('finds versions and certificates in real captures', async () => {
  const kinds = async (path: string) =>
    (await senseFile(sharedPath(path))).batches.flatMap((batch) => batch.sightings.map(({ kind }) => kind));
  expect(await kinds('zeek/mysql/tls-12-amazon-rds.pcap')).toEqual(
    expect.arrayContaining(['database.server', 'tls.certificate']),
  );
  expect(await kinds('zeek/postgresql/psql-aws-ssl-require.pcap')).toContain('tls.certificate');
});
