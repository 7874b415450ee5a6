import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RuleTried } from '@wardline/model';
import { useState } from 'react';
import { ruleActs, type WatchRule } from '../../api/watch.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure } from '../../shell/states.tsx';

const begun = `alert high "A pump sends much at night"
from class infusion-pump
to outside
at 22:00-06:00
more than 10 MB sent in 1 h
advice "Call biomedical engineering."`;

/** Writes a rule: what is wrong with it stands below its text, and what it would have told. */
export function RuleWriter({ rule, onClose }: { rule: WatchRule | null; onClose: () => void }) {
  const may = useMay();
  const [name, setName] = useState(rule?.name ?? '');
  const [text, setText] = useState(rule?.text ?? begun);
  const [days, setDays] = useState(7);
  const [keeping, setKeeping] = useState(false);
  const trial = useMutation({ mutationFn: () => ruleActs.try(text, rule?.site ?? 1, days) });
  const isGood = trial.data?.faults.length === 0;
  const change = (next: string) => {
    setText(next);
    trial.reset();
  };
  return (
    <section className="card stack" aria-label="A rule">
      <h2>{rule === null ? 'A new rule' : `Change ${rule.name}`}</h2>
      <Textarea
        label="Text"
        description="Lines: alert, from, to, over, at, in clear, unanswered, more than, advice. Or a rule of Sigma in YAML, for logs."
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <div className="row">
        <NumberInput
          label="Days of what was recorded"
          min={1}
          max={31}
          value={days}
          onChange={(value) => setDays(Number(value) || 7)}
        />
      </div>
      <div className="row">
        <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
          Try it
        </Button>
        {may('rule.save') && (
          <Button disabled={!isGood} onClick={() => setKeeping(true)}>
            Keep it…
          </Button>
        )}
        <Button variant="subtle" onClick={onClose}>
          Close
        </Button>
      </div>
      {trial.error && <Failure error={trial.error} retry={() => trial.mutate()} what="The trial" />}
      {trial.data && <Tried tried={trial.data} />}
      <ReasonDialog
        opened={keeping}
        onClose={() => setKeeping(false)}
        title="Keep the rule"
        confirm="Keep it"
        done={`${name} is kept, and off until it is switched on.`}
        ready={/^[a-z0-9][a-z0-9-]*$/.test(name)}
        act={async (reason) => {
          await ruleActs.save(name, text, rule?.site ?? null, reason);
          onClose();
        }}
      >
        <p>
          It is switched off until somebody switches it on. A rule that is on is off again when it changes.
        </p>
        <TextInput
          label="Name"
          description="Small letters, digits and hyphens."
          required
          maxLength={60}
          readOnly={rule !== null}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </ReasonDialog>
    </section>
  );
}

function Tried({ tried: { faults, trial } }: { tried: RuleTried }) {
  if (trial === null)
    return (
      <ul className="plain-list stack-tight" aria-label="Faults" aria-live="polite">
        {faults.map(({ line, column, message }) => (
          <li key={`${line}:${column} ${message}`} className="form-error">
            Line {line}, column {column}: {message}
          </li>
        ))}
      </ul>
    );
  const more = trial.alerts - trial.shown.length;
  return (
    <div className="stack-tight" aria-live="polite">
      <p>
        Of{' '}
        {trial.lines > 0
          ? counted(trial.lines, 'recorded line or fact', 'recorded lines and facts')
          : counted(trial.conversations, 'recorded conversation', 'recorded conversations')}{' '}
        since <When at={trial.from} /> it would have told{' '}
        <strong>{counted(trial.alerts, 'alert', 'alerts')}</strong>.
        {trial.cut && ' There were more, which were not looked at.'}
      </p>
      <ul className="plain-list stack-tight">
        {trial.shown.map(({ summary, firstSeen }) => (
          <li key={`${firstSeen} ${summary}`}>
            <When at={firstSeen} /> {summary}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="dim">and {more} more.</p>}
    </div>
  );
}
