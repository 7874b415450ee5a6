import type { PolicyAsset } from './resolve.ts';

/** How a device of a zone gets onto the network, and what becomes of it while nobody can be asked. */
export interface ZoneAdmission {
  zone: string;
  vlan: number;
  /** The name of a role of the switch or controller; null where the VLAN says enough. */
  role: string | null;
  /** `certificate`: its own, checked by the authentication server (EAP-TLS). `address`: its hardware address (MAC bypass). */
  accept: readonly ('certificate' | 'address')[];
  /** `last`: what it was last answered. `open`: as if it had been asked. `closed`: refused. */
  whenAway: 'last' | 'open' | 'closed';
}

/** Zones in the order in which they are tried, and what becomes of a device that is in none of them. */
export interface AdmissionPlan {
  zones: readonly ZoneAdmission[];
  /** A VLAN for strangers; null: they are refused. */
  strangers: { vlan: number; role: string | null } | null;
  /** Where assets that are held apart go; null: they are refused. A life-critical one is never held apart by itself. */
  apart: { vlan: number; role: string | null } | null;
}

/** A device as admission knows it. */
export interface Admissible extends PolicyAsset {
  macs: readonly string[];
  /** A person, or a rule that a person approved, holds it apart. */
  heldApart: boolean;
}

/** Who asks at a port. */
export interface Asking {
  /** `00:09:fb:92:10:11` */
  mac: string;
  method: 'certificate' | 'address';
  /** The name in the certificate; null without one. */
  name: string | null;
}

export type Admission =
  | {
      verdict: 'accept';
      asset: string | null;
      zone: string | null;
      vlan: number;
      role: string | null;
      because: string;
    }
  | { verdict: 'refuse'; asset: string | null; zone: string | null; ground: RefusalGround; because: string };
/** `nowhere`: in no zone that is admitted. `name`, `method`: it did not prove who it is. `revoked`: a person took its certificate back. */
export type RefusalGround = 'stranger' | 'nowhere' | 'name' | 'method' | 'apart' | 'revoked';

/** An answer with its question. */
export interface Answered {
  admission: Admission;
  asking: Asking;
}

/** Lower case with colons; null where the text is no hardware address of six octets. */
export function hardwareAddress(text: string): string | null {
  const digits = text.toLowerCase().replaceAll(/[:.-]/g, '');
  if (!/^[0-9a-f]{12}$/.test(digits)) return null;
  return digits.match(/../g)!.join(':');
}

/** Devices by each hardware address, and members by zone, so that one question costs no walk over the hospital. */
export class Admitting {
  readonly #plan: AdmissionPlan;
  readonly #byMac: ReadonlyMap<string, Admissible>;
  readonly #members: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    plan: AdmissionPlan,
    zones: readonly { name: string; members: readonly string[] }[],
    devices: readonly Admissible[],
  ) {
    this.#plan = plan;
    this.#byMac = new Map(
      devices.flatMap((device) => device.macs.map((mac) => [mac.toLowerCase(), device] as const)),
    );
    this.#members = new Map(zones.map(({ name, members }) => [name, new Set(members)]));
  }

  /** By hardware address. */
  get devices(): ReadonlyMap<string, Admissible> {
    return this.#byMac;
  }

  decide({ mac, method, name }: Asking): Admission {
    const device = this.#byMac.get(mac);
    if (device === undefined) return this.#stranger(mac);
    const zone = this.zoneOf(device);
    if (zone === null) return refuse(device, null, 'nowhere', 'it is in no zone that the plan admits');
    if (method === 'certificate' && !namesOf(device).includes(name ?? ''))
      return refuse(device, zone, 'name', `the certificate is ${name ?? 'nobody'}'s`);
    if (!zone.accept.includes(method))
      return refuse(
        device,
        zone,
        'method',
        `the zone takes no ${method === 'address' ? 'bare hardware address' : 'certificate'}`,
      );
    return this.#known(device, zone);
  }

  zoneOf({ id }: Admissible): ZoneAdmission | null {
    return this.#plan.zones.find(({ zone }) => this.#members.get(zone)?.has(id)) ?? null;
  }

  /** What the device is answered while nobody can be asked, to which questions; `last` is what it was answered before. */
  whenAway(mac: string, device: Admissible, last: Answered | null): Answered[] {
    const zone = this.zoneOf(device);
    if (zone === null) return [];
    if (isLifeCritical(device) || zone.whenAway === 'last')
      return last?.admission.verdict === 'accept' ? [last] : [];
    if (zone.whenAway === 'closed') return [];
    const admission = this.#known(device, zone);
    return zone.accept
      .flatMap((method) =>
        (method === 'address' ? [null] : namesOf(device)).map((name) => ({ method, name })),
      )
      .map((asked) => ({ admission, asking: { mac, ...asked } }));
  }

  #known(device: Admissible, zone: ZoneAdmission): Admission {
    if (!device.heldApart || isLifeCritical(device))
      return accept(device, zone, zone, `it is in ${zone.zone}`);
    if (this.#plan.apart === null) return refuse(device, zone, 'apart', 'it is held apart');
    return accept(device, zone, this.#plan.apart, 'it is held apart');
  }

  #stranger(mac: string): Admission {
    const { strangers } = this.#plan;
    const because = `nobody knows ${mac}`;
    if (strangers === null)
      return { verdict: 'refuse', asset: null, zone: null, ground: 'stranger', because };
    return { verdict: 'accept', asset: null, zone: null, ...strangers, because };
  }
}

export const isLifeCritical = ({ attributes }: PolicyAsset): boolean =>
  attributes.criticality?.includes('life-critical') ?? false;

/** The names by which a certificate may call a device. */
const namesOf = ({ id, name, attributes }: Admissible): string[] => [
  id,
  name,
  ...(attributes.hostname ?? []),
];

const refuse = (
  { id }: Admissible,
  zone: ZoneAdmission | null,
  ground: RefusalGround,
  because: string,
): Admission => ({ verdict: 'refuse', asset: id, zone: zone?.zone ?? null, ground, because });

const accept = (
  { id }: Admissible,
  { zone }: ZoneAdmission,
  { vlan, role }: { vlan: number; role: string | null },
  because: string,
): Admission => ({ verdict: 'accept', asset: id, zone, vlan, role, because });
