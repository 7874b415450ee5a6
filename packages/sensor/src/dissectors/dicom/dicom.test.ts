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
import {
  accept,
  BIG,
  CT_STORAGE,
  command,
  data,
  EXPLICIT,
  element,
  elementHead,
  IMPLICIT,
  reject,
  release,
  request,
  STUDY_FIND,
} from './building.ts';
import { dicom } from './index.ts';
import { MAX_COMMAND, MAX_VALUE } from './limits.ts';

const UNDEFINED = 0xffffffff;
const [releaseRequest, releaseResponse] = release();

/** A CT image whose people are all called ZZMARK, with sequences of both kinds in its way. */
function image(syntax: string, station = 'CT01'): Buffer {
  const e = (tag: number, vr: string, value: string) => element(syntax, tag, vr, value);
  const nested = e(0x00100010, 'PN', 'ZZMARK^NESTED');
  return Buffer.concat([
    e(0x00080016, 'UI', CT_STORAGE),
    e(0x00080050, 'SH', 'ZZMARKACC'),
    e(0x00080060, 'CS', 'CT'),
    e(0x00080070, 'LO', 'ACME Medical'),
    e(0x00080080, 'LO', 'St. Example'),
    e(0x00080090, 'PN', 'ZZMARK^REF'),
    e(0x00081010, 'SH', station),
    e(0x00081040, 'LO', 'Radiology'),
    e(0x00081090, 'LO', 'Scanner 9000'),
    elementHead(syntax, 0x00081110, 'SQ', UNDEFINED),
    elementHead(syntax, 0xfffee000, '', UNDEFINED),
    nested,
    elementHead(syntax, 0xfffee00d, '', 0),
    elementHead(syntax, 0xfffee000, '', nested.length),
    nested,
    elementHead(syntax, 0xfffee0dd, '', 0),
    element(
      syntax,
      0x00081140,
      'SQ',
      Buffer.concat([elementHead(syntax, 0xfffee000, '', nested.length), nested]),
    ),
    e(0x00100010, 'PN', 'ZZMARK^PAT'),
    e(0x00100020, 'LO', 'ZZMARK123'),
    e(0x00100030, 'DA', '19700101'),
    e(0x00100040, 'CS', 'M'),
    e(0x00101040, 'LO', 'ZZMARK street'),
    e(0x00102154, 'SH', 'ZZMARK555'),
    e(0x00104000, 'LT', 'ZZMARK comment'),
    e(0x00181000, 'LO', 'SN-777'),
    e(0x00181002, 'UI', '1.2.3.9'),
    e(0x00181020, 'LO', 'v1.2\\v3.4'),
    element(syntax, 0x7fe00010, 'OW', Buffer.alloc(20_000, 7)),
  ]);
}

function store(object: Buffer, extra: { moveOriginator?: string } = {}): Step[] {
  const asked = command({ field: 1, sopClass: CT_STORAGE, hasDataset: true, ...extra });
  return [
    ['client', Buffer.concat([data(1, true, asked), data(1, false, object, 3000)])],
    ['server', data(1, true, command({ field: 0x8001, status: 0 }))],
  ];
}

function conversation(syntax: string, object = image(syntax)): Step[] {
  const contexts: [string, ...string[]][] = [[CT_STORAGE, syntax]];
  return [
    ['client', request({ contexts })],
    ['server', accept({ contexts })],
    ...store(object),
    ['client', releaseRequest],
    ['server', releaseResponse],
  ];
}

const people = ['AccessionNumber', 'ReferringPhysicianName', 'PatientName', 'PatientID', 'PatientBirthDate']
  .concat(['PatientSex', 'PatientAddress', 'PatientTelephoneNumbers', 'PatientComments'])
  .map((field) => `phi.cleartext client {"protocol":"dicom","field":"${field}"}`);

const equipment = {
  sopClass: CT_STORAGE,
  modality: 'CT',
  manufacturer: 'ACME Medical',
  institution: 'St. Example',
  stationName: 'CT01',
  department: 'Radiology',
  model: 'Scanner 9000',
  serial: 'SN-777',
  deviceUid: '1.2.3.9',
  softwareVersions: 'v1.2\\v3.4',
  sentByCreator: true,
};

function equipmentIn(steps: Step[]): unknown[] {
  const { sightings } = runStream(dicom, steps);
  return sightings.filter(({ kind }) => kind === 'dicom.equipment').map(({ facts }) => facts);
}

