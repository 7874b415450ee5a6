import { NativeSelect, Textarea } from '@mantine/core';
import { emergencyCodes } from '@wardline/model';

/** Why the glass is broken: one of a list, and in one's own words. */
export interface Why {
  code: string;
  reason: string;
}

export const noReason: Why = { code: 'patient-in-danger', reason: '' };
const REASON_LEAST = 3;
export const isSaid = ({ reason }: Why): boolean => reason.trim().length >= REASON_LEAST;
const choices = Object.entries(emergencyCodes).map(([value, { label }]) => ({ value, label }));

export function WhyFields({ value, onChange }: { value: Why; onChange: (value: Why) => void }) {
  return (
    <>
      <NativeSelect
        label="What is happening"
        data={choices}
        value={value.code}
        onChange={(event) => onChange({ ...value, code: event.currentTarget.value })}
      />
      <Textarea
        label="In your words"
        description="Goes into the ledger with your name. No names of patients."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={value.reason}
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
      />
    </>
  );
}
