import type { AddressSet, Resolved } from '../resolve.ts';
import { families } from '../resolve.ts';
import { type Family, mergeRanges, type Range } from '../space/addresses.ts';
import { addressClasses } from './address-classes.ts';
import { identifier } from './compiled.ts';

/** Devices that are in the same zones, and so may do the same: what an authentication server gives them one role for. */
export interface Role {
  name: string;
  zones: readonly string[];
  addresses: AddressSet;
}

/** Every combination of zones that an address is in, in the order of the zones. */
export function rolesOf({ zones }: Resolved): Role[] {
  const byZones = new Map<string, { zones: string[]; addresses: Record<Family, Range[]> }>();
  for (const family of families) {
    const sets = zones.map(({ addresses }) => ({
      family,
      sources: addresses[family],
      destinations: [],
    }));
    for (const { ranges, sourceOf } of addressClasses(sets, family)) {
      if (sourceOf.length === 0) continue;
      const key = sourceOf.join(' ');
      const role = byZones.get(key) ?? {
        zones: sourceOf.map((index) => zones[index]!.name),
        addresses: { 4: [], 6: [] },
      };
      role.addresses[family] = mergeRanges(ranges);
      byZones.set(key, role);
    }
  }
  const taken = new Set<string>();
  return [...byZones.values()].map((role) => ({ ...role, name: roleName(role.zones, taken) }));
}

/** Names of roles are at most 63 characters on every system that has them. */
function roleName(zones: readonly string[], taken: Set<string>): string {
  const stem = identifier('wl', zones.join(' and '), 56).replaceAll('_', '-');
  let name = stem;
  for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}`;
  taken.add(name);
  return name;
}
