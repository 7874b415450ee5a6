import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { DisclosureClock, DisclosureDetail } from '@wardline/model';
import { useState } from 'react';
import { disclosures, type StepBody } from '../../api/disclosures.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { outcomeWords, stepWords } from './words.ts';

interface Props {
  report: DisclosureDetail;
  clock: DisclosureClock;
  onClose: () => void;
}

/** Enters that a step was done; it cannot be taken back, so that the clocks can be believed. */
export function StepDialog({ report: { number, addresses }, clock: { step, due }, onClose }: Props) {
  const [day, setDay] = useState('');
  const [note, setNote] = useState('');
  const [outcome, setOutcome] = useState('valid');
  const [to, setTo] = useState('0');
  const target = addresses[Number(to)];
  const body: StepBody = {
    day,
    note,
    ...(step === 'assess' ? { outcome } : {}),
    ...(step === 'hand-over' && target !== undefined
      ? { supplier: target.supplier, address: target.address }
      : {}),
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={stepWords[step]}
      confirm="It was done"
      done="The step is entered."
      ready={/^\d{4}-\d{2}-\d{2}$/.test(day) && (step !== 'hand-over' || target !== undefined)}
      act={(reason) => disclosures.step(number, step, body, reason)}
    >
      <p>To be done by {due}. What is entered here stays.</p>
      <TextInput
        label="Done on"
        description="As 2026-12-31"
        required
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      {step === 'assess' && (
        <NativeSelect
          label="What came out"
          data={Object.entries(outcomeWords).map(([value, label]) => ({ value, label }))}
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value)}
        />
      )}
      {step === 'hand-over' && (
        <NativeSelect
          label="To whom"
          description={
            addresses.length === 0 ? 'Keep the supplier’s security.txt first' : 'By its security.txt'
          }
          data={addresses.map(({ supplierName, address }, index) => ({
            value: String(index),
            label: `${supplierName}: ${address}`,
          }))}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      )}
      <Textarea
        label="Note"
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
