import type { Device } from '../ward/device.ts';
import { networkOf } from '../ward/device.ts';
import type { House } from '../ward/house.ts';
import { expected } from './expected.ts';
import { heldOut } from './held-out.ts';
import type { Identities, Identity } from './identity.ts';
import { type Place, places, vlansB } from './places.ts';
import { shipped } from './shipped.ts';

/** Who makes the devices of house B: as it ships, or others that no rule was written on. */
export const rosters = { shipped, 'held-out': heldOut } as const satisfies Record<string, Identities>;
export type Roster = keyof typeof rosters;

/** House B with the things that its scenes ask for. */
export interface HouseB extends House {
  device(id: string): Device;
  identity(id: string): Identity;
  /** The port of its service, where its maker chose another than the usual one. */
  port(id: string, usual: number): number;
}

/** DHCP option 55 of a small device, and of a Windows machine. */
const PARAMETERS = [1, 3, 6, 12, 15, 42];
const WINDOWS = [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252];

/** The office speaks IPv6 too, as its router announces it. */
const IPV6 = new Set(['router-b', 'pc-b1', 'pc-b2']);

export function houseB(roster: Roster): HouseB {
  const identities: Identities = rosters[roster];
  const identity = (id: string) => identities[id] ?? unknownDevice(id);
  const devices = places.map((place) => deviceOf(place, identity(place.id)));
  return {
    id: 'b',
    roster: devices,
    vlans: Object.values(vlansB),
    missing: [],
    moved: [],
    files: {
      capture: 'house-b.pcap.gz',
      truth: 'ground-truth-house-b.json',
      register: 'register-house-b.csv',
    },
    device: (id) => devices.find((device) => device.id === id) ?? unknownDevice(id),
    identity,
    port: (id, usual) => identity(id).port ?? usual,
  };
}

function unknownDevice(id: string): never {
  throw new Error(`no device ${id} in house B`);
}

function deviceOf(place: Place, own: Identity): Device {
  const { id, name, vlan, host, register } = place;
  const { hostname, vendor, model, serial, software, vendorClass } = own;
  const tail = [(vlan ?? 200) - 100, host, 0xb1].map((octet) => octet.toString(16).padStart(2, '0'));
  const laid = expected[id] ?? {};
  const windows = vendorClass?.startsWith('MSFT') ?? false;
  const client = { program: windows ? 'dhclient' : 'udhcpc', vendorClass: vendorClass ?? '' } as const;
  return {
    id,
    name,
    hostname,
    vlan,
    mac: `${own.oui}:${tail.join(':')}`,
    ip: vlan === null ? `198.51.100.${host}` : `${networkOf(vlan)}.${host}`,
    class: place.class,
    vendor,
    model,
    serial,
    software,
    register,
    ipv6: IPV6.has(id),
    services: laid.services?.({ port: (_, usual) => own.port ?? usual }) ?? [],
    credentials: laid.credentials ?? [],
    findings: laid.findings ?? [],
    ...(vendorClass === null ? {} : { dhcp: { ...client, parameters: windows ? WINDOWS : PARAMETERS } }),
  };
}
