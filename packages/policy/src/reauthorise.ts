import type { Condition, Policy, Selectable, Zone } from './policy.ts';
import { holds, type PolicyAsset } from './resolve.ts';

/** A device as the zones of a policy chose it: what it was then, and where that put it. */
export interface Authorised {
  zones: readonly string[];
  name: string;
  attributes: PolicyAsset['attributes'];
}

/** What of a device changed, of that by which the zones concerned choose. */
export interface AttributeChange {
  attribute: string;
  was: readonly string[];
  is: readonly string[];
}

export interface Move {
  asset: string;
  from: readonly string[];
  to: readonly string[];
  because: readonly AttributeChange[];
}

/** What becomes of every device when what is known of devices changed under one policy. */
export interface Reauthorisation {
  /** By device: as it counts from now on. */
  rows: Map<string, Authorised>;
  /** Chosen by other zones than before. */
  moved: Move[];
  /** They would leave a zone, and stay until a person decides. */
  held: Move[];
  /** Seen for the first time, in a zone. */
  joined: string[];
  gone: string[];
}

/**
 * Authorises every device again. One that is protected (somebody's life hangs on it) leaves no zone by itself: it counts as it was until
 * a person decides; what it would gain by a change that takes something too waits as well. Where not its attributes but its
 * addresses moved it, nothing can be held: the addresses are where its packets are.
 */
export function reauthorise(
  policy: Policy,
  before: ReadonlyMap<string, Authorised>,
  assets: readonly PolicyAsset[],
  isProtected: (asset: PolicyAsset, before: Authorised) => boolean,
): Reauthorisation {
  const found: Reauthorisation = { rows: new Map(), moved: [], held: [], joined: [], gone: [] };
  for (const asset of assets) {
    const known = before.get(asset.id);
    const now = authorised(policy, asset);
    if (known === undefined) {
      found.rows.set(asset.id, now);
      if (now.zones.length > 0) found.joined.push(asset.id);
      continue;
    }
    found.rows.set(asset.id, decided(policy, asset, known, now, { found, isProtected }));
  }
  for (const id of before.keys()) if (!found.rows.has(id)) found.gone.push(id);
  return found;
}

interface Deciding {
  found: Reauthorisation;
  isProtected: (asset: PolicyAsset, before: Authorised) => boolean;
}

function decided(
  policy: Policy,
  asset: PolicyAsset,
  known: Authorised,
  now: Authorised,
  { found, isProtected }: Deciding,
): Authorised {
  const lost = known.zones.filter((zone) => !now.zones.includes(zone));
  const gained = now.zones.filter((zone) => !known.zones.includes(zone));
  if (lost.length === 0 && gained.length === 0) return now;
  const because = changesOf(policy, [...lost, ...gained], known, asset);
  const move: Move = { asset: asset.id, from: known.zones, to: now.zones, because };
  if (lost.length > 0 && isProtected(asset, known) && canBeHeld(policy, asset, known)) {
    found.held.push(move);
    return known;
  }
  found.moved.push(move);
  return now;
}

/** A device under one policy, as it is now. */
export function authorised(policy: Policy, asset: PolicyAsset): Authorised {
  return { zones: zonesOf(policy, asset), name: asset.name, attributes: asset.attributes };
}

/** A device as it counts: what it was when it was authorised, at the addresses that it has now. */
export const asAuthorised = (asset: PolicyAsset, { name, attributes }: Authorised): PolicyAsset => ({
  ...asset,
  name,
  attributes,
});

const zonesOf = ({ zones }: Policy, asset: PolicyAsset): string[] =>
  zones.filter(({ members }) => members !== null && holds(members, asset)).map(({ name }) => name);

function canBeHeld(policy: Policy, asset: PolicyAsset, known: Authorised): boolean {
  const zones = zonesOf(policy, asAuthorised(asset, known));
  return known.zones.every((zone) => zones.includes(zone));
}

/** Attributes that the selectors of these zones ask, where they changed. */
function changesOf(
  { zones }: Policy,
  names: readonly string[],
  known: Authorised,
  asset: PolicyAsset,
): AttributeChange[] {
  const asked = new Set(
    zones.filter(({ name }) => names.includes(name)).flatMap((zone) => [...attributesOf(zone)]),
  );
  return [...asked].flatMap((attribute): AttributeChange[] => {
    const [was, is] = [valuesOf(known, attribute), valuesOf(asset, attribute)];
    if (attribute === 'address') return [{ attribute, was: [], is: asset.ips }];
    return was.join('\n') === is.join('\n') ? [] : [{ attribute, was, is }];
  });
}

function valuesOf(of: Pick<PolicyAsset, 'name' | 'attributes'>, attribute: Selectable): readonly string[] {
  if (attribute === 'name') return [of.name];
  if (attribute === 'asset' || attribute === 'address') return [];
  return of.attributes[attribute] ?? [];
}

function attributesOf({ members }: Zone): Set<Selectable> {
  const found = new Set<Selectable>();
  const look = (condition: Condition): void => {
    if ('all' in condition) for (const part of condition.all) look(part);
    else if ('any' in condition) for (const part of condition.any) look(part);
    else if ('not' in condition) look(condition.not);
    else found.add(condition.attribute);
  };
  if (members !== null) look(members);
  return found;
}