describe.each([
  ['implicit little endian', IMPLICIT],
  ['explicit little endian', EXPLICIT],
  ['explicit big endian', BIG],
  ['encapsulated JPEG', '1.2.840.10008.1.2.4.50'],
])('a stored object in %s', (_, syntax) => {
  const steps = conversation(syntax);

  it('tells both sides, the equipment and the fields that name people', () => {
    const said = runStream(dicom, steps);
    const sides = {
      result: 'accepted',
      implementationClassUid: '1.2.276.0.1',
      implementationVersion: 'TOOLKIT_1',
      abstractSyntaxes: [CT_STORAGE],
      userIdentity: false,
    };
    expect(factLines(said)).toEqual([
      `dicom.association server ${JSON.stringify({ role: 'acceptor', aeTitle: 'PACS', peerAeTitle: 'CT01', ...sides })}`,
      `dicom.association client ${JSON.stringify({ role: 'requestor', aeTitle: 'CT01', peerAeTitle: 'PACS', ...sides })}`,
      ...people,
      `dicom.equipment client ${JSON.stringify(equipment)}`,
      'service.unauthenticated server {"protocol":"dicom","operation":"C-STORE"}',
    ]);
    expect(said).toMatchObject({
      protection: 'clear',
      notes: { calledAe: 'PACS', callingAe: 'CT01' },
      malformed: {},
    });
  });

  it('says the same in any segmentation', () => expectSameInAnySegmentation(dicom, steps));
  it('lets no name or number of a person out', () => expectNothingLeaks(runStream(dicom, steps), 'ZZMARK'));
});

it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(dicom, conversation(EXPLICIT));
  expectDamageHolds(dicom, conversation(EXPLICIT));
  expectDamageHolds(dicom, conversation(IMPLICIT));
});

it('skips a deflated dataset', () => {
  const steps = conversation('1.2.840.10008.1.2.1.99', Buffer.alloc(500, 8));
  const said = runStream(dicom, steps);
  expect(said.sightings.map(({ kind }) => kind)).not.toContain('phi.cleartext');
  expect(said.malformed).toEqual({});
});

it('stops where elements are not in ascending order, and counts it', () => {
  const names = [element(EXPLICIT, 0x00100020, 'LO', '1'), element(EXPLICIT, 0x00100010, 'PN', 'A')];
  const said = runStream(dicom, conversation(EXPLICIT, Buffer.concat(names)));
  const fields = said.sightings.flatMap(({ kind, facts }) => (kind === 'phi.cleartext' ? [facts.field] : []));
  expect(fields).toEqual(['PatientID']);
  expect(said.malformed).toEqual({ 'dicom-dataset': 1 });
});

describe('who sent an object', () => {
  const creator = (steps: Step[]) =>
    equipmentIn(steps).map((facts) => (facts as { sentByCreator: boolean }).sentByCreator);
  const open = (contexts: [string, ...string[]][]): Step[] => [
    ['client', request({ contexts })],
    ['server', accept({ contexts })],
  ];

  it('is not its equipment where the object answers a C-MOVE', () => {
    const steps = [...open([[CT_STORAGE, IMPLICIT]]), ...store(image(IMPLICIT), { moveOriginator: 'WS' })];
    expect(creator(steps)).toEqual([false]);
  });

  it('is not its equipment where the association also queries', () => {
    const contexts: [string, ...string[]][] = [
      [CT_STORAGE, IMPLICIT],
      [STUDY_FIND, IMPLICIT],
    ];
    expect(creator([...open(contexts), ...store(image(IMPLICIT))])).toEqual([false]);
  });

  it('is not its equipment for the second station of one association', () => {
    const two = [...store(image(IMPLICIT, 'MR7')), ...store(image(IMPLICIT, 'MR8'))];
    expect(creator([...open([[CT_STORAGE, IMPLICIT]]), ...two])).toEqual([true, false]);
  });

  it('is unknown, and so not claimed, where the association was missed', () => {
    expect(creator(store(image(IMPLICIT)))).toEqual([false]);
    expect(creator(store(image(EXPLICIT)))).toEqual([false]);
  });

  it('is not its equipment where the acceptor sends it (C-GET)', () => {
    const stored = store(image(IMPLICIT)).map(
      ([from, bytes]): Step => [from === 'client' ? 'server' : 'client', bytes as Uint8Array],
    );
    const said = runStream(dicom, [...open([[CT_STORAGE, IMPLICIT]]), ...stored]);
    expect(said.sightings.find(({ kind }) => kind === 'dicom.equipment')).toMatchObject({
      subject: { ip: '10.0.0.2' },
      facts: { sentByCreator: false },
    });
    expect(said.sightings.map(({ kind }) => kind)).not.toContain('service.unauthenticated');
  });
});

describe('user identity', () => {
  const identity: [number, string, string] = [2, 'zzmarkuser', 'zzmarkpass'];
  const known = [{ user: 'zzmarkuser', secret: 'zzmarkpass', label: 'the default' }];
  const outcome = (answer: Buffer) => {
    const said = runStream(
      dicom,
      [
        ['client', request({ identity })],
        ['server', answer],
      ],
      { known },
    );
    expectNothingLeaks(said, 'zzmark');
    return said.sightings.find(({ kind }) => kind === 'credential.cleartext')?.facts;
  };

  it('is accepted where the answer says so', () => {
    expect(outcome(accept({ answersIdentity: true }))).toMatchObject({
      field: 'UserIdentity',
      outcome: 'accepted',
      knownDefault: 'the default',
    });
  });
  it('is unknown where it was not looked at', () =>
    expect(outcome(accept())).toMatchObject({ outcome: 'unknown' }));
  it('is refused with the association', () =>
    expect(outcome(reject(2, 1))).toMatchObject({ outcome: 'refused' }));

  it('makes a service one that asks', () => {
    const steps: Step[] = [
      ['client', request({ identity })],
      ['server', accept()],
      ...store(image(IMPLICIT)),
    ];
    expect(runStream(dicom, steps).sightings.map(({ kind }) => kind)).not.toContain(
      'service.unauthenticated',
    );
  });
});

