import {
  type Condition,
  formatAddress,
  parseAddressRange,
  type Selectable,
  type Zone,
} from '@wardline/policy';
import { type RawBuilder, sql } from 'kysely';

/** Columns with one value, where the empty text is what is not known. */
const scalars: Partial<Record<Selectable, string>> = {
  asset: 'id',
  name: 'name',
  class: 'class',
  group: 'grp',
  vendor: 'vendor',
  model: 'model',
  criticality: 'criticality',
  dataSensitivity: 'data_sensitivity',
  location: 'location',
  department: 'department',
  owner: 'owner',
  assurance: 'assurance',
};
const lists: Partial<Record<Selectable, string>> = {
  hostname: 'hostnames',
  vlan: 'vlans',
  address: 'ips',
  posture: 'posture',
};

/** True in the database for the assets of a zone, as `holds` is in the policy's own engine; `alias` is the table's. */
export function membersOf({ members, addresses }: Zone, alias: string): RawBuilder<unknown> {
  const parts = [
    ...(members === null ? [] : [conditionOf(members, alias)]),
    // Addresses belong to a zone whoever holds them. `outside` is the rest of the world and holds no device of the hospital.
    ...(addresses.length === 0 ? [] : [addressIn(addresses, alias)]),
  ];
  return either(parts);
}

const either = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`;

function conditionOf(condition: Condition, alias: string): RawBuilder<unknown> {
  if ('all' in condition) {
    const parts = condition.all.map((part) => conditionOf(part, alias));
    return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
  }
  if ('any' in condition) return either(condition.any.map((part) => conditionOf(part, alias)));
  if ('not' in condition) return sql`not ${conditionOf(condition.not, alias)}`;
  if ('in' in condition && condition.attribute === 'address') return addressIn(condition.in, alias);
  const values = valuesOf(condition.attribute, alias);
  // Nothing in the inventory says it of any asset yet.
  if (values === null) return sql`false`;
  const fits =
    'in' in condition
      ? sql`value = any(${[...condition.in]}::text[])`
      : sql`position(${condition.contains.toLowerCase()} in lower(value)) > 0`;
  return sql`exists (select 1 from unnest(${values}) value where ${fits})`;
}

function valuesOf(attribute: Selectable, alias: string): RawBuilder<unknown> | null {
  const [scalar, list] = [scalars[attribute], lists[attribute]];
  if (list !== undefined) return sql`${sql.ref(`${alias}.${list}`)}::text[]`;
  if (scalar === undefined) return null;
  return sql`array_remove(array[${sql.ref(`${alias}.${scalar}`)}], '')`;
}

function addressIn(texts: readonly string[], alias: string): RawBuilder<unknown> {
  const ranges = texts.flatMap((text) => {
    const range = parseAddressRange(text);
    return range === null ? [] : [range];
  });
  const ends = (end: 'first' | 'last') =>
    ranges.map(({ family, [end]: value }) => formatAddress(family, value));
  return sql`exists (select 1 from unnest(${sql.ref(`${alias}.ips`)}) ip,
    unnest(${ends('first')}::inet[], ${ends('last')}::inet[]) as range (first, last)
    where case when pg_input_is_valid(ip, 'inet') then ip::inet between first and last else false end)`;
}
