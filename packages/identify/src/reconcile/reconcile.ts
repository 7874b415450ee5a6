import type { Knowledge } from '@wardline/knowledge';
import type { Asset, Reconciliation, RegisterEntry } from '@wardline/model';
import { differences } from './differences.ts';
import { type Pairing, pairings } from './match.ts';

/**
 * Holds the register against the network. Every entry and every asset is paired at most once, the best telling field
 * first (serial, MAC, host name, IP address; among equals, agreement of vendor and model). The order of the lists does not
 * matter. Hosts outside the hospital are no shadow devices and are left out.
 */
export function reconcile(
  register: readonly RegisterEntry[],
  assets: readonly Asset[],
  knowledge: Knowledge,
): Reconciliation[] {
  const pairs = assign(pairings(register, assets, knowledge.vendors));
  const paired = new Set([...pairs.values()].map((pair) => pair.asset.id));
  const entries = register.map((entry) => {
    const pair = pairs.get(entry);
    return pair === undefined ? missing(entry) : compared(pair, knowledge);
  });
  const shadows = assets
    .filter((asset) => !paired.has(asset.id) && asset.class.value !== 'external-host')
    .map((asset) => shadow(asset, knowledge));
  return unique([...entries, ...shadows]).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function assign(sorted: readonly Pairing[]): Map<RegisterEntry, Pairing> {
  const pairs = new Map<RegisterEntry, Pairing>();
  const taken = new Set<string>();
  for (const pair of sorted) {
    if (pairs.has(pair.entry) || taken.has(pair.asset.id)) continue;
    pairs.set(pair.entry, pair);
    taken.add(pair.asset.id);
  }
  return pairs;
}

const FIELD_WORDS = { serial: 'serial number', mac: 'MAC address', hostname: 'host name', ip: 'IP address' };

function compared({ entry, asset, by, value }: Pairing, knowledge: Knowledge): Reconciliation {
  const found = differences(entry, asset, knowledge);
  const same = `Both have the ${FIELD_WORDS[by]} ${value}.`;
  const contrary = found
    .map((d) => `${d.field}: registered ${d.registered}, observed ${d.observed}`)
    .join('; ');
  return {
    key: keyOf(entry),
    state: found.length === 0 ? 'matched' : 'conflicting',
    asset: asset.id,
    tag: entry.tag,
    matchedBy: by,
    reason: found.length === 0 ? same : `${same} They differ in ${contrary}.`,
    differences: found,
  };
}

function missing(entry: RegisterEntry): Reconciliation {
  const has = [entry.serial, ...entry.macs, entry.hostname, ...entry.ips].filter((value) => value);
  const reason =
    has.length === 0
      ? 'The register holds no serial number, MAC address, host name or IP address to find it by.'
      : `Nothing seen on the network has ${has.slice(0, 4).join(', ')}.`;
  return { ...blank(keyOf(entry), 'missing', reason), tag: entry.tag };
}

/** Every device that no entry knows; the reason says how much it matters. */
function shadow(asset: Asset, knowledge: Knowledge): Reconciliation {
  const group = knowledge.taxonomy.groupOf(asset.class.value);
  return { ...blank(`asset:${asset.id}`, 'shadow', shadowReason(asset, group, knowledge)), asset: asset.id };
}

function shadowReason(
  asset: Asset,
  group: ReturnType<Knowledge['taxonomy']['groupOf']>,
  { taxonomy }: Knowledge,
): string {
  const what = taxonomy.label(asset.class.value);
  if (asset.class.value === null)
    return 'Not in the register, and it is not known what it is: find out first.';
  if (group?.clinical)
    return `${what} at work that no register knows: register it, or find out who brought it.`;
  if (group?.id === 'network')
    return `${what}: not in the register; usually kept in the network team's own list.`;
  return `${what} that is not in the register.`;
}

function blank(key: string, state: Reconciliation['state'], reason: string): Reconciliation {
  return { key, state, asset: null, tag: null, matchedBy: null, reason, differences: [] };
}

function keyOf(entry: RegisterEntry): string {
  return entry.tag === '' ? `row:${entry.row}` : entry.tag;
}

/** A register may hold a tag twice; each line keeps a key of its own. */
function unique(lines: readonly Reconciliation[]): Reconciliation[] {
  const counts = new Map<string, number>();
  return lines.map((line) => {
    const count = (counts.get(line.key) ?? 0) + 1;
    counts.set(line.key, count);
    return count === 1 ? line : { ...line, key: `${line.key}#${count}` };
  });
}
