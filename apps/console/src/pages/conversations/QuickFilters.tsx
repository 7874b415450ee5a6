import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { count } from '../../format/number.ts';
import { applicationWord, NO_APPLICATION, protectionWord } from '../../format/words.ts';
import { listOf, toggled, useAddress } from '../../shell/address.ts';

/** The commonest protections and applications as one-click filters, with how many there are in all. */
export function QuickFilters() {
  const { values, change } = useAddress();
  const { data } = useQuery(queries.overview());
  if (!data) return <div style={{ height: 28 }} />;
  const protections = Object.entries(data.conversations.byProtection).sort((a, b) => b[1] - a[1]);
  const quick = [
    ...protections
      .slice(0, 4)
      .map(([value, number]) => ['protection', value, protectionWord(value), number] as const),
    ...data.conversations.byApplication.slice(0, 6).map((entry) => {
      const value = entry.application === 'unknown' ? NO_APPLICATION : entry.application;
      return ['application', value, applicationWord(value), entry.count] as const;
    }),
  ];
  return (
    <fieldset className="row facet" aria-label="Common filters" style={{ margin: 0 }}>
      {quick.map(([name, value, label, number]) => (
        <button
          key={name + value}
          type="button"
          className="chip"
          aria-pressed={listOf(values[name]).includes(value)}
          onClick={() => change({ [name]: toggled(values[name], value), row: undefined })}
        >
          {label} <span className="dim">{count(number)}</span>
        </button>
      ))}
    </fieldset>
  );
}
