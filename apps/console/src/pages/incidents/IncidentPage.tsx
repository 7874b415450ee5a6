import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { IncidentDetail } from '../../api/incidents.ts';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { Breach } from './Breach.tsx';
import { ContainDialog } from './ContainDialog.tsx';
import { NoteForm } from './NoteForm.tsx';
import { StateDialog } from './StateDialog.tsx';
import { Steps } from './Steps.tsx';
import { Timeline } from './Timeline.tsx';
import { roleWords, stateWords } from './words.ts';
import './incidents.css';

/** The incident room: what to do next, what was done, which clocks run. Printed, it is the report. */
export function IncidentPage() {
  const { number } = useParams({ strict: false }) as { number: string };
  const { data, error, refetch } = useQuery(queries.incident(number));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The incident" />;
  if (!data) return <Loading label="the incident" rows={10} />;
  return (
    <div className="stack incident">
      <Head incident={data} />
      <Steps incident={data} />
      <Breach incident={data} />
      <section className="card stack" aria-labelledby="timeline">
        <h2 id="timeline">Timeline</h2>
        <NoteForm number={data.number} />
        <Timeline entries={data.timeline} />
      </section>
    </div>
  );
}

function Head({ incident }: { incident: IncidentDetail }) {
  const may = useMay();
  return (
    <section className="card stack-tight" aria-label="The incident">
      <div className="spread">
        <h1>
          {incident.number} · {incident.title}
        </h1>
        <div className="row no-print">
          {may('incident.contain') && incident.state !== 'closed' && <ContainDialog incident={incident} />}
          {may('incident.state') && <StateDialog incident={incident} />}
          <Button variant="default" onClick={() => globalThis.print()}>
            Print the report
          </Button>
        </div>
      </div>
      {incident.drill && <p className="mark mark-unknown">This is a drill</p>}
      <p>
        {incident.playbookTitle}: {incident.when}
      </p>
      <dl className="pairs">
        <dt>State</dt>
        <dd>{stateWords[incident.state]}</dd>
        <dt>Began</dt>
        <dd>
          <When at={incident.began} />, opened by {incident.openedBy} <When at={incident.opened} />
        </dd>
        <dt>Devices</dt>
        <dd>
          {incident.assets.length === 0
            ? 'none named yet'
            : incident.assets.map(({ id, name, criticality }) => (
                <span key={id}>
                  <AppLink href={`/assets/${id}`}>{name}</AppLink> ({criticality}){' '}
                </span>
              ))}
        </dd>
        {incident.duties.map(({ role, person }) => [
          <dt key={`${role}-role`}>{roleWords[role]}</dt>,
          <dd key={role}>{person}</dd>,
        ])}
      </dl>
    </section>
  );
}
