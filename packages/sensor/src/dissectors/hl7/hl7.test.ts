import { describe, expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { hl7 } from './index.ts';
import { MAX_SEGMENT } from './limits.ts';

const block = (...segments: string[]) => `\x0b${segments.join('\r')}\r\x1c\r`;

const results = block(
  'MSH|^~\\&|MONITOR^ABCD^EUI-64|ICU3|EHR|HOSPITAL|20261123||ORU^R01^ORU_R01|4711|P|2.6',
  'PID|1|ZZMARK2|ZZMARK3^^^H^MR~ZZMARK3B|ZZMARK4|ZZMARK5^ZZMARK5B||19700101|M|||ZZMARK11^^Town||ZZMARK13|ZZMARK14||||ZZMARK18|ZZMARK19',
  'NK1|1|ZZMARKNK|SPO|ZZMARKSTREET|ZZMARKPHONE',
  `PV1|1|I|3W^12^A${'|'.repeat(16)}ZZMARKVISIT`,
  'GT1|1|ZZMARKGTNO|ZZMARKGT||ZZMARKGTSTREET',
  'IN1|1|PLAN|CO||||||||||||ZZMARK15|ZZMARK16||ZZMARK18',
  'OBX|1|ST|531970^MDC_ID_MODEL_MANUFACTURER^MDC|1.0.0.1|ACME Medical||||||F',
  'OBX|2|ST|531969^MDC_ID_MODEL_NUMBER^MDC|1.0.0.2|Monitor 5||||||F',
  'OBX|3|ST|531972^MDC_ID_PROD_SPEC_SERIAL^MDC|1.0.0.3|SN-99||||||F',
  'OBX|4|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.2.3|72|||||||||||||DEV7^ACME^0003B1000000E34F^EUI-64',
  'PRT|1|UC||EQUIP|ZZMARKDOC^WHO|||||PUMP9^ACME^1.2.3^ISO||||||(01)00844588003288||||SN-1',
);
const answer = (code: string) =>
  block('MSH|^~\\&|EHR|HOSPITAL|MONITOR|ICU3|20261123||ACK^R01|1|P|2.6', `MSA|${code}|4711`);
const conversation: Step[] = [
  ['client', results],
  ['server', answer('AA')],
];

const phi = [
  'PID-2',
  'PID-3',
  'PID-3',
  'PID-4',
  'PID-5',
  'PID-7',
  'PID-8',
  'PID-11',
  'PID-13',
  'PID-14',
  'PID-18',
]
  .concat([
    'PID-19',
    'NK1-2',
    'NK1-4',
    'NK1-5',
    'PV1-19',
    'GT1-2',
    'GT1-3',
    'GT1-5',
    'IN1-16',
    'IN1-18',
    'PRT-5',
  ])
  .map((field) => `phi.cleartext client {"protocol":"hl7","field":"${field}"}`);

it('tells the two applications, the devices named and the fields that name a patient', () => {
  const said = runStream(hl7, conversation);
  const lines = factLines(said);
  expect(lines.filter((line) => line.startsWith('phi'))).toEqual(phi);
  expect(lines.filter((line) => !line.startsWith('phi'))).toEqual([
    'hl7.endpoint client {"role":"sender","application":"MONITOR","facility":"ICU3","messageTypes":["ORU^R01"],"version":"2.6"}',
    'hl7.endpoint server {"role":"receiver","application":"EHR","facility":"HOSPITAL","messageTypes":["ORU^R01"],"version":"2.6"}',
    'hl7.device client {"field":"OBX-18","identifier":"DEV7","namespace":"ACME","universalId":"0003B1000000E34F","universalIdType":"EUI-64"}',
    'hl7.device client {"field":"PRT-10","identifier":"PUMP9","namespace":"ACME","universalId":"1.2.3","universalIdType":"ISO"}',
    'hl7.device client {"field":"PRT-16","udi":"(01)00844588003288","serial":"SN-1"}',
    'hl7.device client {"field":"OBX-5","manufacturer":"ACME Medical","model":"Monitor 5","serial":"SN-99"}',
    'hl7.endpoint server {"role":"sender","application":"EHR","facility":"HOSPITAL","messageTypes":["ACK^R01"],"version":"2.6"}',
    'hl7.endpoint client {"role":"receiver","application":"MONITOR","facility":"ICU3","messageTypes":["ACK^R01"],"version":"2.6"}',
    'service.unauthenticated server {"protocol":"hl7","operation":"ORU^R01"}',
  ]);
  expect(said).toMatchObject({ protection: 'clear', notes: { messageType: 'ORU^R01' }, malformed: {} });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(hl7, conversation));
it('lets no name or number of a person out', () =>
  expectNothingLeaks(runStream(hl7, conversation), 'ZZMARK'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(hl7, conversation);
  expectDamageHolds(hl7, conversation);
});

it('reads other separators', () => {
  const said = runStream(hl7, [['client', block('MSH#*+/%#A#B###X##ADT*A01#1#P#2.3', 'PID###77*H+88')]]);
  expect(factLines(said)).toEqual([
    'hl7.endpoint client {"role":"sender","application":"A","facility":"B","messageTypes":["ADT^A01"],"version":"2.3"}',
    'phi.cleartext client {"protocol":"hl7","field":"PID-3"}',
    'phi.cleartext client {"protocol":"hl7","field":"PID-3"}',
  ]);
});

it('reads the messages of a batch', () => {
  const message = (type: string) => `MSH|^~\\&|A|B|C|D|||${type}|1|P|2.3`;
  const batch = block('FHS|^~\\&|A', 'BHS|^~\\&|A', message('ADT^A01'), message('ADT^A08'), 'BTS|2', 'FTS|1');
  const types = runStream(hl7, [['client', batch]]).sightings.flatMap(({ facts }) => facts.messageTypes);
  expect(types).toEqual(['ADT^A01', 'ADT^A01', 'ADT^A08', 'ADT^A08']);
});

describe('an answer', () => {
  const kinds = (code: string, message = results) =>
    runStream(hl7, [
      ['client', message],
      ['server', answer(code)],
    ]).sightings.map(({ kind, facts }) => `${kind} ${String(facts.outcome ?? '')}`.trim());

  it('that refuses serves nobody', () => expect(kinds('AR')).not.toContain('service.unauthenticated'));
  it('to a message with a security text says what became of that', () => {
    const secured = results.replace('|20261123||', '|20261123|zzsecret|');
    expect(kinds('AA', secured)).toContain('credential.cleartext accepted');
    expect(kinds('AR', secured)).toContain('credential.cleartext refused');
    expect(kinds('AA', secured)).not.toContain('service.unauthenticated');
    expectNothingLeaks(runStream(hl7, [['client', secured]]), 'zzsecret');
  });
});

describe('bounds', () => {
  it('reads a segment just within and passes one just beyond', () => {
    const said = (length: number) => {
      const segment = `PID|||7|${'x'.repeat(length - 8)}`;
      const message = block('MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.3', segment, 'NK1|1|N');
      const options = { seed: 3, longest: 1460 };
      return runStream(hl7, [['client', message]], options).sightings.flatMap(
        ({ facts }) => facts.field ?? [],
      );
    };
    expect(said(MAX_SEGMENT)).toEqual(['PID-3', 'PID-4', 'NK1-2']);
    expect(said(MAX_SEGMENT + 1)).toEqual(['NK1-2']);
  });

  it('skips a document without holding it', () => {
    const message = block(
      'MSH|^~\\&|A|B|C|D|||ORU^R01|1|P|2.3',
      `OBX|1|ED|X||${'x'.repeat(300_000)}`,
      'PID|||7',
    );
    const said = runStream(hl7, [['client', message]], { seed: 1 });
    expect(said.sightings.at(-1)?.facts.field).toBe('PID-3');
    expect(said.ended).toBe(false);
  });

  it('finds the next message behind a gap', () => {
    const said = runStream(hl7, [
      ['client', results.slice(0, 100)],
      ['client', { lost: 400 }],
      ['client', `|rest of it\r\x1c\r${results}`],
    ]);
    expect(said.sightings.filter(({ kind }) => kind === 'hl7.endpoint')).toHaveLength(4);
  });
});

it.each(['\x0bPID|', '\x0bMSHAB', 'MSH|^~\\&|A', '\x0c'])('does not take %j for HL7', (bytes) => {
  expect(runStream(hl7, [['client', bytes.padEnd(40, '|')]]).recognised).toBe('no');
});
