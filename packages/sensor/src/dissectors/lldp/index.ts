import type { Facts } from '@wardline/model';
import type { FrameDissector } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { chassisId, managementAddress, portId } from './identifiers.ts';
import { MAX_STRING } from './limits.ts';
import { readTlvs, type Tlv } from './tlv.ts';

type Neighbour = { [K in keyof Facts['lldp.neighbour']]-?: Facts['lldp.neighbour'][K] | undefined };
type Found = Partial<Neighbour>;

const CHASSIS_ID = 1;
const ORGANISATION = 127;
const IEEE_8021 = 0x0080c2;
const TIA_MED = 0x0012bb;

/** IEEE 802.1AB table 8-4, by bit. */
const capabilityNames = [
  'other',
  'repeater',
  'bridge',
  'wlan-access-point',
  'router',
  'telephone',
  'docsis',
  'station',
  'c-vlan',
  's-vlan',
  'two-port-mac-relay',
];

/** ANSI/TIA-1057 table 11: inventory subtypes 5 to 11. */
const medInventory: Readonly<Record<number, keyof Neighbour>> = {
  5: 'medHardware',
  6: 'medFirmware',
  7: 'medSoftware',
  8: 'medSerial',
  9: 'medManufacturer',
  10: 'medModel',
  11: 'medAssetId',
};

const standard: Readonly<Record<number, (value: Uint8Array) => Found>> = {
  [CHASSIS_ID]: (value) => ({ chassisId: chassisId(value) }),
  2: (value) => ({ portId: portId(value) }),
  4: (value) => ({ portDescription: factText(value, MAX_STRING) }),
  5: (value) => ({ systemName: factText(value, MAX_STRING) }),
  6: (value) => ({ systemDescription: factText(value, MAX_STRING) }),
  7: (value) => ({ capabilities: enabledCapabilities(value) }),
  8: (value) => ({ managementAddress: managementAddress(value) }),
  [ORGANISATION]: organisational,
};

/** What a neighbour says of itself (IEEE 802.1AB, with the port VLAN of 802.1Q annex D and the inventory of TIA-1057). */
export const lldp: FrameDissector = {
  name: 'lldp',
  types: [0x88cc],
  onFrame(payload, source, report) {
    const { tlvs, whole } = readTlvs(payload);
    if (!whole) report.malformed('lldp-length');
    if (tlvs[0]?.type !== CHASSIS_ID) {
      report.malformed('lldp-order');
      return;
    }
    report.sight('lldp.neighbour', source, neighbour(tlvs));
  },
};

/** Where a TLV comes twice the first one counts, as with the several management addresses that a frame may have. */
function neighbour(tlvs: readonly Tlv[]): Facts['lldp.neighbour'] {
  const found: Found = {};
  for (const { type, value } of tlvs) {
    const said = standard[type]?.(value) ?? {};
    Object.assign(found, { ...said, ...present(found as object) });
  }
  return present(found as Neighbour) as Facts['lldp.neighbour'];
}

/** §8.5.8: two bitmaps, what the system can and what is switched on; only the second says what it is. */
function enabledCapabilities(value: Uint8Array): string[] | undefined {
  if (value.length < 4) return undefined;
  const enabled = (value[2]! << 8) | value[3]!;
  return capabilityNames.filter((_, bit) => (enabled & (1 << bit)) !== 0);
}

function organisational(value: Uint8Array): Found {
  if (value.length < 5) return {};
  const organisation = (value[0]! << 16) | (value[1]! << 8) | value[2]!;
  const subtype = value[3]!;
  const rest = value.subarray(4);
  if (organisation === IEEE_8021 && subtype === 1) return portVlan(rest);
  const field = organisation === TIA_MED ? medInventory[subtype] : undefined;
  return field === undefined ? {} : { [field]: factText(rest, MAX_STRING) };
}

/** 802.1Q §D.2.1: zero means that the port has none. */
function portVlan(value: Uint8Array): Found {
  const vlan = value.length < 2 ? 0 : (value[0]! << 8) | value[1]!;
  return vlan === 0 ? {} : { portVlan: vlan };
}
