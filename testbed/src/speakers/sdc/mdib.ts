import { type Told, text } from '../talk.ts';

/** IEEE 11073-20701:2018, the get service's actions. */
export const SERVICE = 'http://standards.ieee.org/downloads/11073/11073-20701-2018/GetService';
const BICEPS = 'http://standards.ieee.org/downloads/11073/11073-10207-2017';

/** IEEE 11073-10207 §5: one medical device system with a channel of numbers, its patient and its place. */
export function getMdibResponse(told: Told): string {
  const names = `xmlns:msg="${BICEPS}/message" xmlns:pm="${BICEPS}/participant" xmlns:ext="${BICEPS}/extension" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  const version = 'MdibVersion="42" SequenceId="urn:uuid:5e5e0000-0000-4000-8000-000000000001"';
  const mdib = `<msg:Mdib ${version}>${description(told)}${state(told)}</msg:Mdib>`;
  return `<msg:GetMdibResponse ${names} ${version}>${mdib}</msg:GetMdibResponse>`;
}

function description(told: Told): string {
  const type = text(told, 'code') === '' ? '' : `<pm:Type Code="${text(told, 'code')}"/>`;
  const metadata = [
    `<pm:Manufacturer Lang="en-US">${text(told, 'vendor')}</pm:Manufacturer>`,
    `<pm:ModelName Lang="en-US">${text(told, 'model')}</pm:ModelName>`,
    `<pm:ModelNumber>${text(told, 'modelNumber')}</pm:ModelNumber>`,
    `<pm:SerialNumber>${text(told, 'serial')}</pm:SerialNumber>`,
  ];
  const software = `<pm:ProductionSpecification><pm:SpecType Code="531975"/><pm:ProductionSpec>${text(told, 'software')}</pm:ProductionSpec></pm:ProductionSpecification>`;
  const context =
    '<pm:SystemContext Handle="ctx"><pm:PatientContext Handle="pat"/><pm:LocationContext Handle="loc"/></pm:SystemContext>';
  const vmd = `<pm:Vmd Handle="vmd"><pm:Channel Handle="chan">${numbers(told).map(metric).join('')}</pm:Channel></pm:Vmd>`;
  const mds = `<pm:Mds Handle="mds">${type}${software}<pm:MetaData>${metadata.join('')}</pm:MetaData>${context}${vmd}</pm:Mds>`;
  return `<pm:MdDescription DescriptionVersion="0">${mds}</pm:MdDescription>`;
}

interface Measured {
  code: string;
  value: string;
}

/** `code=value` as the device is told, codes of IEEE 11073-10101. */
function numbers(told: Told): Measured[] {
  return ((told.numbers ?? []) as string[]).map((pair) => {
    const [code = '', value = ''] = pair.split('=');
    return { code, value };
  });
}

function metric({ code }: Measured): string {
  const unit = '<pm:Unit Code="262656"/>';
  return `<pm:Metric xsi:type="pm:NumericMetricDescriptor" Handle="m${code}" MetricCategory="Msrmt" MetricAvailability="Cont" Resolution="1"><pm:Type Code="${code}"/>${unit}</pm:Metric>`;
}

function state(told: Told): string {
  const values = numbers(told).map(
    ({ code, value }) =>
      `<pm:State xsi:type="pm:NumericMetricState" DescriptorHandle="m${code}" ActivationState="On"><pm:MetricValue Value="${value}" DeterminationTime="1795507200000"><pm:MetricQuality Validity="Vld"/></pm:MetricValue></pm:State>`,
  );
  const [family = '', given = ''] = text(told, 'patient').split('^');
  const person = `<pm:Givenname>${given}</pm:Givenname><pm:Familyname>${family}</pm:Familyname><pm:Sex>F</pm:Sex>`;
  const patient = `<pm:State xsi:type="pm:PatientContextState" DescriptorHandle="pat" Handle="pat1" ContextAssociation="Assoc"><pm:Identification Root="urn:oid:2.999.1" Extension="${text(told, 'patientId')}"/><pm:CoreData>${person}</pm:CoreData></pm:State>`;
  const place = `<pm:State xsi:type="pm:LocationContextState" DescriptorHandle="loc" Handle="loc1" ContextAssociation="Assoc"><pm:LocationDetail Facility="HB" PoC="${text(told, 'ward')}" Bed="${text(told, 'bed')}"/></pm:State>`;
  const system = '<pm:State xsi:type="pm:MdsState" DescriptorHandle="mds" ActivationState="On"/>';
  return `<pm:MdState StateVersion="42">${system}${values.join('')}${patient}${place}</pm:MdState>`;
}
