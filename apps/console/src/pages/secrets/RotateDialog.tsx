import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { type SecretDetail, secrets } from '../../api/secrets.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const HOUR = 3_600_000;

/** A moment as a field of date and time has it, in the browser's own zone. */
function field(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** Says whom it touches, and asks for the window within which the device may be spoken to. */
export function RotateDialog({ secret, onClose }: { secret: SecretDetail; onClose: () => void }) {
  const [opens, setOpens] = useState(() => field(new Date()));
  const [closes, setCloses] = useState(() => field(new Date(Date.now() + HOUR)));
  const window = { opens: new Date(opens), closes: new Date(closes) };
  const isWindow = window.closes > window.opens && window.closes.getTime() > Date.now();
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Change ${secret.account} on ${secret.assetName}`}
      confirm="Order it"
      done="It is ordered; each step is shown as it happens."
      ready={isWindow}
      act={(reason) =>
        secrets.rotate(
          secret.id,
          { opens: window.opens.toISOString(), closes: window.closes.toISOString() },
          reason,
        )
      }
    >
      {secret.criticality === 'life-critical' && (
        <p role="note">
          <strong>A patient’s life may hang on this device.</strong> Choose hours in which it is not on a
          patient.
        </p>
      )}
      <p>
        Between these times Wardline signs in to the device with the secret that is kept, gives it a new one,
        sees that the new one is let in and the old one refused. If the new one does not work, the old one
        stays. Before the window opens the order can be taken back.
      </p>
      <div className="row">
        <TextInput
          type="datetime-local"
          label="The window opens"
          value={opens}
          onChange={(event) => setOpens(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="It closes"
          value={closes}
          onChange={(event) => setCloses(event.currentTarget.value)}
        />
      </div>
    </ReasonDialog>
  );
}
