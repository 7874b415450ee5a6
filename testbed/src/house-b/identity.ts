/** What a device is made by and how it goes by its name; the same place can be taken by another maker's device. */
export interface Identity {
  hostname: string;
  /** First three octets of its hardware address. */
  oui: string;
  vendor: string | null;
  model: string | null;
  serial: string | null;
  software: string | null;
  /** DHCP option 60; null: its address is fixed. */
  vendorClass: string | null;
  /** Where its service listens, if it may choose. */
  port?: number;
  /** What it calls itself in a protocol that has such a field (User-Agent, product, friendly name). */
  agent?: string;
}

export type Identities = Record<string, Identity>;

/** A machine of the data centre that tells nothing of its maker. */
export function machine(hostname: string, oui: string, more: Partial<Identity> = {}): Identity {
  const nothing = { vendor: null, model: null, serial: null, software: null, vendorClass: null };
  return { hostname, oui, ...nothing, ...more };
}

/** A device of a maker: host name, address block, maker, model, serial number, software, DHCP vendor class. */
export function made(
  hostname: string,
  oui: string,
  [vendor, model, serial, software]: readonly (string | null)[],
  vendorClass: string | null = null,
  more: Partial<Identity> = {},
): Identity {
  const product = { vendor: vendor ?? null, model: model ?? null, serial: serial ?? null };
  return { hostname, oui, ...product, software: software ?? null, vendorClass, ...more };
}
