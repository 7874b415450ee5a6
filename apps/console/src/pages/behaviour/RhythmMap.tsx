import { WeekTable } from '../../marks/WeekTable.tsx';

/** The week hour by hour: the fuller, the more was said in that hour; for a class, the more of its devices spoke. */
export function RhythmMap({
  label,
  week,
  of,
}: {
  label: string;
  week: readonly number[];
  of: number | null;
}) {
  const most = of ?? Math.max(1, ...week);
  return (
    <WeekTable label={label} zone="UTC">
      {(hour, when) => <Cell key={hour} when={when} times={week[hour] ?? 0} most={most} of={of} />}
    </WeekTable>
  );
}

function Cell({ when, times, most, of }: { when: string; times: number; most: number; of: number | null }) {
  const word = times === 0 ? 'nothing' : of === null ? `in ${times} weeks` : `${times} of ${of} devices`;
  return (
    <td data-share={Math.ceil((Math.min(times, most) / Math.max(1, most)) * 4)} title={`${when}: ${word}`}>
      <span className="unseen">{word}</span>
    </td>
  );
}
