import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import { isWithin, scanXml, type XmlElement } from '../../xml/scan.ts';
import { MAX_LEAVES, MAX_TEXT } from './limits.ts';
import type { PatientValue } from './patient-data.ts';

/** What a SOAP message of devices says: DPWS metadata, and BICEPS of IEEE 11073 SDC. */
export interface SoapContent {
  /** The sender's own description by DPWS (ThisModel, ThisDevice). */
  dpws: Facts['dpws.device'] | null;
  /** The sender's own description in its MDIB. */
  device: Facts['sdc.device'] | null;
  /** The BICEPS message in the body; null where it is another. */
  message: string | null;
  /** The handle of the operation that a request invokes. */
  handle: string | undefined;
  patient: PatientValue[];
}

/** The namespaces of IEEE 11073-10207 hold its number. */
const biceps = '11073-10207';

export function readSoap(text: string): SoapContent {
  const elements = scanXml(text);
  const body = elements.find((element) => isWithin(element, 'Body', 'Envelope'));
  const isBiceps = body !== undefined && text.includes(biceps);
  return {
    dpws: dpwsDevice(elements),
    device: isBiceps ? sdcDevice(elements) : null,
    message: isBiceps ? body.name : null,
    handle: isBiceps ? textOf(childOf(body, 'OperationHandleRef', elements)) : undefined,
    patient: isBiceps ? patientValues(elements) : [],
  };
}

/** Requests that change the device (IEEE 11073-10207 §7.3); each has a response by its name. */
export function isOperation(message: string): boolean {
  return /^(Activate|Set(Value|String|AlertState|ComponentState|ContextState|MetricState))$/.test(message);
}

/** DPWS 1.1 §5.1: the model, and the device that is one of it. */
function dpwsDevice(elements: readonly XmlElement[]): SoapContent['dpws'] {
  const model = elements.find(({ name }) => name === 'ThisModel');
  const device = elements.find(({ name }) => name === 'ThisDevice');
  const facts = present<Facts['dpws.device']>({
    manufacturer: textOf(childOf(model, 'Manufacturer', elements)),
    model: textOf(childOf(model, 'ModelName', elements)),
    modelNumber: textOf(childOf(model, 'ModelNumber', elements)),
    friendlyName: textOf(childOf(device, 'FriendlyName', elements)),
    firmware: textOf(childOf(device, 'FirmwareVersion', elements)),
    serial: textOf(childOf(device, 'SerialNumber', elements)),
    ...computerOf(elements),
  });
  return Object.keys(facts).length === 0 ? null : facts;
}

/** Computers publish `name/Workgroup:name` or `name/Domain:name` ([MS-PBSD] §2.2.2.2). */
function computerOf(elements: readonly XmlElement[]): {
  hostname: string | undefined;
  domain: string | undefined;
} {
  const text = elements.find(({ name }) => name === 'Computer')?.text ?? '';
  const [hostname = '', membership = ''] = text.slice(0, MAX_TEXT).split('/', 2);
  const domain = /^(?:Workgroup|Domain):(.+)$/.exec(membership)?.[1] ?? '';
  return { hostname: factText(hostname, MAX_TEXT), domain: factText(domain, MAX_TEXT) };
}

/** IEEE 11073-10207 §5.3.11 (Mds), §5.3.13 (MetaData). */
function sdcDevice(elements: readonly XmlElement[]): SoapContent['device'] {
  const mds = elements.find(({ name }) => name === 'Mds');
  const data = childOf(mds, 'MetaData', elements);
  const udi = childOf(data, 'Udi', elements);
  const facts = present<Facts['sdc.device']>({
    mdsType: attribute(childOf(mds, 'Type', elements), 'Code'),
    manufacturer: textOf(childOf(data, 'Manufacturer', elements)),
    model: textOf(childOf(data, 'ModelName', elements)),
    modelNumber: textOf(childOf(data, 'ModelNumber', elements)),
    serial: textOf(childOf(data, 'SerialNumber', elements)),
    udi: textOf(childOf(udi, 'HumanReadableForm', elements)),
    location: placeOf(elements),
  });
  return Object.keys(facts).length === 0 ? null : facts;
}

/** LocationDetail (§5.4.14): where the device stands, from the widest to the closest. */
function placeOf(elements: readonly XmlElement[]): string | undefined {
  const detail = elements.find(({ name }) => name === 'LocationDetail');
  const parts = ['Facility', 'Building', 'Floor', 'PoC', 'Room', 'Bed'].flatMap(
    (name) => attribute(detail, name) ?? [],
  );
  return factText(parts.join(', '), MAX_TEXT);
}

/** What the state of a patient context names a patient by (§5.4.12, §5.4.13); names here are the reported ones. */
const patientElements: ReadonlySet<string> = new Set(
  'Givenname Middlename Familyname Birthname DateOfBirth Sex Height Weight Race PatientType'.split(' '),
);

function patientValues(elements: readonly XmlElement[]): PatientValue[] {
  return elements.filter(isInPatientContext).flatMap(patientValue).slice(0, MAX_LEAVES);
}

function isInPatientContext(element: XmlElement): boolean {
  for (let at = element.parent; at !== null; at = at.parent) {
    if (/(^|:)PatientContextState$/.test(at.attributes.get('type') ?? '')) return true;
    if (at.name === 'PatientContextState') return true;
  }
  return false;
}

function patientValue(element: XmlElement): PatientValue[] {
  const value =
    element.name === 'Identification' ? (element.attributes.get('Extension') ?? '') : element.text.trim();
  const isKnown = element.name === 'Identification' || patientElements.has(element.name);
  const measured = element.attributes.get('MeasuredValue') ?? '';
  if (!isKnown || (value === '' && measured === '')) return [];
  return [{ field: `PatientContext.${element.name}`, value: value === '' ? measured : value }];
}

function childOf(
  parent: XmlElement | undefined,
  name: string,
  elements: readonly XmlElement[],
): XmlElement | undefined {
  return parent && elements.find((element) => element.parent === parent && element.name === name);
}

function textOf(element: XmlElement | undefined): string | undefined {
  return element === undefined ? undefined : factText(element.text, MAX_TEXT);
}

function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return factText(element?.attributes.get(name) ?? '', MAX_TEXT);
}
