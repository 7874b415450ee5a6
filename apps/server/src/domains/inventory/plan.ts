import { type AssetRow, type assetFilterQuery, formatMicros, severities } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../http/list.ts';

export type AssetFilter = z.infer<typeof assetFilterQuery>;
type FilterField = Exclude<keyof AssetFilter, 'q' | 'conflict'>;

/** How each filter asks its column; the facets are counted on the same columns. */
export const filterColumns: Readonly<Record<FilterField, { column: string; list: boolean }>> = {
  site: { column: 'site', list: false },
  class: { column: 'class', list: false },
  group: { column: 'grp', list: false },
  vendor: { column: 'vendor', list: false },
  criticality: { column: 'criticality', list: false },
  dataSensitivity: { column: 'data_sensitivity', list: false },
  register: { column: 'register', list: false },
  vlan: { column: 'vlans', list: true },
  application: { column: 'applications', list: true },
  protection: { column: 'protections', list: true },
  finding: { column: 'rules', list: true },
  severity: { column: 'severities', list: true },
};
export const filterFields = Object.keys(filterColumns) as FilterField[];

/** The conditions of a filter; `without` leaves one out, as its own facet does. */
export function assetConditions(filter: AssetFilter, without?: FilterField): RawBuilder<unknown>[] {
  const words = wordsOf(filter.q).map((word) => sql`a.search like ${word}`);
  const fields = filterFields.filter((field) => field !== without && filter[field] !== undefined);
  return [
    sql`not a.gone`,
    ...words,
    ...(filter.conflict === undefined ? [] : [sql`a.conflicting = ${filter.conflict === 'yes'}`]),
    ...fields.map((field) => fieldCondition(field, valuesOf(filter[field]))),
  ];
}

function fieldCondition(field: FilterField, values: string[]): RawBuilder<unknown> {
  const { column, list } = filterColumns[field];
  const name = sql.raw(`a.${column}`);
  if (field === 'site') return sql`${name} = any(${numbersOf(values)}::int[])`;
  if (field === 'vlan') {
    const numbers = numbersOf(values);
    const untagged = values.includes('none') ? sql` or cardinality(${name}) = 0` : sql``;
    return sql`(${name} && ${numbers}::int[]${untagged})`;
  }
  if (list) return sql`${name} && ${values}::text[]`;
  // `unknown` asks for what has no value.
  return sql`${name} = any(${values.flatMap((v) => (v === 'unknown' ? ['unknown', ''] : [v]))}::text[])`;
}

const numbersOf = (values: readonly string[]) => values.filter((v) => /^\d{1,9}$/.test(v)).map(Number);

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

export const assetSorts: Record<string, SortColumn> = {
  name: column('a.name'),
  site: column('a.site', 'number'),
  vendor: column('a.vendor'),
  model: column('a.model'),
  serial: column('a.serial'),
  software: column('a.software'),
  os: column('a.os'),
  class: column('a.class_label'),
  classLabel: column('a.class_label'),
  group: column('a.grp'),
  criticality: column('a.criticality_rank', 'number'),
  dataSensitivity: column('a.data_sensitivity'),
  confidence: column('a.confidence', 'real'),
  location: column('a.location'),
  department: column('a.department'),
  owner: column('a.owner'),
  register: column('a.register'),
  services: column('a.services', 'number'),
  peers: column('a.peers', 'number'),
  findings: column('a.risk', 'number'),
  firstSeen: column('a.first_seen', 'number'),
  lastSeen: column('a.last_seen', 'number'),
};

export function assetPlan(filter: AssetFilter): ListPlan<StoredAssetRow> {
  return {
    from: sql`asset a`,
    columns: assetRowColumns,
    where: assetConditions(filter),
    id: column('a.id'),
    sorts: assetSorts,
    defaultSort: 'name',
    row: assetRow,
  };
}

export const assetRowColumns =
  sql.raw(`a.id, a.site, a.name, a.vendor, a.model, a.serial, a.software, a.os, a.class,
  a.class_label, a.grp, a.criticality, a.data_sensitivity, a.confidence, a.macs, a.ips, a.hostnames, a.vlans, a.location,
  a.department, a.owner, a.register, a.findings, a.services, a.peers, a.first_seen, a.last_seen`);

export interface StoredAssetRow {
  id: string;
  site: number;
  name: string;
  vendor: string;
  model: string;
  serial: string;
  software: string;
  os: string;
  class: string;
  class_label: string;
  grp: string;
  criticality: AssetRow['criticality'];
  data_sensitivity: AssetRow['dataSensitivity'];
  confidence: number;
  macs: string[];
  ips: string[];
  hostnames: string[];
  vlans: number[];
  location: string;
  department: string;
  owner: string;
  register: string;
  findings: Record<string, number>;
  services: number;
  peers: number;
  first_seen: number;
  last_seen: number;
}

const orNull = (text: string) => (text === '' ? null : text);

export function assetRow(row: StoredAssetRow): AssetRow {
  const { id, site, name, confidence, macs, ips, hostnames, vlans, services, peers } = row;
  return {
    id,
    site,
    name,
    confidence,
    macs,
    ips,
    hostnames,
    vlans,
    services,
    peers,
    vendor: orNull(row.vendor),
    model: orNull(row.model),
    serial: orNull(row.serial),
    software: orNull(row.software),
    os: orNull(row.os),
    class: orNull(row.class),
    classLabel: orNull(row.class_label),
    group: orNull(row.grp),
    criticality: row.criticality,
    dataSensitivity: row.data_sensitivity,
    location: orNull(row.location),
    department: orNull(row.department),
    owner: orNull(row.owner),
    register: orNull(row.register) as AssetRow['register'],
    findings: severityCounts(row.findings),
    firstSeen: formatMicros(row.first_seen),
    lastSeen: formatMicros(row.last_seen),
  };
}

/** Every severity with its count, none left out. */
export function severityCounts(counts: Readonly<Record<string, number>>): AssetRow['findings'] {
  return Object.fromEntries(severities.map((s) => [s, counts[s] ?? 0])) as AssetRow['findings'];
}
