import type { SafeWindow } from '../../api/usage.ts';
import { WeekTable } from '../../marks/WeekTable.tsx';
import { percent } from './words.ts';
import './usage.css';

interface WeekMapProps {
  /** What the map is of, for whom it is read out. */
  label: string;
  /** 168 shares in use from Monday 0:00; null where nothing is known. */
  week: readonly (number | null)[];
  windows: readonly SafeWindow[];
  /** Null where the hours are those of several zones. */
  timeZone: string | null;
}

/** The week hour by hour: the fuller, the more in use; hatched where nothing is known; proposed windows in a frame. */
export function WeekMap({ label, week, windows, timeZone }: WeekMapProps) {
  const proposed = new Set(
    windows.flatMap(({ day, fromHour, hours }) =>
      Array.from({ length: hours }, (_, at) => day * 24 + fromHour + at),
    ),
  );
  return (
    <div className="stack-tight">
      <WeekTable label={label}>
        {(hour, when) => (
          <Cell key={hour} when={when} share={week[hour] ?? null} proposed={proposed.has(hour)} />
        )}
      </WeekTable>
      <p className="row small dim">
        <span className="week-key" data-share="0" aria-hidden /> not in use
        <span className="week-key" data-share="4" aria-hidden /> always in use
        <span className="week-key week-unknown" aria-hidden /> unknown
        {windows.length > 0 && (
          <>
            <span className="week-key week-proposed" data-share="0" aria-hidden /> proposed window
          </>
        )}
        <span>{timeZone === null ? 'Hours in the time of each site.' : `Hours in ${timeZone}.`}</span>
      </p>
    </div>
  );
}

function Cell({ when, share, proposed }: { when: string; share: number | null; proposed: boolean }) {
  const word = share === null ? 'unknown' : `${percent(share)} in use`;
  return (
    <td
      className={[share === null && 'week-unknown', proposed && 'week-proposed'].filter(Boolean).join(' ')}
      data-share={share === null ? undefined : stepOf(share)}
      title={`${when}: ${word}${proposed ? ', proposed' : ''}`}
    >
      <span className="unseen">{word}</span>
    </td>
  );
}

/** Five steps: nobody tells more shades apart. */
const stepOf = (share: number) =>
  share === 0 ? 0 : share <= 0.1 ? 1 : share <= 0.4 ? 2 : share <= 0.75 ? 3 : 4;
