import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { adoptWindow, type SafeWindow } from '../../api/usage.ts';
import { counted } from '../../format/number.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { restsOn, spanWord } from './words.ts';

/** What a window is proposed of. */
export interface Holder {
  on: 'asset' | 'class';
  id: string;
  name: string;
  /** Devices of a class of which nothing is known. */
  unknownDevices: number;
}

interface AdoptDialogProps {
  of: Holder;
  window: SafeWindow;
  timeZone: string;
  onClose: () => void;
}

/** Makes a proposed window, or a part of it, a maintenance window. */
export function AdoptDialog({ of, window, timeZone, onClose }: AdoptDialogProps) {
  const [fromHour, setFrom] = useState(window.fromHour);
  const [hours, setHours] = useState(window.hours);
  const [note, setNote] = useState('');
  const until = window.fromHour + window.hours;
  const within = fromHour >= window.fromHour && hours >= 1 && fromHour + hours <= until;
  const { day } = window;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`A maintenance window of ${of.name}`}
      confirm="Adopt it"
      done="Adopted. The patch plan proposes times in it."
      ready={within}
      act={(reason) => adoptWindow({ on: of.on, onId: of.id, day, fromHour, hours, note }, reason)}
    >
      <p>
        Each {spanWord({ day, fromHour, hours })} ({timeZone}). {restsOn(window)}
      </p>
      {of.unknownDevices > 0 && (
        <p className="form-error">
          This says nothing of {counted(of.unknownDevices, 'device')} of this class whose use does not show:
          ask where they are used first.
        </p>
      )}
      <p className="dim">
        The network does not show whether a patient is connected. Agree with the ward before a device is taken
        out of use; the window can be taken back in the patch plan.
      </p>
      <NumberInput
        label={`From the full hour (${timeZone})`}
        min={window.fromHour}
        max={until - 1}
        value={fromHour}
        onChange={(next) => setFrom(Number(next))}
      />
      <NumberInput
        label="For hours"
        min={1}
        max={until - fromHour}
        value={hours}
        onChange={(next) => setHours(Number(next))}
        error={within ? undefined : `It has to lie within ${spanWord(window)}`}
      />
      <TextInput
        label="Who agreed, what to mind"
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
