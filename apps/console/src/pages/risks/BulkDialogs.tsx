import { Select } from '@mantine/core';
import { useState } from 'react';
import { riskActs } from '../../api/risks.ts';
import { counted } from '../../format/number.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { OwnerFields } from './OwnerFields.tsx';

interface Props {
  risks: string[];
  onClose: () => void;
  onDone?: () => void;
}

export function AssignDialog({ risks, onClose, onDone }: Props) {
  const [fields, setFields] = useState({ owner: '', deadline: '' });
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Assign ${counted(risks.length, 'risk')}`}
      confirm="Assign"
      done="Assigned."
      ready={fields.owner !== ''}
      act={async (reason) => {
        await riskActs.assign(risks, fields.owner, fields.deadline || undefined, reason);
        onDone?.();
      }}
    >
      <p>What is new counts as triaged with that. Assign again to give it to somebody else.</p>
      <OwnerFields value={fields} onChange={setFields} deadlineLabel="Due" />
    </ReasonDialog>
  );
}

export function JoinDialog({ risks, onClose, onDone }: Props) {
  const [into, setInto] = useState<string | null>(null);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Join ${counted(risks.length, 'risk')}`}
      confirm="Join"
      done="Joined."
      ready={into !== null}
      act={async (reason) => {
        await riskActs.join(
          risks.filter((one) => one !== into),
          into ?? '',
          reason,
        );
        onDone?.();
      }}
    >
      <p>
        They are handled as one from then on. Each keeps its devices and its history, and can be parted again.
      </p>
      <Select label="Into" required data={risks} value={into} onChange={setInto} />
    </ReasonDialog>
  );
}
