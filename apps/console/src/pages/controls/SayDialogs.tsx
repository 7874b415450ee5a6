import { Select, Textarea, TextInput } from '@mantine/core';
import { type ControlDecisionKind, type ControlDetail, type RiskLevel, riskLevels } from '@wardline/model';
import { useState } from 'react';
import { complianceActs } from '../../api/compliance.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { isSaid, useVouching, VouchFields } from './VouchFields.tsx';

interface Props {
  of: ControlDetail;
  onClose: () => void;
}

/** A person vouches for a control by a document, of which name and hash are kept, until a day. */
export function AttestDialog({ of, onClose }: Props) {
  const vouching = useVouching();
  const act = async (reason: string) =>
    await complianceActs.attest({ control: of.ref, ...(await vouching.said()) }, reason);
  const failing = of.evidence.filter(({ outcome }) => outcome === 'fails').length;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Vouch for ${of.id}`}
      confirm="Vouch for it"
      done="It counts until that day, as a person’s word."
      ready={vouching.isReady}
      act={act}
    >
      <p>{of.title}</p>
      {failing > 0 && (
        <p className="form-error">
          Evidence says that it is not met. A word against it is kept and shown as a contradiction; the
          control stays not met.
        </p>
      )}
      <VouchFields
        of={vouching.fields}
        hint="A sentence that an auditor can check, without patients’ names."
        after="Within a year it has to be looked at again. It can be taken back on this panel."
      />
    </ReasonDialog>
  );
}

export const decisionWords: Readonly<Record<ControlDecisionKind, string>> = {
  implement: 'It is carried out as it is written',
  alternative: 'Something else is done instead',
  'not-reasonable': 'Not reasonable and appropriate here',
  'not-applicable': 'Does not apply here at all',
};

/** 45 CFR 164.306(d): what is required is carried out or does not apply; only what is addressable can be answered otherwise. */
const choicesFor = ({ obligation }: ControlDetail): ControlDecisionKind[] =>
  obligation === 'addressable'
    ? ['implement', 'alternative', 'not-reasonable', 'not-applicable']
    : ['not-applicable', 'implement'];

export function DecideDialog({ of, onClose }: Props) {
  const choices = choicesFor(of);
  const [decision, setDecision] = useState<ControlDecisionKind>(choices[0]!);
  const [rationale, setRationale] = useState('');
  const [alternative, setAlternative] = useState('');
  const [until, setUntil] = useState('');
  const isOther = decision === 'alternative';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Decide about ${of.id}`}
      confirm="Decide"
      done="Decided, until that day."
      ready={isSaid(rationale) && until !== '' && (!isOther || isSaid(alternative))}
      act={(reason) =>
        complianceActs.decide(
          {
            control: of.ref,
            decision,
            rationale: rationale.trim(),
            until,
            ...(isOther ? { alternative: alternative.trim() } : {}),
          },
          reason,
        )
      }
    >
      <p>{of.title}</p>
      <Select
        label="Decision"
        required
        allowDeselect={false}
        data={choices.map((value) => ({ value, label: decisionWords[value] }))}
        value={decision}
        onChange={(next) => setDecision((next ?? decision) as ControlDecisionKind)}
      />
      <Words
        label="Rationale"
        description="Why, in words that stand in a report: the size of the hospital, the risk, what else protects."
        value={rationale}
        onChange={setRationale}
      />
      {isOther && (
        <Words
          label="What is done instead"
          description="It counts once somebody vouches for it by a document."
          value={alternative}
          onChange={setAlternative}
        />
      )}
      <TextInput
        label="It holds until"
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <p className="dim">
        {of.obligation === 'addressable'
          ? 'Addressable is not optional: it is carried out, answered otherwise, or found not reasonable with its reason.'
          : 'What is required cannot be decided away; it applies or it does not.'}{' '}
        Within a year it has to be looked at again.
      </p>
    </ReasonDialog>
  );
}

function Words(props: {
  label: string;
  description: string;
  value: string;
  onChange: (next: string) => void;
}) {
  const { onChange, ...rest } = props;
  return (
    <Textarea
      {...rest}
      required
      autosize
      minRows={2}
      maxLength={2000}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What was said ends now; what was true until now stays in the records. */
export function TakeBackDialog({
  kind,
  id,
  words,
  onClose,
}: {
  kind: 'attestation' | 'decision';
  id: string;
  words: string;
  onClose: () => void;
}) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={kind === 'attestation' ? 'Take a person’s word back' : 'Take a decision back'}
      confirm="Take it back"
      done="It does not count any more."
      act={(reason) => complianceActs.takeBack(kind, id, reason)}
    >
      <p>{words}</p>
      <p className="dim">
        From now on the control is judged without it. What was recorded until now stays as it was; to say it
        again, say it anew.
      </p>
    </ReasonDialog>
  );
}

const levels = riskLevels.map((value) => ({ value, label: value }));

/** The gap goes into the register of risks, graded by whoever opens it. */
export function RiskDialog({ of, onClose }: Props) {
  const [level, setLevel] = useState<RiskLevel>('moderate');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Open the risk of ${of.id}`}
      confirm="Open it"
      done="It stands in the register of risks."
      act={(reason) => complianceActs.openRisk(of.ref, level, reason)}
    >
      <p>{of.title}</p>
      <p>
        Each question that fails becomes one risk, whichever control it is seen from. What is in the register
        already, device by device, is left as it is.
      </p>
      <Select
        label="How grave it is"
        description="Your own judgement: no device shows it by itself."
        required
        allowDeselect={false}
        data={levels}
        value={level}
        onChange={(next) => setLevel((next ?? level) as RiskLevel)}
      />
      <p className="dim">
        It closes when the evidence shows the opposite, and opens again when that fails. That somebody accepts
        it does not make the control met.
      </p>
    </ReasonDialog>
  );
}

/** Everything that was said of controls and seen by evidence is written down now. */
export function RecordDialog({ onClose }: { onClose: () => void }) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Record how every control stands"
      confirm="Record"
      done="Recorded, and signed in the ledger."
      act={complianceActs.record}
    >
      <p>
        All evidence with what follows from it is kept as it is at this moment, and its SHA-256 goes into the
        ledger. Once a day it happens by itself.
      </p>
    </ReasonDialog>
  );
}
