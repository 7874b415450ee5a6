import { NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type NewWindow, patchActs } from '../../api/patching.ts';
import { queries } from '../../api/queries.ts';
import { dayWords } from '../../format/days.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const holders = [
  { value: 'class', label: 'Every device of a class' },
  { value: 'asset', label: 'One asset' },
  { value: 'all', label: 'Every device' },
];

/** Says when devices may be taken out of use, in the time of this place. */
export function AddWindowDialog({ onClose }: { onClose: () => void }) {
  const taxonomy = useQuery(queries.taxonomy());
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [window, setWindow] = useState<NewWindow>({
    on: 'class',
    onId: null,
    day: 1,
    fromHour: 3,
    hours: 2,
    timeZone,
    note: '',
  });
  const set = (part: Partial<NewWindow>) => setWindow((old) => ({ ...old, ...part }));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="A maintenance window"
      confirm="Add it"
      done="Added. The plan proposes times in it."
      ready={window.on === 'all' || (window.onId ?? '') !== ''}
      act={(reason) => patchActs.addWindow(window, reason)}
    >
      <Select
        label="Of"
        data={holders}
        value={window.on}
        onChange={(on) => set({ on: (on ?? 'class') as NewWindow['on'], onId: null })}
      />
      {window.on === 'class' && (
        <Select
          label="Class"
          required
          searchable
          data={(taxonomy.data?.classes ?? []).map(({ id, label }) => ({ value: id, label }))}
          value={window.onId}
          onChange={(onId) => set({ onId })}
        />
      )}
      {window.on === 'asset' && (
        <TextInput
          label="Asset’s id"
          required
          description="As in the address of its page"
          value={window.onId ?? ''}
          onChange={(event) => set({ onId: event.currentTarget.value.trim() || null })}
        />
      )}
      <Select
        label="Each"
        data={dayWords.map((label, day) => ({ value: String(day), label }))}
        value={String(window.day)}
        onChange={(day) => set({ day: Number(day ?? 0) })}
      />
      <NumberInput
        label={`From the full hour (${timeZone})`}
        min={0}
        max={23}
        value={window.fromHour}
        onChange={(next) => set({ fromHour: Number(next) || 0 })}
      />
      <NumberInput
        label="For hours"
        min={1}
        max={24}
        value={window.hours}
        onChange={(next) => set({ hours: Number(next) || 1 })}
      />
      <TextInput
        label="Who agreed, what to mind"
        maxLength={500}
        value={window.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
    </ReasonDialog>
  );
}
