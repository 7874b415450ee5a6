import { describe, expect, it } from 'vitest';
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
import { amqp } from './index.ts';
import { MAX_FRAME } from './limits.ts';

const u32 = (value: number) => bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const long = (content: string | Uint8Array) => bytes(u32(content.length), content);
const short = (content: string) => bytes(content.length, content);
const entry = (name: string, value: string) => bytes(short(name), 'S', long(value));
const table = (...entries: Uint8Array[]) => long(bytes(...entries));
const frame = (method: number, ...content: Uint8Array[]) => {
  const body = bytes(0, 10, 0, method, ...content);
  return bytes(1, 0, 0, u32(body.length), body, 0xce);
};
const start = frame(
  10,
  bytes(0, 9),
  table(
    bytes(short('capabilities'), 'F', table(bytes(short('basic.nack'), 't', 1))),
    entry('cluster_name', 'rabbit@broker-1.ward.example'),
    entry('product', 'RabbitMQ'),
    entry('version', '3.10.8'),
    entry('platform', 'Erlang/OTP 25'),
  ),
  long('PLAIN AMQPLAIN'),
  long('en_US'),
);
const startOk = (mechanism: string, response: string | Uint8Array) =>
  frame(
    11,
    table(entry('product', 'ACME'), entry('connection_name', 'zzmark')),
    short(mechanism),
    long(response),
    short('en_US'),
  );
const tune = frame(30, bytes(0, 0, 0, 0, 0, 0, 0, 0));
const header: Step = ['client', bytes('AMQP', 0, 0, 9, 1)];
const login = startOk('PLAIN', '\0zzmark\0ZZMARKpw');
const old: Step[] = [
  header,
  ['server', start],
  ['client', login],
  ['server', tune],
  ['client', frame(31, new Uint8Array(8))],
  ['client', frame(40, short('/ward'), bytes(0, 0))],
  ['client', 'ZZMARK message'],
];

const performative = (type: number, descriptor: number, ...values: Uint8Array[]) => {
  const list = bytes(values.length, ...values);
  const body = bytes(0, 0x53, descriptor, 0xc0, list.length, list);
  return bytes(u32(8 + body.length), 2, type, 0, 0, body);
};
const symbol = (text: string) => bytes(0xa3, short(text));
const empty = bytes(0x40);
const properties = bytes(symbol('product'), 0xa1, short('qpid'), symbol('n'), 0x54, 1);
const map = bytes(0xc1, properties.length + 1, 4, properties);
const open = performative(
  0,
  0x10,
  bytes(0xa1, short('zzmark')),
  ...Array.from({ length: 8 }, () => empty),
  map,
);
const sasl = bytes('AMQP', 3, 1, 0, 0);
const plain = bytes('AMQP', 0, 1, 0, 0);
const recent: Step[] = [
  ['client', sasl],
  ['server', sasl],
  ['server', performative(1, 0x40, bytes(0xe0, 8, 1, 0xa3, short('PLAIN')))],
  ['client', performative(1, 0x41, symbol('PLAIN'), bytes(0xa0, 15, '\0zzmark\0ZZMARKp'))],
  ['server', performative(1, 0x44, bytes(0x50, 0))],
  ['client', plain],
  ['server', plain],
  ['client', open],
  ['server', open],
];
const tls: Step[] = [
  ['client', bytes('AMQP', 2, 1, 0, 0)],
  ['server', bytes('AMQP', 2, 1, 0, 0)],
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];

it('tells broker, client and login of 0-9-1', () => {
  const said = runStream(amqp, old);
  expect(factLines(said)).toEqual([
    'amqp.server server {"version":"0-9-1","product":"RabbitMQ","release":"3.10.8","platform":"Erlang/OTP 25","hostname":"broker-1.ward.example","mechanisms":["PLAIN","AMQPLAIN"]}',
    'amqp.client client {"version":"0-9-1","product":"ACME"}',
    'credential.cleartext server {"protocol":"amqp","field":"SASL PLAIN","outcome":"accepted"}',
  ]);
  expect(said).toMatchObject({ notes: { vhost: '/ward' }, protection: 'clear', malformed: {} });
});

it('tells a refused login, one in AMQP’s own form, and nobody let in', () => {
  const told = (answer: Uint8Array, reply: Uint8Array) =>
    runStream(amqp, [header, ['client', answer], ['server', reply]]).sightings.at(-1);
  const own = bytes(entry('LOGIN', 'zzmark'), entry('PASSWORD', 'zzmark'));
  expect(told(startOk('AMQPLAIN', own), frame(50, bytes(403 >> 8, 403 & 255)))?.facts).toMatchObject({
    field: 'SASL AMQPLAIN',
    outcome: 'refused',
  });
  expect(told(startOk('ANONYMOUS', ''), tune)?.kind).toBe('service.unauthenticated');
});

it('tells the same of 1.0', () =>
  expect(factLines(runStream(amqp, recent))).toEqual([
    'amqp.server server {"version":"1.0","mechanisms":["PLAIN"]}',
    'credential.cleartext server {"protocol":"amqp","field":"SASL PLAIN","outcome":"accepted"}',
    'amqp.client client {"version":"1.0","product":"qpid"}',
    'amqp.server server {"version":"1.0","product":"qpid"}',
  ]));

it('goes on as TLS', () => expect(runStream(amqp, tls).protection).toBe('tls1.2'));

describe.each(Object.entries({ old, recent, tls }))('%s', (_, steps) => {
  it('says the same in any segmentation', () => expectSameInAnySegmentation(amqp, steps));
  it('lets no login out', () => expectNothingLeaks(runStream(amqp, steps), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(amqp, steps);
    expectDamageHolds(amqp, steps);
  });
});

it('reads a frame just within the bound and leaves at one just beyond', () => {
  const after = (size: number): number =>
    runStream(amqp, [
      header,
      ['server', bytes(8, 0, 0, u32(size), new Uint8Array(size), 0xce)],
      ['server', start],
    ]).sightings.length;
  expect(after(MAX_FRAME)).toBe(1);
  expect(after(MAX_FRAME + 1)).toBe(0);
});

it.each([[bytes('AMQP', 1, 1, 0, 9)], [bytes('AMQX')], [bytes('GET /')]])(
  'does not take %j for AMQP',
  (first) => expect(runStream(amqp, [['client', first]]).recognised).toBe('no'),
);
