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
import { http } from './index.ts';
import { BODY_SAMPLE, MAX_HEAD } from './limits.ts';

const request = (line: string, fields: string[] = [], body = '') =>
  [
    `${line} HTTP/1.1`,
    'Host: pump.example:8080',
    ...(body ? [`Content-Length: ${body.length}`] : []),
    ...fields,
    '',
    body,
  ].join('\r\n');
const response = (status: number, fields: string[] = [], body = '') =>
  [`HTTP/1.1 ${status} Text`, `Content-Length: ${body.length}`, ...fields, '', body].join('\r\n');
const pair = (asked: string, answered: string): Step[] => [
  ['client', asked],
  ['server', answered],
];
const basic = `Authorization: Basic ${Buffer.from('zzmarkuser:zzmark:pass').toString('base64')}`;
const patient = JSON.stringify({
  resourceType: 'Patient',
  id: 'ZZMARKID',
  name: [{ use: 'official', family: 'ZZMARK', given: ['ZZMARKG'] }],
  telecom: [{ system: 'phone', value: 'ZZMARK555' }],
  birthDate: '1970-01-01',
  address: [{ line: ['ZZMARK street'] }],
  identifier: [{ system: 'urn:x', value: 'ZZMARK777' }],
});
const fhir = 'Content-Type: application/fhir+json';
const json = 'Content-Type: application/json';
const form = 'Content-Type: application/x-www-form-urlencoded';

