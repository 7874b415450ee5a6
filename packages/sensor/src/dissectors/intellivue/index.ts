import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import {
  type Attribute,
  attributeIds,
  patientAttributes,
  readModel,
  readSpecifications,
  readString,
  readSystemId,
  type Specification,
} from './attributes.ts';
import { readAssociation, readMessage } from './message.ts';

/**
 * The data export protocol of Philips IntelliVue monitors (UDP 24105, connect indication 24005): what the monitor says of
 * itself, patient data by attribute, and monitors that export to anybody. Layouts follow the published interface guide.
 */
export const intellivue: DatagramDissector = {
  name: 'intellivue',
  cost: 6,
  firstBytes: [0x00, 0x0d, 0x0e, 0xe1],
  recognise: (payload) =>
    mayBegin(payload) && (readAssociation(payload) !== null || readMessage(payload) !== null),
  serverSide(payload) {
    const association = readAssociation(payload);
    if (association !== null) return association === 'request' ? 'receiver' : 'sender';
    const message = readMessage(payload);
    // The indication goes to everybody: its sender serves, but the receiver is no client.
    if (message === null || message.kind === 'connect-indication' || message.fromMonitor === null)
      return null;
    return message.fromMonitor ? 'sender' : 'receiver';
  },
  onDatagram(payload, from, report) {
    report.protection('clear');
    const message = readMessage(payload);
    if (message === null) return;
    state(message.attributes, from, report);
    if (message.kind !== 'poll-result') return;
    report.sight('service.unauthenticated', from, { protocol: 'intellivue', operation: 'data export' });
  },
};

/** Told from a few bytes, since other protocols begin with zeros, too. */
function mayBegin(bytes: Uint8Array): boolean {
  if (bytes.length < 14) return false;
  if (bytes[0] === 0xe1) return bytes[1] === 0;
  return bytes[0] !== 0 || (bytes[1] === 0 && bytes[4] === 0 && bytes[5] === 1);
}

function state(attributes: readonly Attribute[], from: Side, report: Reporter): void {
  for (const { id, value } of attributes) {
    const field = patientAttributes.get(id);
    if (field !== undefined && holdsAnything(value)) report.phi('intellivue', field, from, value);
  }
  const facts = deviceOf(attributes);
  if (Object.keys(facts).length > 0) report.sight('intellivue.device', from, facts);
}

/** A string's length, and bytes that are neither zero nor the mark of an absent date. */
function holdsAnything(value: Uint8Array): boolean {
  return value.length > 2 && value.subarray(2).some((byte) => byte !== 0 && byte !== 0xff);
}

const SERIAL_NUMBER = 1;
const SOFTWARE_REVISION = 4;

function deviceOf(attributes: readonly Attribute[]): Facts['intellivue.device'] {
  const valueOfAttribute = (id: number) => attributes.find((attribute) => attribute.id === id)?.value;
  const model = valueOfAttribute(attributeIds.model);
  const production = valueOfAttribute(attributeIds.productionSpecification);
  const specifications = production === undefined ? [] : readSpecifications(production);
  const bed = valueOfAttribute(attributeIds.bedLabel);
  const system = valueOfAttribute(attributeIds.systemId);
  return present<Facts['intellivue.device']>({
    ...(model === undefined ? {} : readModel(model)),
    serial: specified(specifications, SERIAL_NUMBER),
    software: specified(specifications, SOFTWARE_REVISION),
    systemId: system === undefined ? undefined : readSystemId(system),
    bedLabel: bed === undefined ? undefined : readString(bed),
  } as Facts['intellivue.device']);
}

const PRODUCT = 0x0008;

/** Of the whole product where it is given, else of the first part. */
function specified(specifications: readonly Specification[], type: number): string | undefined {
  const of = specifications.filter((specification) => specification.type === type);
  return (of.find(({ component }) => component === PRODUCT) ?? of[0])?.text;
}
