import { IconX } from '@tabler/icons-react';
import type { Facets } from '../api/types.ts';
import { count } from '../format/number.ts';
import { listOf, toggled, useAddress } from '../shell/address.ts';

/** A filter by its name in the address, with the word a person reads. */
export interface FilterName {
  name: string;
  label: string;
  /** How a value reads; the value itself where absent. */
  word?: (value: string) => string;
}

/** What narrows the list now; each can be taken off alone. */
export function FilterChips({ filters, facets = [] }: { filters: readonly FilterName[]; facets?: Facets }) {
  const { values, change } = useAddress();
  const chips = filters.flatMap((filter) => listOf(values[filter.name]).map((value) => ({ filter, value })));
  if (chips.length === 0) return null;
  const clear = () => change(Object.fromEntries(filters.map((filter) => [filter.name, undefined])));
  return (
    <ul className="plain-list row" aria-label="Filters in force">
      {chips.map(({ filter, value }) => {
        const word = filter.word?.(value) ?? labelOf(facets, filter.name, value);
        return (
          <li key={`${filter.name}=${value}`}>
            <button
              type="button"
              className="chip"
              aria-label={`Take off ${filter.label}: ${word}`}
              onClick={() => change({ [filter.name]: toggled(values[filter.name], value), row: undefined })}
            >
              <span className="dim">{filter.label}</span> {word}
              <IconX size={14} aria-hidden />
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" className="link-button" onClick={clear}>
          Clear all
        </button>
      </li>
    </ul>
  );
}

function labelOf(facets: Facets, field: string, value: string): string {
  return (
    facets.find((facet) => facet.field === field)?.values.find((entry) => entry.value === value)?.label ??
    value
  );
}

/** How many values of one facet are shown before the rest folds away. */
const FACET_SHORT = 7;

/** The sidebar: every value with how many rows it has under the other filters. */
export function FacetSidebar({
  filters,
  facets,
}: {
  filters: readonly FilterName[];
  facets: Facets | undefined;
}) {
  return (
    <aside className="facets" aria-label="Filters">
      {filters.map((filter) => {
        const values = facets?.find((facet) => facet.field === filter.name)?.values ?? [];
        return values.length === 0 ? null : <FacetGroup key={filter.name} filter={filter} entries={values} />;
      })}
    </aside>
  );
}

function FacetGroup({ filter, entries }: { filter: FilterName; entries: Facets[number]['values'] }) {
  const { values, change } = useAddress();
  const chosen = listOf(values[filter.name]);
  const first = entries.filter((entry, index) => index < FACET_SHORT || chosen.includes(entry.value));
  const rest = entries.filter((entry) => !first.includes(entry));
  const option = (entry: Facets[number]['values'][number]) => (
    <label key={entry.value} className="facet-option">
      <input
        type="checkbox"
        checked={chosen.includes(entry.value)}
        onChange={() => change({ [filter.name]: toggled(values[filter.name], entry.value), row: undefined })}
      />
      <span className="facet-label" title={entry.label}>
        {filter.word?.(entry.value) ?? entry.label}
      </span>
      <span className="dim">{count(entry.count)}</span>
    </label>
  );
  return (
    <fieldset className="facet">
      <legend>{filter.label}</legend>
      {first.map(option)}
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          {rest.map(option)}
        </details>
      )}
    </fieldset>
  );
}
