import type { Trust } from '../../api/trust.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { daysLeft } from './words.ts';

const SHOWN = 5;

/** What a person has to do, or to see coming. */
export function EndsNext({ trust: { next, counts, asOf, calendar } }: { trust: Trust }) {
  const hardware = counts.claimed + counts.proved;
  return (
    <section className="card stack-tight" aria-labelledby="ends-next">
      <h2 id="ends-next">What ends next</h2>
      {counts.waiting > 0 && (
        <p>
          <AppLink href="/enrolments">
            {counted(counts.waiting, 'enrolment waits', 'enrolments wait')} for a person
          </AppLink>
        </p>
      )}
      {next.length === 0 && <p className="dim">Nothing: no zone has an authority yet.</p>}
      <ul className="plain-list stack-tight">
        {next.slice(0, SHOWN).map(({ at, text, certificate }) => (
          <li key={`${at} ${text}`}>
            <span className="dim">
              <When at={at} /> ({daysLeft(at, asOf)})
            </span>{' '}
            {certificate === null ? (
              text
            ) : (
              <AppLink href={`/certificates?row=${certificate}`}>{text}</AppLink>
            )}
          </li>
        ))}
      </ul>
      {counts.valid + counts.due > 0 && (
        <p className="small dim">
          Of {counted(counts.valid + counts.due, 'key', 'keys')} in use {counts.proved} are proved to lie in
          hardware, {hardware - counts.proved} are said to, of the rest nothing is known.
        </p>
      )}
      {calendar.length > 0 && <Calendar days={calendar} />}
    </section>
  );
}

/** By day; a table, so that it can be read and copied. */
function Calendar({ days }: { days: Trust['calendar'] }) {
  return (
    <details>
      <summary>Calendar of renewals and ends</summary>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">Renewals due</th>
            <th scope="col">End unless renewed</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, renewals, ends }) => (
            <tr key={day}>
              <td>{day}</td>
              <td>{renewals}</td>
              <td>{ends}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
