import { Button, CopyButton, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { type Checkout, type SecretDetail, secrets } from '../../api/secrets.ts';
import { When } from '../../marks/When.tsx';
import { ReasonDialog } from '../../shell/reason.tsx';

const LONGEST_MINUTES = 24 * 60;

/** Asks for how long and why, and shows the secret once. */
export function CheckOutDialog({ secret, onClose }: { secret: SecretDetail; onClose: () => void }) {
  const [minutes, setMinutes] = useState(60);
  const [given, setGiven] = useState<Checkout | null>(null);
  if (given !== null) return <Shown given={given} onClose={onClose} />;
  return (
    <ReasonDialog
      opened
      // It closes itself when it is done; what it brought is shown then.
      onClose={() => setTimeout(() => setGiven((now) => (now === null ? leave(onClose) : now)), 0)}
      title={`Take out ${secret.account} on ${secret.assetName}`}
      confirm="Take it out"
      done="It is yours until you give it back, or its time is over."
      ready={minutes >= 5 && minutes <= LONGEST_MINUTES}
      act={async (reason) => setGiven(await secrets.checkOut(secret.id, minutes, reason))}
    >
      <p>
        Nobody else can take it out meanwhile. It is shown once, here; afterwards it waits for somebody to
        order that it be changed on the device.
      </p>
      <NumberInput
        label="For how many minutes"
        min={5}
        max={LONGEST_MINUTES}
        value={minutes}
        onChange={(value) => setMinutes(Number(value))}
      />
    </ReasonDialog>
  );
}

function leave(onClose: () => void): null {
  onClose();
  return null;
}

function Shown({ given, onClose }: { given: Checkout; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Account ${given.account}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <p>
          Yours until <When at={given.until} />. Closed, this is not shown again.
        </p>
        {given.values.map(({ name, value }) => (
          <section key={name} className="stack-tight">
            <h3>{name}</h3>
            <pre className="mono" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0 }}>
              {value}
            </pre>
            <CopyButton value={value}>
              {({ copied, copy }) => (
                <div>
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                </div>
              )}
            </CopyButton>
          </section>
        ))}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>I have it</Button>
        </div>
      </div>
    </Modal>
  );
}
