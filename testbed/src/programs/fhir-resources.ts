import type { Device } from '../ward/device.ts';
import type { Patient } from '../ward/secrets.ts';

/** Resources of FHIR R4, as short as the standard allows. */
export function capabilityStatement() {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-23',
    kind: 'instance',
    software: { name: 'Sample record system', version: '12.4' },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [{ mode: 'server', resource: [{ type: 'Patient' }, { type: 'Observation' }] }],
  };
}

export function patientResource(p: Patient) {
  return {
    resourceType: 'Patient',
    id: p.id,
    identifier: [{ system: 'urn:oid:2.16.840.1.113883.19.5', value: p.id }],
    name: [{ family: p.family, given: [p.given] }],
    gender: p.sex === 'F' ? 'female' : 'male',
    birthDate: `${p.born.slice(0, 4)}-${p.born.slice(4, 6)}-${p.born.slice(6)}`,
    address: [{ line: [p.street], city: 'Sampleton' }],
  };
}

export function observationResource(p: Patient, device: Device) {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: `Patient/${p.id}`, display: `${p.family}, ${p.given}` },
    device: { display: `${device.vendor} ${device.model}` },
    effectiveDateTime: '2026-11-23T08:15:00Z',
    valueQuantity: { value: 72, unit: '/min' },
  };
}
