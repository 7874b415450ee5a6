import { Button, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type RiskDetail, riskActs } from '../../api/risks.ts';
import { Unknown } from '../../marks/marks.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { nameOf } from './words.ts';

type Control = RiskDetail['controls'][number];
type Open = { kind: 'add' } | { kind: 'verify' | 'remove'; control: Control } | null;

/** Compensating controls: what is only claimed is shown as unknown and does not count. */
export function Controls({ risk }: { risk: RiskDetail }) {
  const may = useMay();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <section>
      <h3>Compensating controls</h3>
      {risk.controls.length === 0 && <p className="dim">None is named.</p>}
      {risk.controls.map((control) => (
        <div key={control.id} className="stack-tight">
          <p>
            {control.text}{' '}
            {control.verified === null ? (
              <Unknown word="Only claimed" />
            ) : (
              <span className="dim">
                verified until {control.holdsUntil?.slice(0, 10)}: {control.evidence}
              </span>
            )}
          </p>
          <div className="row">
            {may('risk.control-verify') && (
              <Button
                size="xs"
                variant="default"
                onClick={() => setOpen({ kind: 'verify', control })}
                aria-label={`Verify: ${control.text}`}
              >
                Verify
              </Button>
            )}
            {may('risk.control-remove') && (
              <Button
                size="xs"
                variant="default"
                onClick={() => setOpen({ kind: 'remove', control })}
                aria-label={`Is no more: ${control.text}`}
              >
                Is no more
              </Button>
            )}
          </div>
        </div>
      ))}
      {may('risk.control-add') && (
        <Button size="xs" variant="default" onClick={() => setOpen({ kind: 'add' })}>
          Name a control
        </Button>
      )}
      {open?.kind === 'add' && <AddDialog risk={risk} onClose={close} />}
      {open?.kind === 'verify' && <VerifyDialog risk={risk} control={open.control} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog risk={risk} control={open.control} onClose={close} />}
    </section>
  );
}

const kinds = [
  { value: 'inherent', label: 'Built in: the hazard is not there' },
  { value: 'protective', label: 'Protective: a measure in the device or around it' },
  { value: 'information', label: 'Information: instructions and warnings' },
];
const strengths = [
  { value: 'partial', label: 'Takes away a part' },
  { value: 'strong', label: 'Takes away almost all' },
];
const targets = [
  { value: 'exposure', label: 'How it is reached' },
  { value: 'exploitability', label: 'How easily it is exploited' },
  { value: 'patient', label: 'Harm to patients' },
  { value: 'privacy', label: 'Harm to privacy' },
  { value: 'operations', label: 'Harm to operations' },
];

function AddDialog({ risk, onClose }: { risk: RiskDetail; onClose: () => void }) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState('protective');
  const [strength, setStrength] = useState('partial');
  const [on, setOn] = useState<string[]>(['exposure']);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`A control on ${nameOf(risk)}`}
      confirm="Name it"
      done="Named. It counts once somebody else has verified it."
      ready={text.trim().length > 2 && on.length > 0}
      act={(reason) => riskActs.addControl(risk.id, { text: text.trim(), kind, strength, on }, reason)}
    >
      <Textarea
        label="What it is"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select label="Kind" required data={kinds} value={kind} onChange={(next) => setKind(next ?? kind)} />
      <Select
        label="Strength"
        required
        data={strengths}
        value={strength}
        onChange={(next) => setStrength(next ?? strength)}
      />
      <MultiSelect label="Acts on" required data={targets} value={on} onChange={setOn} />
    </ReasonDialog>
  );
}

interface One {
  risk: RiskDetail;
  control: Control;
  onClose: () => void;
}

function VerifyDialog({ risk, control, onClose }: One) {
  const [evidence, setEvidence] = useState('');
  const [days, setDays] = useState(90);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Verify a control"
      confirm="It works"
      done="Verified; the risk is scored again."
      ready={evidence.trim().length > 2}
      act={(reason) => riskActs.verifyControl(risk.id, control.id, evidence.trim(), days, reason)}
    >
      <p>{control.text}</p>
      <p className="dim">
        Whoever named it cannot verify it. What is left of the risk falls while this holds.
      </p>
      <TextInput
        label="How it was seen to work"
        required
        maxLength={1000}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
      />
      <NumberInput
        label="Holds for days"
        min={1}
        max={366}
        value={days}
        onChange={(next) => setDays(Number(next) || 1)}
      />
    </ReasonDialog>
  );
}

function RemoveDialog({ risk, control, onClose }: One) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="A control is no more"
      confirm="It is no more"
      done="Taken away; the risk is scored again."
      act={(reason) => riskActs.removeControl(risk.id, control.id, reason)}
    >
      <p>{control.text}</p>
      <p className="dim">
        What it took away counts again. It stays on record; name it again to have it back.
      </p>
    </ReasonDialog>
  );
}
