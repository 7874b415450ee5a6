import type { z } from 'zod';
import { type Device, vlans } from './device.ts';
import { missingRows } from './register.ts';
import { device, roster } from './roster.ts';
import type { groundTruthSchema, truthAssetSchema } from './truth-schema.ts';

export type GroundTruth = z.infer<typeof groundTruthSchema>;
export type TruthAsset = z.infer<typeof truthAssetSchema>;

/** What stands on the ward, from the roster that laid it. */
export function groundTruth(): GroundTruth {
  const conflicting = roster.filter((d) => d.register?.differs !== undefined);
  return {
    version: 1,
    capture: 'ward-1.pcap.gz',
    assets: roster.map(truthOf),
    register: {
      // What is on the internet is nobody's to register.
      shadow: roster.filter((d) => d.register === null && d.class !== 'external-host').map((d) => d.id),
      missing: missingRows.map((row) => row['Asset Tag']),
      conflicting: conflicting.map((d) => ({
        asset: d.id,
        tag: d.register!.tag,
        fields: Object.keys(d.register!.differs!),
      })),
    },
    moved: [{ ip: device('laptop-a').ip, from: 'laptop-a', to: 'laptop-b' }],
  };
}

function truthOf(d: Device): TruthAsset {
  const { id, name, hostname, mac, vlan, vendor, model, serial, software } = d;
  const isRouter = d.class === 'router';
  return {
    id,
    name,
    hostname,
    // Behind a router the hardware address never reaches the ward's switch.
    macs: vlan === null ? [] : [mac],
    ips: isRouter ? Object.values(vlans).map((v) => `10.20.${v}.1`) : [d.ip],
    addressHeld:
      d.id === 'laptop-a' ? 'until the release' : d.id === 'laptop-b' ? 'after the release' : 'throughout',
    vlans: isRouter ? Object.values(vlans) : vlan === null ? [] : [vlan],
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
