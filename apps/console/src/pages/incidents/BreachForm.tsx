import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type BreachFacts, type IncidentDetail, incidentActs } from '../../api/incidents.ts';
import { noticeWords } from './words.ts';

const factors = [
  ['nature', 'What kind of information, and how easily a person is recognised'],
  ['recipient', 'Who had or used it'],
  ['acquired', 'Whether it was really seen or taken'],
  ['mitigated', 'How far the risk was taken away'],
] as const;
const open = { weight: 'unknown', reason: '' } as const;

/** Facts of an assessment; what is left open counts as a breach. */
export function BreachForm({ incident, onDone }: { incident: IncidentDetail; onDone: () => void }) {
  const client = useQueryClient();
  const [facts, setFacts] = useState<BreachFacts>(incident.breach?.facts ?? beginning(incident));
  const [given, setGiven] = useState<Record<string, string>>(givenOf(incident));
  const change = (some: Partial<BreachFacts>) => setFacts({ ...facts, ...some });
  const assess = useMutation({
    mutationFn: () => incidentActs.breach(incident.number, facts, given),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['incidents'] });
      onDone();
    },
  });
  return (
    <form
      className="stack-tight no-print"
      onSubmit={(event) => {
        event.preventDefault();
        assess.mutate();
      }}
    >
      <TextInput
        type="date"
        label="First day on which anybody of the workforce or an agent knew, or would have known"
        required
        value={facts.known}
        onChange={(event) => change({ known: event.currentTarget.value })}
      />
      <Select
        label="Was the information secured (encrypted, and the key not taken)?"
        allowDeselect={false}
        data={[
          { value: 'unknown', label: 'Not known' },
          { value: 'no', label: 'No' },
          { value: 'yes', label: 'Yes' },
        ]}
        value={facts.secured}
        onChange={(value) => change({ secured: value as BreachFacts['secured'] })}
      />
      {factors.map(([factor, label]) => (
        <Factor
          key={factor}
          label={label}
          value={facts.factors[factor]}
          onChange={(value) => change({ factors: { ...facts.factors, [factor]: value } })}
        />
      ))}
      <div className="row">
        <Count
          label="People concerned (empty: not counted)"
          value={facts.individuals}
          onChange={(individuals) => change({ individuals })}
        />
        <Count
          label="Most of them in one state"
          value={facts.mostInOneState}
          onChange={(mostInOneState) => change({ mostInOneState })}
        />
      </div>
      {incident.breach?.clocks
        .filter(({ notice }) => notice !== 'records')
        .map(({ notice }) => (
          <TextInput
            key={notice}
            type="date"
            label={`Told on: ${noticeWords[notice]}`}
            value={given[notice] ?? ''}
            onChange={(event) => setGiven(without(given, notice, event.currentTarget.value))}
          />
        ))}
      {assess.error && (
        <p role="alert" className="form-error">
          Not kept: {assess.error.message}
        </p>
      )}
      <div className="row">
        <Button type="submit" loading={assess.isPending}>
          Keep the assessment
        </Button>
        <Button variant="default" onClick={onDone}>
          Leave it as it is
        </Button>
      </div>
    </form>
  );
}

const beginning = ({ opened }: IncidentDetail): BreachFacts => ({
  known: opened.slice(0, 10),
  shouldHaveKnown: null,
  secured: 'unknown',
  exception: null,
  factors: { nature: open, recipient: open, acquired: open, mitigated: open },
  individuals: null,
  mostInOneState: null,
  role: 'covered-entity',
  delay: null,
});

const givenOf = ({ breach }: IncidentDetail): Record<string, string> =>
  Object.fromEntries(
    (breach?.clocks ?? []).flatMap(({ notice, given }) => (given === null ? [] : [[notice, given]])),
  );

function without(given: Record<string, string>, notice: string, day: string): Record<string, string> {
  const { [notice]: _before, ...rest } = given;
  return day === '' ? rest : { ...rest, [notice]: day };
}

type FactorValue = BreachFacts['factors']['nature'];

function Factor({
  label,
  value,
  onChange,
}: {
  label: string;
  value: FactorValue;
  onChange: (value: FactorValue) => void;
}) {
  return (
    <div className="row">
      <Select
        label={label}
        allowDeselect={false}
        data={[
          { value: 'unknown', label: 'Not weighed' },
          { value: 'low', label: 'Speaks for a low probability' },
          { value: 'not-low', label: 'Does not' },
        ]}
        value={value.weight}
        onChange={(weight) => onChange({ ...value, weight: weight as FactorValue['weight'] })}
      />
      <TextInput
        label="Why"
        aria-label={`Why: ${label}`}
        maxLength={1000}
        value={value.reason}
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
      />
    </div>
  );
}

function Count({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  return (
    <NumberInput
      label={label}
      min={0}
      allowDecimal={false}
      value={value ?? ''}
      onChange={(next) => onChange(next === '' ? null : Number(next))}
    />
  );
}
