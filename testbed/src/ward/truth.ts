import type { z } from 'zod';
import { type Device, gatewayOf } from './device.ts';
import type { House } from './house.ts';
import type { groundTruthSchema, truthAssetSchema } from './truth-schema.ts';

export type GroundTruth = z.infer<typeof groundTruthSchema>;
export type TruthAsset = z.infer<typeof truthAssetSchema>;

/** What stands on the ward, from the roster that laid it. */
export function groundTruth(house: House): GroundTruth {
  const { roster, missing, moved, files } = house;
  const conflicting = roster.filter((d) => d.register?.differs !== undefined);
  return {
    version: 1,
    capture: files.capture,
    assets: roster.map((d) => truthOf(d, house)),
    register: {
      // What is on the internet is nobody's to register.
      shadow: roster.filter((d) => d.register === null && d.class !== 'external-host').map((d) => d.id),
      missing: missing.map((row) => row['Asset Tag']),
      conflicting: conflicting.map((d) => ({
        asset: d.id,
        tag: d.register!.tag,
        fields: Object.keys(d.register!.differs!),
      })),
    },
    moved: moved.map((move) => ({ ...move })),
  };
}

function truthOf(d: Device, house: House): TruthAsset {
  const { id, name, hostname, mac, vlan, vendor, model, serial, software } = d;
  const isRouter = d.class === 'router';
  return {
    id,
    name,
    hostname,
    // Behind a router the hardware address never reaches the ward's switch.
    macs: vlan === null ? [] : [mac],
    ips: isRouter ? house.vlans.map(gatewayOf) : [d.ip],
    addressHeld:
      d.id === 'laptop-a' ? 'until the release' : d.id === 'laptop-b' ? 'after the release' : 'throughout',
    vlans: isRouter ? [...house.vlans] : vlan === null ? [] : [vlan],
    routed: vlan === null,
    class: d.class,
    vendor,
    model,
    serial,
    software,
    services: d.services ?? [],
    credentials: d.credentials ?? [],
    findings: d.findings ?? [],
    registered: d.register?.tag ?? null,
  };
}
