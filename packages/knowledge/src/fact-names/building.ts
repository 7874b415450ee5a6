import type { BuildingFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const buildingFacts: FactNamesOf<BuildingFacts> = {
  'modbus.use': { role: true, unit: true, function: true, access: true },
  'modbus.exception': { unit: true, function: true, exception: true },
  'modbus.identification': {
    unit: true,
    vendor: true,
    productCode: true,
    revision: true,
    vendorUrl: true,
    productName: true,
    model: true,
    application: true,
  },

  'bacnet.device': { instance: true, vendorId: true, maxApdu: true, segmentation: true, behind: true },
  'bacnet.identification': {
    instance: true,
    vendorId: true,
    vendor: true,
    model: true,
    firmware: true,
    software: true,
    name: true,
    location: true,
    description: true,
    serial: true,
    behind: true,
  },
  'bacnet.use': { role: true, service: true, access: true },
  'bacnet.relay': { role: true, peers: true, networks: true, seconds: true },

  'sip.agent': { role: true, method: true, software: true, host: true, domain: true },
  'sip.challenge': { scheme: true, realm: true, algorithm: true },
  'sip.media': { media: true, keying: true, codecs: true },
  'rtsp.agent': { role: true, method: true, software: true },
  'rtsp.challenge': { scheme: true, realm: true },
  'rtsp.media': { media: true, keying: true, codecs: true },
  'rtsp.transport': { profile: true, lower: true, delivery: true },

  'coap.use': { role: true, method: true, observe: true },
  'coap.resources': { types: true },

  'dnp3.use': { role: true, address: true, function: true, access: true },
};
