import { describe, expect, it, test } from 'vitest';
import { hex } from '../../testing/damage.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { modbus } from './index.ts';
import { modbusSpeaker } from './recognise.ts';

const text = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));

function adu(transaction: number, unit: number, ...pdu: (number | Uint8Array)[]): Uint8Array {
  const body = pdu.flatMap((part) => (typeof part === 'number' ? [part] : [...part]));
  return Uint8Array.from([transaction >> 8, transaction & 255, 0, 0, 0, body.length + 1, unit, ...body]);
}

const object = (id: number, value: string) => [id, value.length, ...text(value)];
const identity = Uint8Array.from([
  14,
  1,
  1,
  0,
  0,
  3,
  ...object(0, 'Acme Controls'),
  ...object(1, 'AC-100'),
  ...object(2, 'v2.7'),
]);

const conversation: Step[] = [
  ['client', adu(1, 1, 3, 0, 0, 0, 1)],
  ['server', adu(1, 1, 3, 2, 0xbe, 0xef)],
  ['client', adu(2, 1, 6, 0, 9, 0xbe, 0xef)],
  ['server', adu(2, 1, 6, 0, 9, 0xbe, 0xef)],
  ['client', adu(3, 7, 16, 0, 9, 0, 1, 2, 1, 2)],
  ['server', adu(3, 7, 0x90, 11)],
  ['client', adu(4, 1, 43, 14, 1, 0)],
  ['server', adu(4, 1, 43, identity)],
];

describe('modbus', () => {
  it('tells reads, writes, refusals and what the device is', () => {
    const use = (side: string, unit: number, name: string, access: string) =>
      `modbus.use ${side} {"role":"${side}","unit":${unit},"function":"${name}","access":"${access}"}`;
    expect(factLines(runStream(modbus, conversation))).toEqual([
      use('client', 1, 'read-holding-registers', 'read'),
      use('server', 1, 'read-holding-registers', 'read'),
      use('client', 1, 'write-single-register', 'write'),
      use('server', 1, 'write-single-register', 'write'),
      'service.unauthenticated server {"protocol":"modbus","operation":"write-single-register"}',
      use('client', 7, 'write-multiple-registers', 'write'),
      'modbus.exception server {"unit":7,"function":"write-multiple-registers","exception":"gateway-target-silent"}',
      use('client', 1, 'encapsulated-interface', 'read'),
      use('server', 1, 'encapsulated-interface', 'read'),
      'modbus.identification server {"unit":1,"vendor":"Acme Controls","productCode":"AC-100","revision":"v2.7"}',
    ]);
  });

  it('calls no write done that was refused', () => {
    const said = runStream(modbus, conversation.slice(4, 6));
    expect(said.sightings.map(({ kind }) => kind)).not.toContain('service.unauthenticated');
  });

  it('says the same in any segmentation', () => expectSameInAnySegmentation(modbus, conversation));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(modbus, conversation);
    expectDamageHolds(modbus, conversation);
  });

  it('needs request and answer away from its port, and one of them on it', () => {
    const only = (port: number) =>
      runStream(modbus, conversation.slice(0, 1), { around: { serverPort: port } }).recognised;
    expect(only(1234)).toBe('more');
    expect(only(502)).toBe('yes');
  });

  test.each([
    ['a length that its function cannot have', adu(1, 1, 3, 0, 0, 0)],
    ['another protocol identifier', hex('0001 0001 0006 01 03 0000 0001')],
    ['an empty message', hex('0001 0000 0001 01')],
    ['zeros', new Uint8Array(32)],
    ['a function that nobody assigned', adu(1, 1, 99, 0, 0, 0, 1)],
  ])('does not take %s for it', (_, bytes) => {
    const around = { serverPort: 502 };
    expect(runStream(modbus, [['client', bytes]], { around }).recognised).toBe('no');
  });

  test.each([
    [conversation[0]![1], 'client'],
    [conversation[1]![1], 'server'],
    [conversation[2]![1], null],
    [conversation[5]![1], 'server'],
  ])('speaker', (bytes, side) => expect(modbusSpeaker(bytes as Uint8Array)).toBe(side));

  it('leaves a connection whose framing is lost', () => {
    const said = runStream(modbus, [...conversation.slice(0, 2), ['client', text('GET / HTTP/1.1')]]);
    expect(said).toMatchObject({ ended: true, malformed: { 'modbus-header': 1 } });
  });
});
