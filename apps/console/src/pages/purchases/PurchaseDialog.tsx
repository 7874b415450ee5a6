import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { type Commitments, nothingOffered, type Purchase, type PurchaseDetails } from '@wardline/model';
import { useState } from 'react';
import { purchases } from '../../api/suppliers.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** What is to be bought, and what the offer commits itself to; what is left empty is unknown. */
export function PurchaseDialog({ purchase, onClose }: { purchase: Purchase | null; onClose: () => void }) {
  const [details, setDetails] = useState<PurchaseDetails>(purchase?.details ?? nothingOffered);
  const { commitments } = details;
  const commit = (change: Partial<Commitments>) =>
    setDetails((before) => ({ ...before, commitments: { ...before.commitments, ...change } }));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={purchase === null ? 'Ask for an assessment' : 'Change the offer'}
      confirm={purchase === null ? 'Ask' : 'Change'}
      done={purchase === null ? 'The assessment is asked for.' : 'The offer is changed.'}
      ready={[details.title, details.vendor, details.model].every((one) => one.trim() !== '')}
      act={(reason) =>
        purchase === null
          ? purchases.add(details, reason)
          : purchases.change(purchase.id, purchase.revision, details, reason)
      }
    >
      {texts.map(({ key, label, required }) => (
        <TextInput
          key={key}
          label={label}
          required={required}
          value={details[key]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDetails((before) => ({ ...before, [key]: value }));
          }}
        />
      ))}
      <fieldset className="stack-tight">
        <legend>What the offer says; empty where it says nothing</legend>
        {numbers.map(({ key, label }) => (
          <NumberInput
            key={key}
            label={label}
            min={0}
            max={10_000}
            allowDecimal={false}
            value={commitments[key] ?? ''}
            onChange={(value) => commit({ [key]: value === '' ? null : Number(value) })}
          />
        ))}
        {choices.map(({ key, label, values }) => (
          <NativeSelect
            key={key}
            label={label}
            data={[...values]}
            value={commitments[key]}
            onChange={(event) => commit({ [key]: event.currentTarget.value })}
          />
        ))}
      </fieldset>
    </ReasonDialog>
  );
}

const texts = [
  { key: 'title', label: 'What for', required: true },
  { key: 'vendor', label: 'Vendor', required: true },
  { key: 'model', label: 'Model', required: true },
  { key: 'software', label: 'Software version', required: false },
  { key: 'department', label: 'Department', required: false },
  { key: 'purpose', label: 'Purpose', required: false },
] as const;

const numbers = [
  { key: 'patchDays', label: 'Days until a critical weakness is patched' },
  { key: 'updateYears', label: 'Years of security updates' },
  { key: 'endOfSupportNoticeDays', label: 'Days of notice before support ends' },
  { key: 'supportHours', label: 'Hours until service answers to an incident' },
] as const;

const yesNo = ['unknown', 'yes', 'no'] as const;
const choices = [
  { key: 'keyStorage', label: 'Where keys are kept', values: ['unknown', 'hardware', 'software'] },
  { key: 'signedUpdates', label: 'Are updates signed and checked?', values: yesNo },
  { key: 'disclosureProgramme', label: 'Is there a disclosure programme?', values: yesNo },
] as const;
