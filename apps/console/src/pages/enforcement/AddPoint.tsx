import { Select, TextInput } from '@mantine/core';
import type { EnforcementPoint } from '@wardline/model';
import { useState } from 'react';
import { enforcementActs } from '../../api/enforcement.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { kindWords } from './words.ts';

const kinds = Object.entries(kindWords).map(([value, label]) => ({ value, label }));

/** Adds a point, which may report from then on. Nothing is enforced by it. */
export function AddPoint({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [place, setPlace] = useState('');
  const [kind, setKind] = useState<EnforcementPoint['kind']>('nftables');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Add an enforcement point"
      confirm="Add it"
      done={`${name} may report now.`}
      ready={/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name)}
      act={(reason) => enforcementActs.add({ name, place, kind, reason })}
    >
      <TextInput
        label="Name"
        description="Small letters, digits, dots and hyphens; the token for it is made for a sensor of this name."
        required
        maxLength={63}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Where it stands"
        maxLength={200}
        value={place}
        onChange={(event) => setPlace(event.currentTarget.value)}
      />
      <Select
        label="Kind"
        data={kinds}
        allowDeselect={false}
        value={kind}
        onChange={(value) => setKind((value ?? 'nftables') as EnforcementPoint['kind'])}
      />
      <p className="small dim">Nothing is enforced by adding it. To undo it, remove it from the list.</p>
    </ReasonDialog>
  );
}
