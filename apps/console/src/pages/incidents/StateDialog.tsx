import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { type IncidentDetail, incidentActs } from '../../api/incidents.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { stateWords } from './words.ts';

/** Contained, recovered, closed, or open again. */
export function StateDialog({ incident }: { incident: IncidentDetail }) {
  const [asking, setAsking] = useState(false);
  const [state, setState] = useState<string | null>(null);
  const others = Object.entries(stateWords).filter(([value]) => value !== incident.state);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Change state…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Change the state of the incident"
        confirm="Change it"
        done="Changed."
        ready={state !== null}
        act={(reason) => incidentActs.state(incident.number, state!, reason)}
      >
        <p>
          It can be closed once every step is done or left out with a reason. A closed incident can be opened
          again.
        </p>
        <Select
          label="New state"
          required
          data={others.map(([value, label]) => ({ value, label }))}
          value={state}
          onChange={setState}
        />
      </ReasonDialog>
    </>
  );
}
