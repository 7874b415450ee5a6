import { Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type RiskDetail, riskActs, type Treatment } from '../../api/risks.ts';
import { counted } from '../../format/number.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { OwnerFields } from './OwnerFields.tsx';
import { nameOf, treatmentWords } from './words.ts';

interface Props {
  risk: RiskDetail;
  onClose: () => void;
}

const treatments = Object.entries(treatmentWords).map(([value, label]) => ({ value, label }));

/** Whom it touches, in clinical words. */
const touched = ({ assets, lifeCritical }: RiskDetail): string =>
  `It is on ${counted(assets, 'asset')}${lifeCritical === 0 ? '' : `, and patients’ lives hang on ${lifeCritical} of them`}.`;

export function TreatDialog({ risk, onClose }: Props) {
  const [treatment, setTreatment] = useState<Treatment['treatment']>('mitigate');
  const [plan, setPlan] = useState(risk.plan ?? '');
  const [fields, setFields] = useState({ owner: risk.owner ?? '', deadline: '' });
  const accept = treatment === 'accept';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Treat ${nameOf(risk)} on ${risk.product}`}
      confirm={accept ? 'Ask for acceptance' : 'Decide'}
      done={accept ? 'It waits for somebody else to approve.' : 'Decided.'}
      ready={plan.trim().length > 2 && fields.owner !== '' && fields.deadline !== ''}
      act={(reason) => riskActs.treat(risk.id, { treatment, plan: plan.trim(), ...fields }, reason)}
    >
      <p>{touched(risk)}</p>
      <Select
        label="Treatment"
        required
        data={treatments}
        value={treatment}
        onChange={(next) => setTreatment((next ?? treatment) as Treatment['treatment'])}
      />
      <Textarea
        label={accept ? 'Why it can be lived with' : 'Plan'}
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={plan}
        onChange={(event) => setPlan(event.currentTarget.value)}
      />
      <OwnerFields
        value={fields}
        onChange={setFields}
        deadlineLabel={accept ? 'It holds until' : 'Due'}
        required
      />
      <p className="dim">
        {accept
          ? 'Somebody else than the owner and you has to approve. It runs out on that day.'
          : 'Treat it again to decide otherwise; what was decided before stays in its history.'}
      </p>
    </ReasonDialog>
  );
}

export function AcceptanceDialog({ risk, decision, onClose }: Props & { decision: 'approve' | 'refuse' }) {
  const approve = decision === 'approve';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`${approve ? 'Approve' : 'Refuse'}: ${nameOf(risk)} on ${risk.product} is accepted`}
      confirm={approve ? 'Approve' : 'Refuse'}
      done={approve ? 'Accepted.' : 'Refused.'}
      act={(reason) => riskActs.decide(risk.id, decision, reason)}
    >
      <p>{touched(risk)}</p>
      <p>Asked for: {risk.plan}</p>
      <p>
        Risk to patients:{' '}
        {risk.patient.from === risk.patient.to
          ? risk.patient.to
          : `between ${risk.patient.from} and ${risk.patient.to}`}
        .
        {approve &&
          ` It holds until ${risk.acceptedUntil?.slice(0, 10)}, and can be taken back by treating it.`}
      </p>
    </ReasonDialog>
  );
}

export function CompleteDialog({ risk, onClose }: Props) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Carried out: ${nameOf(risk)} on ${risk.product}`}
      confirm="Carried out"
      done="Noted. It closes when nothing shows it any more."
      act={(reason) => riskActs.complete(risk.id, reason)}
    >
      <p>Plan: {risk.plan}</p>
      <p className="dim">
        Whether it worked shows in what is observed: it closes when its last asset does not show it any more.
      </p>
    </ReasonDialog>
  );
}
