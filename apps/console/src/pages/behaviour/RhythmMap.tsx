import { dayWords } from '../plan/words.ts';
import '../usage/usage.css';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      <table className="week-map">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Day, UTC</span>
            </th>
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dayWords.map((word, day) => (
            <tr key={word}>
              <th scope="row">{word.slice(0, 3)}</th>
              {HOURS.map((hour) => (
                <Cell
                  key={hour}
                  when={`${word} ${hour}:00 UTC`}
                  times={week[day * 24 + hour] ?? 0}
                  most={most}
                  of={of}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
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
