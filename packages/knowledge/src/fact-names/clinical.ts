import type { ClinicalFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const clinicalFacts: FactNamesOf<ClinicalFacts> = {
  'astm.endpoint': {
    role: true,
    senderName: true,
    senderParts: true,
    software: true,
    serial: true,
    processing: true,
    version: true,
    instruments: true,
    recordTypes: true,
  },
  'poct.device': {
    vendor: true,
    model: true,
    serial: true,
    software: true,
    hardware: true,
    deviceId: true,
    profile: true,
  },
  'poct.endpoint': { role: true, messageTypes: true },
  'wsd.device': {
    types: true,
    scopes: true,
    endpointReference: true,
    xaddrs: true,
    name: true,
    hardware: true,
    location: true,
  },
  'dpws.device': {
    manufacturer: true,
    model: true,
    modelNumber: true,
    friendlyName: true,
    firmware: true,
    serial: true,
  },
  'sdc.device': {
    mdsType: true,
    manufacturer: true,
    model: true,
    modelNumber: true,
    serial: true,
    udi: true,
    location: true,
  },
  'sdc.operation': { operation: true, handle: true },
};
