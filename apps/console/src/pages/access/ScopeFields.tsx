import { TextInput } from '@mantine/core';
import { zoneSchema } from '@wardline/model';
import { listTyped } from '../../format/words.ts';

/** What a person typed of where a role shall hold. */
export interface TypedScope {
  sites: string;
  zones: string;
}

export const everywhere: TypedScope = { sites: '', zones: '' };

export function scopeOf({ sites, zones }: TypedScope): { sites: number[] | null; zones: string[] | null } {
  return { sites: listTyped(sites)?.map(Number) ?? null, zones: listTyped(zones) };
}

const areSites = ({ sites }: TypedScope): boolean =>
  (listTyped(sites) ?? []).every((site) => /^[1-9]\d{0,8}$/.test(site));

const areZones = ({ zones }: TypedScope): boolean =>
  (listTyped(zones) ?? []).every((zone) => zoneSchema.safeParse(zone).success);

/** False while a part of it cannot be read. */
export const isScope = (scope: TypedScope): boolean => areSites(scope) && areZones(scope);

/** Sites and zones, with commas between; empty is everywhere. */
export function ScopeFields({
  value,
  onChange,
}: {
  value: TypedScope;
  onChange: (value: TypedScope) => void;
}) {
  return (
    <div className="access-scope">
      <TextInput
        label="Only in these zones"
        description="VLANs, networks, departments, groups or zones of the policy: vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps. Empty: in all."
        error={areZones(value) ? undefined : 'Each zone in one of the forms above, with commas between'}
        value={value.zones}
        onChange={(event) => onChange({ ...value, zones: event.currentTarget.value })}
      />
      <TextInput
        label="Only at these sites"
        description="Their numbers, as Settings → Sites lists them. Empty: at all."
        error={areSites(value) ? undefined : 'Whole numbers with commas between'}
        value={value.sites}
        onChange={(event) => onChange({ ...value, sites: event.currentTarget.value })}
      />
    </div>
  );
}
