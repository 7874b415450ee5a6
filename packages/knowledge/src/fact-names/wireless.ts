import type { WirelessFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const wirelessFacts: FactNamesOf<WirelessFacts> = {
  'wifi.network': {
    ssid: true,
    hidden: true,
    channel: true,
    security: true,
    authentication: true,
    ciphers: true,
    managementFrames: true,
  },
  'wifi.device': {
    manufacturer: true,
    model: true,
    modelNumber: true,
    serial: true,
    name: true,
    category: true,
  },
  'wifi.station': { asks: true },
  'wifi.client': { bssid: true, encrypted: true },
  'ble.advert': { address: true, services: true, appearance: true, company: true, name: true },
  'wifi.disconnect': { message: true, reason: true, bssid: true },
};
