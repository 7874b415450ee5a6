import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Lifecycle, type LifecycleState, type Sanitisation, sanitisationMethods } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { lifecycle } from '../../api/suppliers.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { stateLabels } from '../lifecycle/words.ts';

const empty: Sanitisation = {
  method: 'purge',
  media: '',
  means: '',
  verification: 'full',
  verifiedBy: '',
  destination: '',
};

/** Moves a device on; what is still open is told first, and how the list stands goes into the record. */
export function MoveDialog({ found, onClose }: { found: Lifecycle; onClose: () => void }) {
  const may = useMay();
  const [to, setTo] = useState<LifecycleState>(found.may[0]!);
  const [record, setRecord] = useState(empty);
  const [purchase, setPurchase] = useState('');
  const leaves = to === 'decommissioned';
  const bought = useQuery({ ...queries.purchases(), enabled: to === 'commissioned' && may('purchase.list') });
  const choices = (bought.data?.items ?? []).filter(({ state }) =>
    ['approved', 'conditional', 'commissioned'].includes(state),
  );
  const open = (leaves ? found.leaving : found.checks).filter(({ answer }) => answer !== 'done');
  const ready =
    !leaves ||
    (record.media !== '' &&
      record.destination !== '' &&
      (record.verification === 'none' || record.verifiedBy !== ''));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Move ${found.assetName} on`}
      confirm="Move it on"
      done={`${found.assetName} is ${stateLabels[to].toLowerCase()}.`}
      ready={ready}
      act={(reason) =>
        lifecycle.move(
          found.asset,
          {
            to,
            ...(leaves ? { sanitisation: record } : {}),
            ...(to === 'commissioned' && purchase !== '' ? { purchase } : {}),
          },
          reason,
        )
      }
    >
      <NativeSelect
        label="It is now"
        data={found.may.map((value) => ({ value, label: stateLabels[value] }))}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value as LifecycleState)}
      />
      {open.length > 0 && to !== 'lost' && (
        <p>Open or unknown, and kept so in the record: {open.map(({ title }) => title).join('; ')}.</p>
      )}
      {to === 'commissioned' && choices.length > 0 && (
        <NativeSelect
          label="Bought by"
          data={[
            { value: '', label: 'not told' },
            ...choices.map(({ id, details }) => ({ value: id, label: details.title })),
          ]}
          value={purchase}
          onChange={(event) => setPurchase(event.currentTarget.value)}
        />
      )}
      {leaves && (
        <Record record={record} set={(change) => setRecord((before) => ({ ...before, ...change }))} />
      )}
      {leaves && <p>A decommissioned device does not come back; its record and history stay.</p>}
    </ReasonDialog>
  );
}

const methods: Readonly<Record<Sanitisation['method'], string>> = {
  clear: 'Clear: overwritten or set back, against simple means',
  purge: 'Purge: also against a laboratory',
  destroy: 'Destroy: the media are no more',
  'none-needed': 'There was nothing to remove',
};

/** In the terms of NIST SP 800-88. */
function Record({ record, set }: { record: Sanitisation; set: (change: Partial<Sanitisation>) => void }) {
  return (
    <>
      <NativeSelect
        label="How its data were removed"
        data={sanitisationMethods.map((value) => ({ value, label: methods[value] }))}
        value={record.method}
        onChange={(event) => set({ method: event.currentTarget.value as Sanitisation['method'] })}
      />
      <TextInput
        label="Which media"
        required
        value={record.media}
        onChange={(event) => set({ media: event.currentTarget.value })}
      />
      <TextInput
        label="By what means"
        value={record.means}
        onChange={(event) => set({ means: event.currentTarget.value })}
      />
      <NativeSelect
        label="How it was verified"
        data={['full', 'sampled', 'none']}
        value={record.verification}
        onChange={(event) => set({ verification: event.currentTarget.value as Sanitisation['verification'] })}
      />
      {record.verification !== 'none' && (
        <TextInput
          label="Verified by"
          required
          value={record.verifiedBy}
          onChange={(event) => set({ verifiedBy: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Where it went"
        required
        value={record.destination}
        onChange={(event) => set({ destination: event.currentTarget.value })}
      />
    </>
  );
}
