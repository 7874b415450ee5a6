import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { hasSharedCaptures, sharedPath } from '../../testing/captures.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { http } from './index.ts';

const envelope = (body: string) =>
  `<s12:Envelope xmlns:s12="http://www.w3.org/2003/05/soap-envelope" xmlns:msg="http://standards.ieee.org/downloads/11073/11073-10207-2017/message"><s12:Header/><s12:Body>${body}</s12:Body></s12:Envelope>`;
const typed = (body: string) =>
  `Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const post = (body: string): Step => [
  'client',
  `POST /z HTTP/1.1\r\nHost: 10.0.0.2\r\n${typed(envelope(body))}`,
];
const answer = (body: string): Step => ['server', `HTTP/1.1 200 OK\r\n${typed(envelope(body))}`];

const metadata =
  '<x:Metadata><d:ThisModel><d:Manufacturer xml:lang="en">ACME</d:Manufacturer><d:ModelName>Vent 5</d:ModelName><d:ModelNumber>5.1</d:ModelNumber></d:ThisModel>' +
  '<d:ThisDevice><d:FriendlyName>Vent 5 ICU</d:FriendlyName><d:FirmwareVersion>3.2</d:FirmwareVersion><d:SerialNumber>VN-00417</d:SerialNumber></d:ThisDevice></x:Metadata>';
const mdib =
  '<msg:GetMdibResponse><msg:Mdib><pm:MdDescription><pm:Mds Handle="m"><pm:Type Code="70001"/><pm:MetaData><pm:Udi><pm:HumanReadableForm>(01)1</pm:HumanReadableForm></pm:Udi><pm:Manufacturer>ACME</pm:Manufacturer><pm:ModelName>Vent 5</pm:ModelName><pm:SerialNumber>VN-00417</pm:SerialNumber></pm:MetaData></pm:Mds></pm:MdDescription>' +
  '<pm:MdState><pm:State xsi:type="pm:PatientContextState"><pm:Identification Root="1.2" Extension="ZZMARK1"/><pm:CoreData><pm:Givenname>ZZMARK2</pm:Givenname><pm:Familyname>ZZMARK3</pm:Familyname><pm:Height MeasuredValue="170ZZMARK" /></pm:CoreData></pm:State>' +
  '<pm:State xsi:type="pm:LocationContextState"><pm:LocationDetail PoC="ICU 3" Bed="B7"/></pm:State></pm:MdState></msg:Mdib></msg:GetMdibResponse>';
const setValue =
  '<msg:SetValue><msg:OperationHandleRef>op.rate</msg:OperationHandleRef><msg:RequestedNumericValue>12</msg:RequestedNumericValue></msg:SetValue>';
const conversation: Step[] = [
  post('<x:Get/>'),
  answer(metadata),
  post('<msg:GetMdib/>'),
  answer(mdib),
  post(setValue),
  answer('<msg:SetValueResponse><msg:InvocationInfo/></msg:SetValueResponse>'),
];

it('tells the device, its patient by field, and operations that anybody may invoke', () => {
  const said = runStream(http, conversation);
  expect(factLines(said)).toEqual([
    'dpws.device server {"manufacturer":"ACME","model":"Vent 5","modelNumber":"5.1","friendlyName":"Vent 5 ICU","firmware":"3.2","serial":"VN-00417"}',
    'sdc.device server {"mdsType":"70001","manufacturer":"ACME","model":"Vent 5","serial":"VN-00417","udi":"(01)1","location":"ICU 3, B7"}',
    ...['Identification', 'Givenname', 'Familyname', 'Height'].map(
      (name) => `phi.cleartext server {"protocol":"sdc","field":"PatientContext.${name}"}`,
    ),
    'service.unauthenticated server {"protocol":"sdc","operation":"GetMdib"}',
    'sdc.operation server {"operation":"SetValue","handle":"op.rate"}',
    'service.unauthenticated server {"protocol":"sdc","operation":"SetValue"}',
  ]);
  expect(said).toMatchObject({ application: 'sdc', protection: 'clear', malformed: {} });
});

it('tells the name of a computer, and of what it is a member', () => {
  const host =
    '<p:Host><p:Types>pub:Computer</p:Types><pub:Computer>NURSE-PC3/Workgroup:HOSPITAL</pub:Computer></p:Host>';
  const said = runStream(http, [post('<x:Get/>'), answer(host)]);
  expect(factLines(said)).toEqual(['dpws.device server {"hostname":"NURSE-PC3","domain":"HOSPITAL"}']);
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(http, conversation));
it('lets no patient out', () => expectNothingLeaks(runStream(http, conversation), 'ZZMARK'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(http, conversation);
  expectDamageHolds(http, conversation);
});

test.skipIf(!hasSharedCaptures)('reads the description of a real anaesthesia machine', () => {
  const text = readFileSync(sharedPath('../fingerprints/ieee11073-sdc/70041_MDIB_Final.xml'), 'latin1');
  const body = text.slice(text.indexOf('?>') + 2);
  const said = runStream(http, [post('<msg:GetMdib/>'), answer(body)], { seed: 1 });
  expect(said.sightings.find(({ kind }) => kind === 'sdc.device')?.facts).toMatchObject({
    mdsType: '70041',
    manufacturer: 'Drägerwerk AG & Co. KGaA',
    model: 'A3XX',
    modelNumber: '01.00',
  });
});
