import type { UdiAgency } from '../udi/udi.ts';

export type FhirRelease = 'R4' | 'R5';

/** A device as it is exchanged; null where it is not known. */
export interface ExchangedDevice {
  id: string;
  name: string | null;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  lot: string | null;
  made: string | null;
  expires: string | null;
  software: string | null;
  /** Whether it may be used. */
  status: 'active' | 'inactive';
  isLost: boolean;
  udi: { agency: UdiAgency | null; device: string; carrier: string | null } | null;
}

/** Naming systems of issuers (http://hl7.org/fhir/R4/device-definitions.html#Device.udiCarrier.issuer). */
const issuers: Readonly<Record<UdiAgency, string>> = {
  GS1: 'http://hl7.org/fhir/NamingSystem/gs1-di',
  HIBCC: 'http://hl7.org/fhir/NamingSystem/hibcc-diI',
  ICCBBA: 'http://hl7.org/fhir/NamingSystem/iccbba-other-di',
};

/** A device as a FHIR resource of that release; what is not known is left out. */
export function fhirDeviceOf(device: ExchangedDevice, release: FhirRelease): Record<string, unknown> {
  const { id, name, manufacturer, model, serial, lot, made, expires, software, status, udi } = device;
  return withoutNulls({
    resourceType: 'Device',
    id,
    udiCarrier: udi && [
      withoutNulls({
        deviceIdentifier: udi.device,
        issuer: udi.agency && issuers[udi.agency],
        carrierHRF: udi.carrier,
      }),
    ],
    status,
    ...stateOf(device, release),
    manufacturer,
    manufactureDate: made,
    expirationDate: expires,
    lotNumber: lot,
    serialNumber: serial,
    ...namesOf(name, model, release),
    modelNumber: model,
    version: software && [{ value: software }],
  });
}

/** R4 has a reason for a status, R5 a status of availability of its own. */
function stateOf({ isLost }: ExchangedDevice, release: FhirRelease): Record<string, unknown> {
  if (!isLost) return {};
  const lost = (system: string, code: string) => ({ coding: [{ system, code }] });
  return release === 'R4'
    ? { statusReason: [lost('http://terminology.hl7.org/CodeSystem/device-status-reason', 'off')] }
    : { availabilityStatus: lost('http://hl7.org/fhir/device-availability-status', 'lost') };
}

/** `deviceName` of R4 is `name` of R5. */
function namesOf(name: string | null, model: string | null, release: FhirRelease): Record<string, unknown> {
  if (release === 'R4') {
    const named = [
      ...(name === null ? [] : [{ name, type: 'user-friendly-name' }]),
      ...(model === null ? [] : [{ name: model, type: 'model-name' }]),
    ];
    return { deviceName: named.length === 0 ? null : named };
  }
  return { name: name && [{ value: name, type: 'user-friendly-name', display: true }] };
}

const withoutNulls = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));

export type FhirReading = { devices: ExchangedDevice[]; faults: { place: string; message: string }[] };

/** The devices of a resource or a bundle of R4 or R5, told apart by how names are kept. What is no device is a fault with its place. */
export function readFhirDevices(text: string): FhirReading {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { devices: [], faults: [{ place: '', message: 'this is no JSON' }] };
  }
  const faults: FhirReading['faults'] = [];
  const entries = bundled(document);
  const devices = entries.flatMap(({ place, resource }) => {
    if (field(resource, 'resourceType') === 'Device')
      return [deviceOf(resource as Record<string, unknown>, place)];
    faults.push({
      place,
      message: `expected a Device, found ${String(field(resource, 'resourceType')).slice(0, 40)}`,
    });
    return [];
  });
  return { devices, faults: faults.slice(0, FAULTS) };
}

const FAULTS = 50;

function bundled(document: unknown): { place: string; resource: unknown }[] {
  const entries = field(document, 'entry');
  if (field(document, 'resourceType') !== 'Bundle' || !Array.isArray(entries))
    return [{ place: '', resource: document }];
  return entries.map((entry: unknown, index) => ({
    place: `entry[${index}].resource`,
    resource: field(entry, 'resource'),
  }));
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The longest text of a field that is taken. */
const TEXT = 256;
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, TEXT) : null;
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

function deviceOf(resource: Record<string, unknown>, place: string): ExchangedDevice {
  const names = [resource.deviceName, resource.name].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  const named = (type: string) =>
    names.find((one) => field(one, 'type') === type) as Record<string, unknown> | undefined;
  const friendly = named('user-friendly-name') ?? names[0];
  const carrier = firstOf(resource.udiCarrier);
  const device = textOf(field(carrier, 'deviceIdentifier'));
  const availability = firstOf(field(resource.availabilityStatus, 'coding'));
  return {
    id: textOf(resource.id) ?? place,
    name: textOf(field(friendly, 'name')) ?? textOf(field(friendly, 'value')),
    manufacturer: textOf(resource.manufacturer),
    model: textOf(resource.modelNumber) ?? textOf(named('model-name')?.name),
    serial: textOf(resource.serialNumber),
    lot: textOf(resource.lotNumber),
    made: dayIn(resource.manufactureDate),
    expires: dayIn(resource.expirationDate),
    software: textOf(field(firstOf(resource.version), 'value')),
    status: resource.status === 'inactive' || resource.status === 'entered-in-error' ? 'inactive' : 'active',
    isLost: field(availability, 'code') === 'lost',
    udi:
      device === null
        ? null
        : {
            agency: agencyOf(field(carrier, 'issuer')),
            device,
            carrier: textOf(field(carrier, 'carrierHRF')),
          },
  };
}

const dayIn = (value: unknown): string | null => /^\d{4}-\d{2}-\d{2}/.exec(textOf(value) ?? '')?.[0] ?? null;

function agencyOf(issuer: unknown): UdiAgency | null {
  const [, agency] = /(gs1|hibcc|iccbba)/i.exec(textOf(issuer) ?? '') ?? [];
  return (agency?.toUpperCase() as UdiAgency | undefined) ?? null;
}
