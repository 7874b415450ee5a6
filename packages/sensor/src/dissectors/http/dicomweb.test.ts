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
import { EXPLICIT, element, IMPLICIT } from '../dicom/building.ts';
import { http } from './index.ts';

function file(syntax: string, ...elements: Uint8Array[]): Uint8Array {
  const meta = element(EXPLICIT, 0x00020010, 'UI', syntax.length % 2 === 0 ? syntax : `${syntax}\0`);
  const length = element(EXPLICIT, 0x00020000, 'UL', bytes(meta.length, 0, 0, 0));
  return bytes(new Uint8Array(128), 'DICM', length, meta, ...elements);
}
const dataset = (syntax: string) => [
  element(syntax, 0x00080060, 'CS', 'CT'),
  element(syntax, 0x00080070, 'LO', 'ACME'),
  element(syntax, 0x00081090, 'LO', 'Scan 64 '),
  element(syntax, 0x00100010, 'PN', 'ZZMARK^A'),
  element(syntax, 0x00181000, 'LO', 'SN-00417'),
];
const message = (line: string, type: string, body: Uint8Array | string) =>
  bytes(`${line}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes(body).length}\r\n\r\n`, body);
const multipart = (part: Uint8Array) =>
  bytes('--b\r\nContent-Type: application/dicom\r\n\r\n', part, '\r\n--b--\r\n');
const related = 'multipart/related; type="application/dicom"; boundary=b';
const store = (syntax: string): Step[] => [
  [
    'client',
    message('POST /dicom-web/studies HTTP/1.1', related, multipart(file(syntax, ...dataset(syntax)))),
  ],
  ['server', message('HTTP/1.1 200 OK', 'application/dicom+json', '{}')],
];
const machine = '"modality":"CT","manufacturer":"ACME","model":"Scan 64","serial":"SN-00417"';
const patient = (side: string) => `phi.cleartext ${side} {"protocol":"dicom","field":"PatientName"}`;

it.each([EXPLICIT, IMPLICIT])(
  'reads the machine and the patient of an object that is stored, %s',
  (syntax) => {
    expect(factLines(runStream(http, store(syntax)))).toEqual([
      patient('client'),
      `dicom.equipment client {${machine},"sentByCreator":true}`,
      'http.api server {"api":"dicomweb"}',
      'service.unauthenticated server {"protocol":"http","operation":"dicomweb write"}',
    ]);
  },
);

it('takes who gives an object out for its keeper only', () => {
  const steps: Step[] = [
    ['client', 'GET /wado?requestType=WADO&studyUID=1 HTTP/1.1\r\n\r\n'],
    ['server', message('HTTP/1.1 200 OK', 'application/dicom', file(EXPLICIT, ...dataset(EXPLICIT)))],
  ];
  const lines = factLines(runStream(http, steps));
  expect(lines).toContain(patient('server'));
  expect(lines).toContain(`dicom.equipment server {${machine},"sentByCreator":false}`);
});

it('tells the machines of DICOM JSON apart by the object that they stand in', () => {
  const instance = (maker: string, serial: string) =>
    `{"00080070":{"vr":"LO","Value":["${maker}"]},"00181000":{"vr":"LO","Value":["${serial}"]}}`;
  const body = `[${instance('A', 'S1')},${instance('B', 'S2')},${instance('A', 'S1')},{"00080060":{"vr":"CS","Value":["CT"]}}]`;
  const said = runStream(http, [
    ['client', 'GET /dicom-web/studies/1.2.3.4/metadata HTTP/1.1\r\n\r\n'],
    ['server', message('HTTP/1.1 200 OK', 'application/dicom+json', body)],
  ]);
  expect(factLines(said).filter((line) => line.startsWith('dicom'))).toEqual([
    'dicom.equipment server {"manufacturer":"A","serial":"S1","sentByCreator":false}',
    'dicom.equipment server {"manufacturer":"B","serial":"S2","sentByCreator":false}',
  ]);
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(http, store(EXPLICIT)));
it('lets no patient out', () => expectNothingLeaks(runStream(http, store(EXPLICIT)), 'ZZMARK'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(http, store(IMPLICIT));
  expectDamageHolds(http, store(EXPLICIT));
});

it('tells what a FHIR server is and which resources it gives, and never a name from the path', () => {
  const statement =
    '{"resourceType":"CapabilityStatement","publisher":"ACME","fhirVersion":"4.0.1","software":{"name":"FHIR Box","version":"3.1"},"implementation":{"description":"Ward server"}}';
  const said = runStream(http, [
    ['client', 'GET /r4/metadata HTTP/1.1\r\n\r\n'],
    ['server', message('HTTP/1.1 200 OK', 'application/fhir+json', statement)],
    ['client', 'GET /ZZMARKTenant/fhir/Observation/ZZMARK1 HTTP/1.1\r\n\r\n'],
    ['server', message('HTTP/1.1 200 OK', 'application/fhir+json', '{}')],
    ['client', message('POST /fhir/MedicationRequest HTTP/1.1', 'application/fhir+json', '{}')],
    ['server', message('HTTP/1.1 201 Created', 'application/fhir+json', '{}')],
    ['client', 'GET /fhir/ZZMARK HTTP/1.1\r\n\r\n'],
    ['server', message('HTTP/1.1 200 OK', 'application/fhir+json', '{}')],
  ]);
  expect(factLines(said).filter((line) => line.startsWith('fhir'))).toEqual([
    'fhir.server server {"software":"FHIR Box","softwareVersion":"3.1","implementation":"Ward server","publisher":"ACME","fhirVersion":"4.0.1"}',
    'fhir.access server {"resource":"Observation","operation":"read"}',
    'fhir.access server {"resource":"MedicationRequest","operation":"create"}',
  ]);
  expectNothingLeaks(said, 'ZZMARK');
});
