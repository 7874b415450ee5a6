import { Button, MultiSelect, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type RiskDetail, riskActs } from '../../api/risks.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Claim, VerifyClaim } from './Claim.tsx';
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
        <Claim
          key={control.id}
          text={control.text}
          isVerified={control.verified !== null}
          holdsUntil={control.holdsUntil}
          evidence={control.evidence}
          onVerify={may('risk.control-verify') ? () => setOpen({ kind: 'verify', control }) : null}
          onRemove={may('risk.control-remove') ? () => setOpen({ kind: 'remove', control }) : null}
        />
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
  return (
    <VerifyClaim
      title="Verify a control"
      text={control.text}
      note="Whoever named it cannot verify it. What is left of the risk falls while this holds."
      done="Verified; the risk is scored again."
      holds={90}
      act={(evidence, days, reason) => riskActs.verifyControl(risk.id, control.id, evidence, days, reason)}
      onClose={onClose}
    />
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
