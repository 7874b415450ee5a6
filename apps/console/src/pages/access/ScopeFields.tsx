import { TextInput } from '@mantine/core';
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

export const isScope = ({ sites }: TypedScope): boolean =>
  (listTyped(sites) ?? []).every((site) => /^[1-9]\d{0,8}$/.test(site));

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
        description="For example vlan:20, vlan:30. Empty: in all."
        value={value.zones}
        onChange={(event) => onChange({ ...value, zones: event.currentTarget.value })}
      />
      <TextInput
        label="Only at these sites"
        description="Their numbers. Empty: at all."
        error={isScope(value) ? undefined : 'Whole numbers with commas between'}
        value={value.sites}
        onChange={(event) => onChange({ ...value, sites: event.currentTarget.value })}
      />
    </div>
  );
}
