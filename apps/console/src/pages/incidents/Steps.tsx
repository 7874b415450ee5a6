import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type IncidentDetail, type IncidentStep, incidentActs } from '../../api/incidents.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { phaseWords, roleWords } from './words.ts';

/** The playbook, step by step: those that can be done now first, and who must be at the bedside for it. */
export function Steps({ incident }: { incident: IncidentDetail }) {
  const order = ['ready', 'waiting', 'done', 'skipped'];
  const steps = incident.steps.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <section className="card stack" aria-labelledby="steps">
      <h2 id="steps">
        What to do{' '}
        <span className="dim small">{`${incident.stepsDone} of ${incident.steps.length} settled`}</span>
      </h2>
      <ol className="incident-steps">
        {steps.map((step) => (
          <Step key={step.id} step={step} incident={incident} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, incident }: { step: IncidentStep; incident: IncidentDetail }) {
  const may = useMay();
  const isOpen = step.state === 'ready' || step.state === 'waiting';
  const before = step.after
    .map((id) => incident.steps.find((one) => one.id === id))
    .filter((one) => one?.at === null);
  return (
    <li className={`stack-tight incident-step incident-step-${step.state}`}>
      <h3>{step.title}</h3>
      <p className="small dim">
        {phaseWords[step.phase]} · {roleWords[step.role]}
        {step.due !== null && isOpen && (
          <>
            {' · by '}
            <When at={step.due} />
          </>
        )}
      </p>
      <p>{step.do}</p>
      {step.bedside && (
        <p className="incident-bedside">
          <strong>At the bedside first:</strong> {step.bedside.who}. {step.bedside.why}
        </p>
      )}
      {step.stop && (
        <p>
          <strong>When not:</strong> {step.stop}
        </p>
      )}
      {step.state === 'waiting' && <p className="dim">First: {before.map((one) => one?.title).join('; ')}</p>}
      {step.at !== null && (
        <p>
          {step.state === 'done' ? 'Done' : 'Left out'} <When at={step.at} /> by {step.by}
          {step.atBedside !== '' && `, ${step.atBedside} at the bedside`}
          {step.note !== '' && `. ${step.note}`}
        </p>
      )}
      {isOpen && incident.state !== 'closed' && may('incident.step') && (
        <Settle step={step} number={incident.number} />
      )}
    </li>
  );
}

function Settle({ step, number }: { step: IncidentStep; number: number }) {
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [atBedside, setAtBedside] = useState('');
  const settle = useMutation({
    mutationFn: (state: 'done' | 'skipped') =>
      incidentActs.step(number, step.id, { state, note: note.trim(), atBedside: atBedside.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['incidents'] }),
  });
  return (
    <div className="stack-tight no-print">
      <div className="row">
        {step.bedside && (
          <TextInput
            label="Who is at the bedside"
            maxLength={200}
            value={atBedside}
            onChange={(event) => setAtBedside(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Note"
          aria-label={`Note on: ${step.title}`}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {step.state === 'ready' && (
          <Button size="xs" onClick={() => settle.mutate('done')} aria-label={`Done: ${step.title}`}>
            Done
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => settle.mutate('skipped')}
          aria-label={`Leave out: ${step.title}`}
        >
          Leave out
        </Button>
      </div>
      {settle.error && (
        <p role="alert" className="form-error">
          Not done: {settle.error.message}
        </p>
      )}
    </div>
  );
}
