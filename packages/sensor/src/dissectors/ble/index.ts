import type { Endpoint, Facts } from '@wardline/model';
import { BLUETOOTH_ADVERTISEMENT, type FrameDissector } from '../../dissector.ts';
import { macAt } from '../../network/address.ts';
import { factText, present } from '../../text/wire-text.ts';
import { appearanceOf, careServices, isOfCare } from './care.ts';
import { MAX_NAME, MAX_SERVICES, MAX_STRUCTURES } from './limits.ts';

/** PDU types that carry advertising data behind the advertiser's address (Bluetooth Core, Vol 6 Part B §2.3). */
const ADVERTISING = new Set([0, 2, 4, 6]);
const RANDOM = 0x40;
const ADDRESS = 6;

/** What devices say of themselves by Bluetooth Low Energy. */
export const ble: FrameDissector = {
  name: 'ble',
  types: [BLUETOOTH_ADVERTISEMENT],
  onFrame(pdu, _source, report) {
    if (!ADVERTISING.has(pdu[0]! & 15)) return;
    const end = 2 + (pdu[1] ?? 0);
    if (end > pdu.length || end < 2 + ADDRESS) {
      report.malformed('ble-length');
      return;
    }
    const address = addressKind(pdu);
    // An address that changes every quarter of an hour is made so that nobody is followed by it.
    if (address === null) return;
    const structures = readStructures(pdu.subarray(2 + ADDRESS, end));
    if (structures === null) report.malformed('ble-length');
    else report.sight('ble.advert', endpointOf(pdu), factsOf(address, structures));
  },
};

/** §1.3.2: the two highest bits of a random address tell whether it stays. */
function addressKind(pdu: Uint8Array): 'public' | 'static' | null {
  if ((pdu[0]! & RANDOM) === 0) return 'public';
  return pdu[7]! >>> 6 === 3 ? 'static' : null;
}

/** Addresses are sent with their lowest byte first. */
function endpointOf(pdu: Uint8Array): Endpoint {
  return { mac: macAt(pdu.slice(2, 2 + ADDRESS).reverse(), 0), ip: null, vlan: null };
}

interface Structure {
  type: number;
  value: Uint8Array;
}

/** Core Specification Supplement, Part A: length, type, value. A length of zero ends the list. */
function readStructures(data: Uint8Array): Structure[] | null {
  const structures: Structure[] = [];
  for (let at = 0; at < data.length && data[at] !== 0 && structures.length < MAX_STRUCTURES; ) {
    const end = at + 1 + data[at]!;
    if (end > data.length) return null;
    structures.push({ type: data[at + 1]!, value: data.subarray(at + 2, end) });
    at = end;
  }
  return structures;
}

function factsOf(address: 'public' | 'static', structures: readonly Structure[]): Facts['ble.advert'] {
  const structureOf = (...types: number[]) => structures.find(({ type }) => types.includes(type))?.value;
  const services = servicesOf(structures);
  const appearance = word(structureOf(0x19));
  const kind = appearance === undefined ? undefined : appearanceOf(appearance);
  const company = word(structureOf(0xff));
  const cares = isOfCare(kind) || services.some(isOfCare);
  const name = cares ? structureOf(0x09, 0x08) : undefined;
  return present<Facts['ble.advert']>({
    address,
    services: services.length > 0 ? services : undefined,
    appearance: kind,
    company: company === undefined ? undefined : hexOf(company),
    name: name && factText(name, MAX_NAME),
  });
}

/** Lists of 16-bit services (types 2, 3), and services whose data is in the advertisement (0x16). */
function servicesOf(structures: readonly Structure[]): string[] {
  const numbers = structures.flatMap(({ type, value }) => {
    if (type === 0x16) return word(value) ?? [];
    if (type !== 2 && type !== 3) return [];
    return Array.from({ length: value.length >>> 1 }, (_, i) => word(value.subarray(i * 2))!);
  });
  const names = numbers.map((number) => careServices.get(number) ?? hexOf(number));
  return [...new Set(names)].slice(0, MAX_SERVICES);
}

function word(value: Uint8Array | undefined): number | undefined {
  return value && value.length >= 2 ? value[0]! | (value[1]! << 8) : undefined;
}

function hexOf(number: number): string {
  return number.toString(16).padStart(4, '0');
}
