import { Button } from '@mantine/core';
import { useState } from 'react';
import type { IncidentBreach, IncidentDetail } from '../../api/incidents.ts';
import { Unknown } from '../../marks/marks.tsx';
import { useMay } from '../../shell/permissions.ts';
import { BreachForm } from './BreachForm.tsx';
import { noticeWords, verdictWords } from './words.ts';

/** Whether protected health information was breached, why, and until when whom has to be told. */
export function Breach({ incident }: { incident: IncidentDetail }) {
  const may = useMay();
  const [isEditing, setIsEditing] = useState(false);
  const { breach } = incident;
  return (
    <section className="card stack-tight" aria-labelledby="breach">
      <div className="spread">
        <h2 id="breach">Protected health information</h2>
        {may('incident.breach') && !isEditing && (
          <Button className="no-print" variant="default" size="xs" onClick={() => setIsEditing(true)}>
            {breach === null ? 'Assess…' : 'Assess again…'}
          </Button>
        )}
      </div>
      {breach === null ? <Unknown word="Not assessed yet" /> : <Assessed breach={breach} />}
      {isEditing && <BreachForm incident={incident} onDone={() => setIsEditing(false)} />}
    </section>
  );
}

function Assessed({ breach }: { breach: IncidentBreach }) {
  return (
    <>
      <p>
        <strong>{verdictWords[breach.verdict]}.</strong>{' '}
        {breach.notifiable ? 'Notices are due.' : 'No notice is due.'}
      </p>
      <ul>
        {breach.because.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Who is told</th>
            <th scope="col">Last day</th>
            <th scope="col">Told</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {breach.clocks.map((clock) => (
            <tr key={clock.notice}>
              <td>
                {noticeWords[clock.notice]} <span className="small dim">45 CFR {clock.clause}</span>
              </td>
              <td>
                {clock.due}
                {clock.isOver && <strong className="form-error"> is over</strong>}
              </td>
              <td>{clock.notice === 'records' ? '–' : (clock.given ?? 'not yet')}</td>
              <td>{clock.because}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