describe('queries', () => {
  const ask = (name: string): Step[] => {
    const keys = Buffer.concat([
      element(IMPLICIT, 0x00100010, 'PN', name),
      element(IMPLICIT, 0x00100020, 'LO', ''),
    ]);
    const asked = command({ field: 0x20, sopClass: STUDY_FIND, hasDataset: true });
    const contexts: [string, ...string[]][] = [[STUDY_FIND, IMPLICIT]];
    return [
      ['client', request({ contexts })],
      ['server', accept({ contexts })],
      ['client', Buffer.concat([data(1, true, asked), data(1, false, keys)])],
    ];
  };
  const answer = (status: number): Step => ['server', data(1, true, command({ field: 0x8020, status }))];

  it('carry patient data only where a key has a value', () => {
    const fields = (name: string) =>
      runStream(dicom, ask(name)).sightings.flatMap(({ kind, facts }) =>
        kind === 'phi.cleartext' ? [facts.field] : [],
      );
    expect(fields('ZZMARK*')).toEqual(['PatientName']);
    expect(fields('*')).toEqual([]);
    expect(fields('')).toEqual([]);
  });

  it('that are served without identity are stated once; refused ones are not', () => {
    const operations = (status: number) =>
      runStream(dicom, [...ask('A'), answer(status), answer(status)]).sightings.flatMap(({ kind, facts }) =>
        kind === 'service.unauthenticated' ? [facts.operation] : [],
      );
    expect(operations(0xff00)).toEqual(['C-FIND']);
    expect(operations(0xa700)).toEqual([]);
  });

  it('for an echo disclose nothing', () => {
    const contexts: [string, ...string[]][] = [['1.2.840.10008.1.1', IMPLICIT]];
    const steps: Step[] = [
      ['client', request({ contexts })],
      ['server', accept({ contexts })],
      ['server', data(1, true, command({ field: 0x8030, status: 0 }))],
    ];
    expect(runStream(dicom, steps).sightings.map(({ kind }) => kind)).not.toContain(
      'service.unauthenticated',
    );
  });
});

describe('rejections', () => {
  it('do not confirm a title that was not recognised', () => {
    const said = (source: number, reason: number) =>
      runStream(dicom, [
        ['client', request()],
        ['server', reject(source, reason)],
      ]).sightings.map(({ facts }) => `${String(facts.role)} ${String(facts.result)}`);
    expect(said(1, 7)).toEqual(['requestor rejected']);
    expect(said(1, 3)).toEqual(['acceptor rejected', 'requestor rejected']);
  });
});

describe('bounds', () => {
  it('takes a value just within and passes one just beyond', () => {
    const names = (length: number) => {
      const object = Buffer.concat([element(EXPLICIT, 0x00100010, 'PN', 'x'.repeat(length))]);
      return runStream(dicom, conversation(EXPLICIT, object)).sightings.filter(
        ({ kind }) => kind === 'phi.cleartext',
      );
    };
    expect(names(MAX_VALUE)).toHaveLength(1);
    expect(names(MAX_VALUE + 2)).toHaveLength(0);
  });

  it('counts a command beyond the bound and goes on', () => {
    const long = Buffer.concat([
      command({ field: 1 }),
      element(IMPLICIT, 0x00001031, 'LO', 'x'.repeat(MAX_COMMAND)),
    ]);
    const steps = conversation(IMPLICIT);
    steps.splice(2, 0, ['client', data(1, true, long)]);
    const said = runStream(dicom, steps);
    expect(said.malformed).toEqual({ 'dicom-command': 1 });
    expect(said.sightings.map(({ kind }) => kind)).toContain('dicom.equipment');
  });

  it('goes on behind a gap within pixels and ends at any other', () => {
    const steps = conversation(IMPLICIT, image(IMPLICIT));
    const [from, bytes] = steps[2] as [Step[0], Buffer];
    const within: Step[] = [
      [from, bytes.subarray(0, 8000)],
      [from, { lost: 500 }],
      [from, bytes.subarray(8500)],
    ];
    const said = runStream(dicom, [...steps.slice(0, 2), ...within, ...steps.slice(3)]);
    expect(said.sightings.map(({ kind }) => kind)).toContain('service.unauthenticated');
    const start: Step[] = [
      [from, { lost: 5 }],
      [from, bytes.subarray(5)],
    ];
    expect(runStream(dicom, [...steps.slice(0, 2), ...start]).ended).toBe(true);
  });
});
