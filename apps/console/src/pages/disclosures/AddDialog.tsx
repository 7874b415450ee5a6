import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { disclosures } from '../../api/disclosures.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const empty = { received: '', title: '', vendor: '', model: '', description: '', name: '', contact: '' };
type Texts = typeof empty;

const fields: readonly { key: keyof Texts; label: string; description?: string; required?: boolean }[] = [
  {
    key: 'received',
    label: 'Received on',
    description: 'As 2026-12-31; the clocks count from this day',
    required: true,
  },
  { key: 'title', label: 'In short', required: true },
  {
    key: 'vendor',
    label: 'Whose product',
    description: 'Empty where it is about the hospital’s own network',
  },
  { key: 'model', label: 'Which product' },
];

/** Takes a report in as somebody told it. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const [texts, setTexts] = useState(empty);
  const [mayBeNamed, setMayBeNamed] = useState(false);
  const set = (key: keyof Texts, value: string) =>
    setTexts((before) => ({ ...before, [key]: value.trimStart() }));
  const { received, title, vendor, model, description, name, contact } = texts;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Take a report in"
      confirm="Take it in"
      done="The report is taken in, and its clocks run."
      ready={/^\d{4}-\d{2}-\d{2}$/.test(received) && title !== '' && description !== ''}
      act={(reason) =>
        disclosures.add(
          {
            received,
            details: { title, vendor, model, description },
            reporter: contact === '' ? null : { name, contact, mayBeNamed },
          },
          reason,
        )
      }
    >
      {fields.map(({ key, label, description: hint, required }) => (
        <TextInput
          key={key}
          label={label}
          description={hint}
          required={required ?? false}
          value={texts[key]}
          onChange={(event) => set(key, event.currentTarget.value)}
        />
      ))}
      <Textarea
        label="What was told"
        description="In the words of whoever told it. No data of patients."
        required
        autosize
        minRows={3}
        maxLength={8000}
        value={description}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <TextInput
        label="Who told it"
        description="Stays out of the ledger"
        value={name}
        onChange={(event) => set('name', event.currentTarget.value)}
      />
      <TextInput
        label="How to reach them"
        description="Empty where it came without a name"
        value={contact}
        onChange={(event) => set('contact', event.currentTarget.value)}
      />
      <Checkbox
        label="The supplier may be told their name"
        checked={mayBeNamed}
        onChange={(event) => setMayBeNamed(event.currentTarget.checked)}
      />
    </ReasonDialog>
  );
}
