import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { type FrameDissector, snapType } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { firstAddress } from './addresses.ts';
import { checksumHolds } from './checksum.ts';
import { MAX_TEXT } from './limits.ts';
import { readTlvs } from './tlv.ts';

const CISCO = 0x00000c;
const CDP = 0x2000;
const HEADER = 4;

/** By bit, from the lowest. */
const capabilityNames = [
  'router',
  'transparent-bridge',
  'source-route-bridge',
  'switch',
  'host',
  'igmp',
  'repeater',
  'telephone',
  'remotely-managed',
  'video-camera',
  'two-port-mac-relay',
];

type Neighbour = Facts['cdp.neighbour'];
type Complete = { [K in keyof Neighbour]-?: Neighbour[K] | undefined };
type Values = ReadonlyMap<number, Uint8Array>;

/** What a neighbour says of itself by Cisco's discovery protocol, versions 1 and 2; other makers speak it, too. */
export const cdp: FrameDissector = {
  name: 'cdp',
  types: [snapType(CISCO, CDP)],
  onFrame(payload, source, report) {
    const [version] = payload;
    if (payload.length < HEADER || (version !== 1 && version !== 2)) {
      report.malformed('cdp-version');
      return;
    }
    if (!checksumHolds(payload)) report.malformed('cdp-checksum');
    const { values, whole } = readTlvs(payload.subarray(HEADER));
    if (!whole) report.malformed('cdp-length');
    const facts = neighbour(values);
    if (facts.deviceId !== undefined) report.sight('cdp.neighbour', source, facts);
  },
};

function neighbour(values: Values): Neighbour {
  const facts: Complete = {
    deviceId: text(values, 0x01),
    systemName: text(values, 0x14),
    platform: text(values, 0x06),
    softwareVersion: text(values, 0x05),
    portId: text(values, 0x03),
    capabilities: capabilities(values.get(0x04)),
    address: firstAddress(values.get(0x02)),
    managementAddress: firstAddress(values.get(0x16)),
    nativeVlan: u16(values, 0x0a),
    voiceVlan: voiceVlan(values.get(0x0e)),
    vtpDomain: text(values, 0x09),
    powerMilliwatts: u16(values, 0x10),
  };
  return present(facts) as Neighbour;
}

function text(values: Values, type: number): string | undefined {
  const value = values.get(type);
  return value === undefined ? undefined : factText(value, MAX_TEXT);
}

function u16(values: Values, type: number): number | undefined {
  const value = values.get(type);
  return value === undefined || value.length < 2 ? undefined : new Cursor(value).u16();
}

function capabilities(value: Uint8Array | undefined): string[] | undefined {
  if (value?.length !== 4) return undefined;
  const bits = new Cursor(value).u32();
  return capabilityNames.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

/** The VLAN that a switch gives a telephone, behind one byte of kind. */
function voiceVlan(value: Uint8Array | undefined): number | undefined {
  return value?.length === 3 ? new Cursor(value, 1).u16() : undefined;
}