const conversation: Step[] = [
  ...pair(
    request('GET /ZZMARK/index?PatientID=ZZMARK9&x=1', [
      'User-Agent: ACME-Console/2.0',
      'Cookie: theme=1; JSESSIONID=zzmarksession',
    ]),
    response(401, ['Server: GoAhead-Webs', 'WWW-Authenticate: Basic realm="Pump 5"'], 'no'),
  ),
  ...pair(request('GET /', [basic]), response(200, ['Server: GoAhead-Webs', 'X-Powered-By: ACME'], 'yes')),
  ...pair(request('POST /login', [form], 'username=zzmarkuser&password=zzmark%70ass'), response(302)),
  ...pair(
    request('POST /api/login', [json], '{"user":{"login":"zzmarkuser","pwd":"zzmarkpw"}}'),
    response(403),
  ),
  ...pair(request('GET /fhir/Patient/ZZMARKID'), response(200, [fhir], patient)),
  [
    'client',
    request('GET /fhir/Patient?name=ZZMARK', ['Authorization: Bearer zzmarktoken']) + request('HEAD /a'),
  ],
  [
    'server',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${fhir}\r\n\r\n5;x=1\r\n{"a":\r\n2\r\n1}\r\n0\r\nTrailer: x\r\n\r\n`,
  ],
  ['server', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'],
  ...pair(
    request('PUT /upload/ZZMARK.bin', [], `\x27\x05\x19\x56${'z'.repeat(60)}`),
    'HTTP/1.1 100 Continue\r\n\r\n',
  ),
  ['server', response(204)],
];

it('tells software, names, logins, interfaces, patient fields and firmware', () => {
  const said = runStream(http, conversation);
  const credential = (field: string, outcome: string) =>
    `credential.cleartext server {"protocol":"http","field":"${field}","outcome":"${outcome}"}`;
  const phi = (side: string, field: string) => `phi.cleartext ${side} {"protocol":"http","field":"${field}"}`;
  expect(factLines(said)).toEqual([
    'http.client client {"userAgent":"ACME-Console/2.0"}',
    'http.host server {"host":"pump.example"}',
    phi('client', 'query PatientID'),
    'http.server server {"server":"GoAhead-Webs","realm":"Pump 5","scheme":"Basic"}',
    credential('Cookie', 'unknown'),
    'http.refusal server {"status":401}',
    'http.server server {"server":"GoAhead-Webs","poweredBy":"ACME"}',
    credential('Authorization', 'accepted'),
    credential('form password', 'unknown'),
    credential('json password', 'refused'),
    'http.refusal server {"status":403}',
    phi('client', 'Patient.id'),
    'http.api server {"api":"fhir"}',
    'fhir.access server {"resource":"Patient","operation":"read"}',
    'service.unauthenticated server {"protocol":"http","operation":"fhir read"}',
    ...['id', 'name', 'name', 'telecom', 'birthDate', 'address', 'identifier'].map((name) =>
      phi('server', `Patient.${name}`),
    ),
    phi('client', 'query Patient.name'),
    credential('Authorization: Bearer', 'accepted'),
    'fhir.access server {"resource":"Patient","operation":"search"}',
    'firmware.cleartext client {"protocol":"http","image":"uimage","bytes":64}',
  ]);
  expect(said).toMatchObject({
    protection: 'clear',
    notes: { host: 'pump.example' },
    malformed: {},
    ended: false,
  });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(http, conversation));
it('lets no path, query, login, token, session or body out', () =>
  expectNothingLeaks(runStream(http, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(http, conversation);
  expectDamageHolds(http, conversation);
});

describe('credentials', () => {
  const outcomes = (fields: string[], status: number) =>
    runStream(http, pair(request('GET /', fields), response(status))).sightings.flatMap(({ kind, facts }) =>
      kind === 'credential.cleartext' ? [`${String(facts.field)} ${String(facts.outcome)}`] : [],
    );
  it.each([
    [200, 'accepted'],
    [304, 'accepted'],
    [401, 'refused'],
    [403, 'unknown'],
    [500, 'unknown'],
  ])('with status %i are %s', (status, outcome) => {
    expect(outcomes([basic], status)).toEqual([`Authorization ${outcome}`]);
  });
  it('for a proxy are refused by 407', () => {
    expect(outcomes([basic.replace('Auth', 'Proxy-Auth')], 407)).toEqual(['Proxy-Authorization refused']);
  });
  it('of a digest are not in clear, and still not nobody’s', () => {
    const digest = 'Authorization: Digest username="zzmark", realm="x", response="00"';
    const said = runStream(http, pair(request('GET /fhir/Patient', [digest]), response(200, [fhir])));
    expect(said.sightings.map(({ kind }) => kind)).toEqual(['http.host', 'http.api', 'fhir.access']);
    expectNothingLeaks(said, 'zzmark');
  });
  it('of a known default are named, colons in passwords included', () => {
    const known = [{ user: 'zzmarkuser', secret: 'zzmark:pass', label: 'ACME' }];
    const said = runStream(http, pair(request('GET /', [basic]), response(200)), { known });
    expect(said.sightings.at(-1)?.facts).toMatchObject({ knownDefault: 'ACME' });
  });
  it('without an answer have no outcome', () => {
    expect(runStream(http, [['client', request('GET /', [basic])]]).sightings.at(-1)?.facts.outcome).toBe(
      'unknown',
    );
  });
});

describe('an interface with patient data', () => {
  const kinds = (asked: string, answered: string) =>
    runStream(http, pair(asked, answered)).sightings.flatMap(({ kind, facts }) =>
      kind === 'http.api'
        ? [String(facts.api)]
        : kind === 'service.unauthenticated'
          ? [`open ${String(facts.operation)}`]
          : [],
    );
  it.each([
    [
      'GET /dicom-web/studies',
      [],
      'Content-Type: application/dicom+json',
      ['dicomweb', 'open dicomweb read'],
    ],
    [
      'POST /x/studies',
      ['Content-Type: multipart/related; type="application/dicom"'],
      json,
      ['dicomweb', 'open dicomweb write'],
    ],
    ['GET /r4/Observation', [], fhir, ['fhir', 'open fhir read']],
    ['GET /fhir/metadata', [], fhir, ['fhir']],
    ['GET /fhir/Patient', [basic], fhir, ['fhir']],
    ['GET /index.html', [], 'Content-Type: text/html', []],
  ])('%s %j answered as %s: %j', (line, fields, type, expected) => {
    expect(kinds(request(line, fields), response(200, [type], '{}'))).toEqual(expected);
  });
  it('is named by its answer where that is plain JSON', () => {
    const statement =
      '{"resourceType":"CapabilityStatement","software":{"name":"ACME FHIR","version":"3.1"}}';
    const said = runStream(http, pair(request('GET /r4/metadata'), response(200, [json], statement)));
    expect(said.sightings.map(({ facts }) => facts)).toContainEqual({
      api: 'fhir',
      software: 'ACME FHIR 3.1',
    });
  });
  it('that asks for a login is not open', () => {
    expect(kinds(request('GET /fhir/Patient'), response(401, [fhir]))).toEqual(['fhir']);
  });
  it('of DICOM JSON shows its patients by keyword', () => {
    const study =
      '[{"00100010":{"vr":"PN","Value":[{"Alphabetic":"ZZMARK^A"}]},"00100020":{"vr":"LO","Value":["ZZ1"]}}]';
    const answered = response(200, ['Content-Type: application/dicom+json'], study);
    const said = runStream(http, pair(request('GET /rs/studies'), answered));
    const fields = said.sightings.flatMap(({ kind, facts }) =>
      kind === 'phi.cleartext' ? [facts.field] : [],
    );
    expect(fields).toEqual(['PatientName', 'PatientID']);
    expectNothingLeaks(said, 'ZZMARK');
  });
});

describe('firmware', () => {
  const image = (fields: string[], body: string, path = '/x') =>
    runStream(http, pair(request(`GET ${path}`), response(200, fields, body))).sightings.flatMap(
      ({ kind, facts }) => (kind === 'firmware.cleartext' ? [facts.image] : []),
    );
  it.each([
    ['\x7fELF\x01', '/x', ['elf']],
    ['hsqs\x00', '/x', ['squashfs']],
    ['\xd0\x0d\xfe\xed', '/x', ['fit']],
    [':10010000214601360121470136007EFE09D2190140\r\n:00000001FF\r\n\r\n', '/x', ['intel-hex']],
    [':10010000214601360121470136007EFE09D2190141\r\n:00000001FF\r\n\r\n', '/x', []],
    ['S00F000068656C6C6F202020202000003C\nS9030000FC\n\n', '/x', ['s-record']],
    ['PK\x03\x04rest', '/acme-firmware-2.1.zip', ['zip']],
    ['PK\x03\x04rest', '/letter.docx', []],
  ])('%j at %s is %j', (body, path, expected) => expect(image([], body, path)).toEqual(expected));
  it('in a form is found behind the part’s fields', () => {
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n\x7fELF';
    const said = runStream(http, [
      ['client', request('POST /up', ['Content-Type: multipart/form-data; boundary=b'], part)],
    ]);
    expect(said.sightings.at(-1)).toMatchObject({ kind: 'firmware.cleartext', subject: { ip: '10.0.0.1' } });
  });
  it('compressed in transit shows nothing', () =>
    expect(image(['Content-Encoding: gzip'], '\x7fELF')).toEqual([]));
});

describe('what is not HTTP/1 any more', () => {
  it('leaves a tunnel', () => {
    const said = runStream(http, [
      ...pair('CONNECT a:443 HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'),
      ['client', 'zz'],
    ]);
    expect(said).toMatchObject({ ended: true, malformed: {} });
  });
  it('leaves an upgraded connection', () => {
    const said = runStream(
      http,
      pair(request('GET /ws', ['Upgrade: websocket']), 'HTTP/1.1 101 Go\r\n\r\n\x81\x05'),
    );
    expect(said).toMatchObject({ ended: true, malformed: {} });
  });
  it('names version 2', () => {
    const said = runStream(http, [['client', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04']], {
      seed: 2,
      longest: 4,
    });
    expect(said).toMatchObject({ recognised: 'yes', application: 'http2', ended: true, malformed: {} });
  });
});

describe('bounds', () => {
  it('reads a head just within and leaves one beyond', () => {
    const said = (length: number) => {
      const empty = request('GET /', ['X: ']).length;
      return runStream(http, [['client', request('GET /', [`X: ${'x'.repeat(length - empty)}`])]], {
        seed: 4,
      }).sightings.length;
    };
    expect(said(MAX_HEAD)).toBe(1);
    expect(said(MAX_HEAD + 2)).toBe(0);
  });
  it('looks at the start of a body and skips the rest, over gaps too', () => {
    const long = `{"PatientID":"ZZ1","x":"${'x'.repeat(2 * BODY_SAMPLE)}","PatientName":"ZZ2"}`;
    const text = response(200, [json], long);
    const steps: Step[] = [
      ['client', request('GET /')],
      ['server', text.slice(0, 9000)],
      ['server', { lost: 50 }],
      ['server', text.slice(9050)],
      ...pair(request('GET /fhir/x'), response(200, [fhir])),
    ];
    const said = runStream(http, steps).sightings.map(({ kind, facts }) =>
      `${kind} ${String(facts.field ?? '')}`.trim(),
    );
    expect(said).toEqual(['http.host', 'phi.cleartext PatientID', 'http.api', 'service.unauthenticated']);
  });
});

it.each([
  'OPTIONS rtsp://x RTSP/1.0\r\n',
  'OPTIONS sip:a@b SIP/2.0\r\n',
  'GET\x00 / HTTP/1.1\r\n',
  'HELO x\r\n',
  'GET /\r\n',
])('does not take %j for HTTP', (line) => expect(runStream(http, [['client', line]]).recognised).toBe('no'));
