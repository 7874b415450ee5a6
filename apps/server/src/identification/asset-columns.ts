import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Attribute,
  attributes,
  type Conclusion,
  type Conversation,
  criticalities,
} from '@wardline/model';

export type Approved = ReadonlyMap<Attribute, string>;

/** What a list shows of an asset, and sorts and filters by: what a person approved, else what was observed. */
export function assetColumns(
  asset: Asset,
  approved: Approved,
  knowledge: Knowledge,
  seen: readonly Conversation[],
) {
  const text = (attribute: Exclude<Attribute, 'hostname'>) =>
    approved.get(attribute) ?? conclusionOf(asset, attribute)?.value ?? '';
  const classId = text('class');
  const criticality = text('criticality') || 'unknown';
  const words = {
    vendor: text('vendor'),
    model: text('model'),
    serial: text('serial'),
    software: text('software'),
    os: text('os'),
    class: classId,
    class_label: classId === '' ? '' : knowledge.taxonomy.label(classId),
    location: text('location'),
  };
  const hostnames = approved.has('hostname')
    ? [approved.get('hostname')!, ...asset.hostnames]
    : asset.hostnames;
  return {
    id: asset.id,
    name: asset.name,
    ...words,
    grp: knowledge.taxonomy.groupOf(classId || null)?.id ?? 'unknown',
    criticality,
    criticality_rank: rankOf(criticality),
    data_sensitivity: text('dataSensitivity') || 'unknown',
    confidence: approved.has('class') ? 1 : asset.class.confidence,
    conflicting: attributes.some((name) => (conclusionOf(asset, name)?.conflicts.length ?? 0) > 0),
    macs: asset.macs,
    ips: asset.ips,
    hostnames: [...new Set(hostnames)],
    vlans: asset.vlans,
    applications: distinct(seen.map((c) => c.application)),
    protections: distinct(seen.map((c) => c.protection)),
    services: asset.services.length,
    first_seen: asset.firstSeen,
    last_seen: asset.lastSeen,
    search: searchText([asset.name, ...Object.values(words), ...asset.macs, ...asset.ips, ...hostnames]),
  };
}
export type AssetColumns = ReturnType<typeof assetColumns>;

export function conclusionOf(asset: Asset, attribute: Attribute): Conclusion | null {
  return attribute === 'hostname' ? null : asset[attribute];
}

/** Life-critical is 0; what is not known comes last. */
function rankOf(criticality: string): number {
  const rank = (criticalities as readonly string[]).indexOf(criticality);
  return rank === -1 ? criticalities.length : rank;
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}

function searchText(parts: readonly string[]): string {
  return [...new Set(parts)].join(' ').toLowerCase().slice(0, 4000);
}

/** The asset with one placed claim and without what only its own page shows. */
export function slimOf(asset: Asset): Asset {
  const placed = asset.claims.find((claim) => claim.evidence.length > 0);
  const withoutConflicts = Object.fromEntries(
    attributes.flatMap((name) => {
      const conclusion = conclusionOf(asset, name);
      return conclusion ? [[name, { ...conclusion, reason: '', conflicts: [] }]] : [];
    }),
  );
  return { ...asset, ...withoutConflicts, claims: placed ? [placed] : [], services: [], joins: [] };
}
