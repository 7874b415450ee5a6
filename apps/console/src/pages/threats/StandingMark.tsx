import type { WeighedThreatTold } from '../../api/threats.ts';
import { Unknown } from '../../marks/marks.tsx';

/** Open, unknown or mitigated; unknown is hatched and never green, what is only possible says so. */
export function StandingMark({
  value,
  onlyPossible = false,
}: {
  value: WeighedThreatTold['standing'];
  onlyPossible?: boolean;
}) {
  if (value === 'unknown') return <Unknown word={onlyPossible ? 'Possible' : 'Unknown'} />;
  return (
    <span className={`mark ${value === 'open' ? 'criticality-high' : ''}`}>
      {value === 'open' ? 'Open' : 'Mitigated'}
    </span>
  );
}
