import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { mqtt } from './index.ts';
import { MAX_CONNECT } from './limits.ts';

type Version = '3.1' | '3.1.1' | '5';

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(first: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; left >>= 7) {
    length.push((left & 127) | (left > 127 ? 128 : 0));
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

interface Login {
  clientId?: string;
  user?: string;
  password?: string;
  will?: boolean;
  properties?: Uint8Array;
}

function connect(
  version: Version,
  { clientId = 'pump-17', user, password, will, properties }: Login,
): Buffer {
  const five = version === '5';
  const flags = (user ? 0x80 : 0) | (password ? 0x40 : 0) | (will ? 0x04 : 0) | 2;
  const list = properties ?? new Uint8Array();
  const parts = [
    text(version === '3.1' ? 'MQIsdp' : 'MQTT'),
    Buffer.from([version === '3.1' ? 3 : version === '3.1.1' ? 4 : 5, flags, 0, 60]),
    ...(five ? [Buffer.from([list.length]), list] : []),
    text(clientId),
    ...(will ? [...(five ? [Buffer.from([0])] : []), text('ZZMARK/topic'), text('ZZMARK payload')] : []),
    ...(user ? [text(user)] : []),
    ...(password ? [text(password)] : []),
  ];
  return packet(0x10, Buffer.concat(parts));
}

const connack = (version: Version, code: number) =>
  packet(0x20, Buffer.from(version === '5' ? [0, code, 0] : [0, code]));
const publish = packet(0x30, Buffer.concat([text('ZZMARK/patient'), Buffer.alloc(500, 'ZZMARK')]));

const login: Login = { user: 'zzmarkuser', password: 'zzmarkpass', will: true };
const conversation = (version: Version, given: Login, code: number): Step[] => [
  ['client', connect(version, given)],
  ['server', connack(version, code)],
  ['client', publish],
];

describe.each(['3.1', '3.1.1', '5'] as const)('version %s', (version) => {
  it('tells a login and its outcome', () => {
    const lines = (code: number) => factLines(runStream(mqtt, conversation(version, login, code)));
    const sides = [
      `mqtt.client client {"clientId":"pump-17","version":"${version}"}`,
      `mqtt.server server {"version":"${version}"}`,
    ];
    const credential = (outcome: string) =>
      `credential.cleartext server {"protocol":"mqtt","field":"CONNECT","outcome":"${outcome}"}`;
    expect(lines(0)).toEqual([...sides, credential('accepted')]);
    expect(lines(version === '5' ? 0x86 : 4)).toEqual([...sides, credential('refused')]);
    expect(lines(3)).toEqual([...sides, credential('unknown')]);
  });

  it('tells that anybody is let in', () => {
    const operation = { protocol: 'mqtt', operation: 'CONNECT' };
    const last = (code: number) => runStream(mqtt, conversation(version, {}, code)).sightings.at(-1);
    expect(last(0)).toMatchObject({
      kind: 'service.unauthenticated',
      subject: { ip: '10.0.0.2' },
      facts: operation,
    });
    expect(last(5)?.kind).toBe('mqtt.server');
  });

  it('says the same in any segmentation', () =>
    expectSameInAnySegmentation(mqtt, conversation(version, login, 0)));
  it('lets neither login nor topic out', () =>
    expectNothingLeaks(runStream(mqtt, conversation(version, login, 0)), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(mqtt, conversation(version, login, 0));
    expectDamageHolds(mqtt, conversation(version, login, 0));
  });
});

it('does not call enhanced authentication nobody', () => {
  const properties = Buffer.concat([Buffer.from([0x11, 0, 0, 0, 9, 0x15]), text('SCRAM-SHA-1')]);
  const said = runStream(mqtt, conversation('5', { properties }, 0));
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['mqtt.client', 'mqtt.server']);
});

it('takes no answer from the side that asked', () => {
  const said = runStream(mqtt, [
    ['client', connect('3.1.1', login)],
    ['client', connack('3.1.1', 0)],
  ]);
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['mqtt.client', 'credential.cleartext']);
  expect(said.sightings.at(-1)?.facts).toMatchObject({ outcome: 'unknown' });
});

it('states no client id that repeats the login', () => {
  const repeating = { ...login, clientId: 'dev-ZZMARKUSER-1' };
  expect(factLines(runStream(mqtt, conversation('5', repeating, 0)))[0]).toContain('"clientId":""');
});

it('skips what is published without holding it', () => {
  const long = packet(0x30, Buffer.alloc(200_000, 1));
  const steps: Step[] = [
    ['client', connect('5', {})],
    ['client', long],
    ['server', connack('5', 0)],
  ];
  expect(runStream(mqtt, steps, { seed: 1 }).sightings).toHaveLength(3);
});

it('reads a login just within the bound and passes one just beyond', () => {
  const overhead = connect('3.1.1', { user: 'u', password: 'p' }).length - 1 + 2;
  const kinds = (length: number) => {
    const given = { user: 'u', password: 'x'.repeat(length) };
    return runStream(mqtt, conversation('3.1.1', given, 0)).sightings.map(({ kind }) => kind);
  };
  expect(kinds(MAX_CONNECT - overhead)).toContain('credential.cleartext');
  expect(kinds(MAX_CONNECT - overhead + 1)).toEqual([]);
});

it.each([
  [[0x10, 0x10, 0, 4, 0x4d, 0x51, 0x54, 0x58, 4]],
  [[0x20, 2, 0, 0]],
  [[0x10, 0xff, 0xff, 0xff, 0xff, 1]],
])('does not take %j for MQTT', (bytes) =>
  expect(runStream(mqtt, [['client', Uint8Array.from(bytes)]]).recognised).toBe('no'),
);
