import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { type IncidentRow, incidentActs } from '../../api/incidents.ts';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { Contacts } from './Contacts.tsx';
import { stateWords } from './words.ts';

/** Incidents and drills, those that are open first, and whom to call. */
export function IncidentsPage() {
  const { data, error, refetch } = useQuery(queries.incidents());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The incidents" />;
  if (!data) return <Loading label="incidents" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <h1>Incidents</h1>
        <OpenIncident />
      </div>
      {data.items.length === 0 ? (
        <Empty title="No incident, and no drill yet">
          Open one when something happens, or as a drill: the playbook says who does what, and who must be at
          the bedside first.
        </Empty>
      ) : (
        <IncidentTable rows={data.items} />
      )}
      <Contacts />
    </div>
  );
}

function IncidentTable({ rows }: { rows: readonly IncidentRow[] }) {
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">Incident</th>
          <th scope="col">State</th>
          <th scope="col">Steps settled</th>
          <th scope="col">Next notice due</th>
          <th scope="col">Began</th>
          <th scope="col">Opened by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.number}>
            <td>
              <AppLink href={`/incidents/${row.number}`}>
                {row.number} · {row.title}
              </AppLink>
              <div className="small dim">
                {row.playbookTitle}
                {row.drill && ' · drill'}
              </div>
            </td>
            <td>{stateWords[row.state]}</td>
            <td>
              {row.stepsDone} of {row.steps}
            </td>
            <td>{row.nextClock ?? <span className="dim">none</span>}</td>
            <td>
              <When at={row.began} />
            </td>
            <td>{row.openedBy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OpenIncident() {
  const may = useMay();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [playbook, setPlaybook] = useState<string | null>(null);
  const [title, setTitle] = useState('');
  const [drill, setDrill] = useState(false);
  const { data } = useQuery(queries.playbooks());
  if (!may('incident.open')) return null;
  const chosen = data?.playbooks.find(({ id }) => id === playbook);
  return (
    <>
      <Button onClick={() => setAsking(true)}>Open an incident…</Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Open an incident"
        confirm="Open it"
        done="The incident is open."
        ready={chosen !== undefined && title.trim().length > 2}
        act={async (reason) => {
          const body = { playbook: playbook!, title: title.trim(), drill, assets: [], reason };
          const { number } = await incidentActs.open(body);
          router.history.push(`/incidents/${number}`);
        }}
      >
        <Select
          label="What is happening"
          required
          data={(data?.playbooks ?? []).map(({ id, title: label }) => ({ value: id, label }))}
          value={playbook}
          onChange={setPlaybook}
          description={chosen?.when}
        />
        <TextInput
          label="In a few words, without patients’ names"
          required
          maxLength={160}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Checkbox
          label="This is a drill"
          checked={drill}
          onChange={(event) => setDrill(event.currentTarget.checked)}
        />
      </ReasonDialog>
    </>
  );
}
