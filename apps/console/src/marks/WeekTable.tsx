import type { ReactNode } from 'react';
import { dayWords } from '../format/days.ts';
import './week-table.css';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

interface WeekTableProps {
  /** What the week is of, for whom it is read out. */
  label: string;
  /** Behind the day and the hour; empty where the zone stands elsewhere. */
  zone?: string;
  /** A cell by its hour from Monday 0:00, and what that hour is called. */
  children: (hour: number, when: string) => ReactNode;
}

/** A week, a day in each row and an hour in each column. */
export function WeekTable({ label, zone = '', children }: WeekTableProps) {
  const behind = zone === '' ? '' : ` ${zone}`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label={label} tabIndex={0}>
      <table className="week-map">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Day{zone === '' ? '' : `, ${zone}`}</span>
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
              {HOURS.map((hour) => children(day * 24 + hour, `${word} ${hour}:00${behind}`))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
