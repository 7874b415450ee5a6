import type { AssetGroup } from '@wardline/identify';
import { endpointKey } from '@wardline/model';

/**
 * Gives each group the id of the asset that most of its endpoints had, so that an asset keeps its name while addresses
 * come and go; `foreign` are the ids of other sites. Larger overlaps choose first; a group without a past keeps the id that its strongest address gives it.
 */
export function stickyIds(
  groups: readonly AssetGroup[],
  currentOf: ReadonlyMap<string, string | null>,
  foreign: Iterable<string> = [],
): AssetGroup[] {
  const claims = groups.flatMap((group, index) => overlaps(group, currentOf).map((o) => ({ index, ...o })));
  claims.sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.index - b.index));
  const chosen = new Map<number, string>();
  const taken = new Set(foreign);
  for (const { index, id } of claims) {
    if (chosen.has(index) || taken.has(id)) continue;
    chosen.set(index, id);
    taken.add(id);
  }
  return groups.map((group, index) => ({ ...group, id: chosen.get(index) ?? fresh(group.id, taken) }));
}

function overlaps(
  group: AssetGroup,
  currentOf: ReadonlyMap<string, string | null>,
): { id: string; size: number }[] {
  const sizes = new Map<string, number>();
  for (const endpoint of group.endpoints) {
    const id = currentOf.get(endpointKey(endpoint));
    if (id) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  }
  return [...sizes].map(([id, size]) => ({ id, size }));
}

function fresh(id: string, taken: Set<string>): string {
  let candidate = id;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${id}-${number}`;
  taken.add(candidate);
  return candidate;
}
