import { Unknown } from '../../marks/marks.tsx';

const words = { affected: 'Affected', 'not-affected': 'Not affected' } as const;

/** Affected in full ink; unknown hatched, never green. */
export function VerdictMark({ value }: { value: 'affected' | 'not-affected' | 'unknown' }) {
  if (value === 'unknown') return <Unknown />;
  return <span className={`mark ${value === 'affected' ? 'criticality-high' : ''}`}>{words[value]}</span>;
}
