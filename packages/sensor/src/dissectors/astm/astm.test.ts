import { describe, expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { astm } from './index.ts';
import { MAX_FRAME, MAX_RECORD } from './limits.ts';

const sumOf = (text: string) => text.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 256;
const hexOf = (sum: number) => sum.toString(16).toUpperCase().padStart(2, '0');
function frame(number: number, text: string, end = '\x03'): string {
  const body = `${number}${text}${end}`;
  return `\x02${body}${hexOf(sumOf(body))}\r\n`;
}

const header = 'H|\\^&|||ARCHITECT^8.10^F3453010030^H1P1O1R1C1Q1L1|ZZMARKSTREET||||LIS||P|1|20261125\r';
const patient = 'P|1|ZZMARK3|ZZMARK4||ZZMARK6^ZZMARK6B||19700101|F||ZZMARK11\r';
const order = 'O|1|ZZMARKSPECIMEN||^^^GLU|R\r';
const result = 'R|1|^^^GLU|5.1|mmol/L||N||F||ZZMARKOPERATOR|20261125|20261125|i2000^A1\r';
const transfer = (...texts: string[]): Step[] => [
  ['client', '\x05'],
  ['server', '\x06'],
  ...texts.flatMap((text, at): Step[] => [
    ['client', frame((at + 1) % 8, text)],
    ['server', '\x06'],
  ]),
  ['client', '\x04'],
];
const conversation = transfer(header, patient, order, result, 'L|1|N\r');

it('tells the instrument, the fields that name a patient, and a receiver that asks nobody', () => {
  const said = runStream(astm, conversation);
  expect(factLines(said)).toEqual(
    [
      ...['P-3', 'P-4', 'P-6', 'P-8', 'P-9', 'P-11', 'O-3'].map(
        (field) => `phi.cleartext client {"protocol":"astm","field":"${field}"}`,
      ),
      'service.unauthenticated server {"protocol":"astm","operation":"orders"}',
      'service.unauthenticated server {"protocol":"astm","operation":"results"}',
      'astm.endpoint client {"role":"instrument","senderName":"ARCHITECT","senderParts":["8.10","F3453010030","H1P1O1R1C1Q1L1"],"software":"8.10","serial":"F3453010030","processing":"P","version":"1","instruments":["i2000^A1"],"recordTypes":["H","P","O","R","L"]}',
    ].sort((a, b) => order3(a) - order3(b)),
  );
  expect(said).toMatchObject({ protection: 'clear', malformed: {}, ended: false });
});
/** Answers come between the frames, so that a service is stated as soon as it has served. */
const order3 = (line: string) => (line.startsWith('phi') ? 0 : line.startsWith('service') ? 1 : 2);

it('says the same in any segmentation', () => expectSameInAnySegmentation(astm, conversation));
it('lets no name, number, operator or address out', () =>
  expectNothingLeaks(runStream(astm, conversation), 'ZZMARK'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(astm, conversation);
  expectDamageHolds(astm, conversation);
});

it('hashes the access password, and does not call that service open', () => {
  const said = runStream(astm, transfer(header.replace('|||A', '||ZZSECRET|A'), result));
  expectNothingLeaks(said, 'ZZSECRET');
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['credential.cleartext', 'astm.endpoint']);
});

it('takes the sender of orders alone for the information system', () => {
  const steps: Step[] = [
    ['server', `\x05${frame(1, 'H@!~*@@@HOST\r')}${frame(2, 'P@1@ZZ3\r')}${frame(3, 'O@1@S7\r')}\x04`],
  ];
  expect(factLines(runStream(astm, steps))).toEqual([
    'phi.cleartext server {"protocol":"astm","field":"P-3"}',
    'phi.cleartext server {"protocol":"astm","field":"O-3"}',
    'astm.endpoint server {"role":"host","senderName":"HOST","recordTypes":["H","P","O"]}',
  ]);
});

it('joins a record from the frames that it was cut into', () => {
  const steps: Step[] = [
    [
      'client',
      `\x05${frame(1, header.slice(0, 20), '\x17')}${frame(2, header.slice(20))}${frame(3, 'L|1\r')}`,
    ],
  ];
  expect(runStream(astm, steps).sightings.at(-1)?.facts).toMatchObject({ serial: 'F3453010030' });
});

it('takes records without frames, also within the blocks of MLLP', () => {
  for (const text of [`${header}Q|1|^ZZ9\rL|1\r`, `\x0b${header}Q|1|^ZZ9\rL|1\r\x1c\r`]) {
    const said = runStream(astm, [['client', text]]);
    expect(factLines(said).map((line) => line.split(' ')[0])).toEqual(['phi.cleartext', 'astm.endpoint']);
    expect(said.malformed).toEqual({});
  }
});

it('counts a wrong checksum and leaves the frame out', () => {
  const bad = frame(2, patient).replace(/..\r\n$/, '00\r\n');
  const said = runStream(astm, [['client', `\x05${frame(1, header)}${bad}${frame(3, 'L|1\r')}`]]);
  expect(said.malformed).toEqual({ 'astm-checksum': 1 });
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['astm.endpoint']);
});

it('does not report a query for everybody as a patient', () => {
  expect(runStream(astm, transfer(header, 'Q|1|ALL\r')).sightings.map(({ kind }) => kind)).not.toContain(
    'phi.cleartext',
  );
});

describe('bounds', () => {
  const types = (text: string) =>
    runStream(astm, [['client', `\x05${frame(1, header)}${frame(2, text)}${frame(3, 'L|1\r')}`]]);
  it('reads a record just within and leaves one beyond', () => {
    const record = (length: number) => `R|1|${'x'.repeat(length - 4)}`;
    expect(types(record(MAX_RECORD)).sightings.at(-1)?.facts.role).toBe('instrument');
    expect(types(record(MAX_RECORD + 1)).sightings.at(-1)?.facts.role).toBe('unknown');
  });
  it('reads a frame just within and counts one beyond', () => {
    const text = (length: number) => `R|1\r${'x\r'.repeat((length - 4) / 2)}`;
    expect(types(text(MAX_FRAME - 2)).malformed).toEqual({});
    expect(types(text(MAX_FRAME + 2)).malformed).toEqual({ 'astm-frame': 1 });
  });
});

it.each([
  '\x05\x02\x00\x02',
  '\x05\x01\x00',
  'HEAD / HTTP/1.1\r\n',
  'HELO x\r\n',
  '\x02\x31H|||||',
  '\x06\x06\x06\x06x',
  'H|\\^&x',
])('does not take %j for ASTM', (text) => expect(runStream(astm, [['client', text]]).recognised).toBe('no'));
it('makes up its mind from neither enquiry nor answer', () => {
  expect(
    runStream(astm, [
      ['client', '\x05'],
      ['server', '\x06'],
    ]).recognised,
  ).toBe('more');
});
