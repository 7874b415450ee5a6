import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type SecretDetail, secrets } from '../../api/secrets.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { CheckOutDialog } from './CheckOutDialog.tsx';
import { RotateDialog } from './RotateDialog.tsx';
import { SecretState } from './SecretState.tsx';
import { causeWords, kindWords } from './words.ts';

/** One secret: what may be done with it, how each change went, and who did what. Its value stands nowhere here. */
export function SecretPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const secret = useQuery(queries.secret(id));
  return (
    <SidePanel
      subject={id}
      title={secret.data ? `${secret.data.account} on ${secret.data.assetName}` : 'Secret'}
      onClose={onClose}
    >
      {secret.error && !secret.data && (
        <Failure error={secret.error} retry={() => void secret.refetch()} what="This secret" />
      )}
      {secret.isPending && <Loading label="secret" rows={6} />}
      {secret.data && (
        <>
          <Acts secret={secret.data} />
          <Facts secret={secret.data} />
          <Changes secret={secret.data} />
          <History secret={secret.data} />
        </>
      )}
    </SidePanel>
  );
}

type Act = 'check-out' | 'rotate' | 'cancel' | 'remove';

function Acts({ secret }: { secret: SecretDetail }) {
  const may = useMay();
  const [act, setAct] = useState<Act | null>(null);
  const { held, rotation, kind } = secret;
  const waits = rotation?.state === 'proposed' || rotation?.state === 'ordered';
  const close = () => setAct(null);
  const button = (which: Act, label: string) => (
    <Button size="xs" variant="default" onClick={() => setAct(which)}>
      {label}
    </Button>
  );
  return (
    <div className="row">
      {held === null && may('secret.check-out') && button('check-out', 'Take it out…')}
      {held !== null && may('secret.return') && <ReturnButton secret={secret.id} checkout={held.checkout} />}
      {kind !== 'kept' &&
        held === null &&
        may('secret.rotate') &&
        button('rotate', rotation?.state === 'stuck' ? 'Go on with the change…' : 'Order a change…')}
      {waits && may('secret.cancel') && button('cancel', 'Take the order back…')}
      {may('secret.remove') && button('remove', 'Destroy it…')}
      {act === 'check-out' && <CheckOutDialog secret={secret} onClose={close} />}
      {act === 'rotate' && <RotateDialog secret={secret} onClose={close} />}
      <ReasonDialog
        opened={act === 'cancel'}
        onClose={close}
        title={`Leave ${secret.account} on ${secret.assetName} as it is`}
        confirm="Take the order back"
        done="Nothing will be sent to the device."
        act={(reason) => secrets.cancel(secret.id, reason)}
      >
        <p>The secret stays as it is. It can be ordered to be changed again at any time.</p>
      </ReasonDialog>
      <ReasonDialog
        opened={act === 'remove'}
        onClose={close}
        title={`Destroy the secret of ${secret.account} on ${secret.assetName}`}
        confirm="Destroy it"
        done="The secret is destroyed here."
        act={(reason) => secrets.remove(secret.id, reason)}
      >
        <p>
          What is sealed here is gone for good, and the device lets in whoever knows the secret as before.
          Only a backup brings it back.
        </p>
      </ReasonDialog>
    </div>
  );
}

function ReturnButton({ secret, checkout }: { secret: string; checkout: string }) {
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: () => secrets.giveBack(secret, checkout),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Button size="xs" loading={give.isPending} onClick={() => give.mutate()}>
      Give it back
    </Button>
  );
}

function Facts({ secret }: { secret: SecretDetail }) {
  return (
    <dl className="pairs">
      <dt>State</dt>
      <dd>
        <SecretState secret={secret} />
      </dd>
      <dt>Device</dt>
      <dd className="row">
        <AppLink href={`/assets/${secret.asset}`}>{secret.assetName}</AppLink>
        <CriticalityMark value={secret.criticality} />
      </dd>
      <dt>Kind</dt>
      <dd>
        {kindWords[secret.kind]}, {secret.place}
      </dd>
      {secret.hostKey !== null && (
        <>
          <dt>Host key</dt>
          <dd className="mono small">{secret.hostKey}</dd>
        </>
      )}
      <dt>Sealed by</dt>
      <dd>the key of {secret.zone}</dd>
      <dt>Changed</dt>
      <dd>
        <When at={secret.changed} />
        {secret.everyDays !== null && `, every ${secret.everyDays} days`}
      </dd>
      <dt>Orders</dt>
      <dd>{secret.standing && !secret.clinical ? 'a standing order' : 'by a person, each time'}</dd>
    </dl>
  );
}

function Changes({ secret: { rotations } }: { secret: SecretDetail }) {
  if (rotations.length === 0) return null;
  return (
    <section className="stack-tight">
      <h3>Changes on the device</h3>
      {rotations.map((rotation) => (
        <details key={rotation.id} open={rotation.ended === null}>
          <summary>
            <strong>{rotation.state}</strong>, because {causeWords[rotation.cause]},{' '}
            <When at={rotation.started ?? rotation.proposed} />
          </summary>
          <p>{rotation.said}</p>
          <ol className="small">
            {rotation.steps.map((step) => (
              <li key={`${step.at} ${step.step} ${step.outcome}`}>
                <When at={step.at} /> {step.step}: {step.outcome}. {step.said}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}

function History({ secret: { history } }: { secret: SecretDetail }) {
  return (
    <section className="stack-tight">
      <h3>Who did what</h3>
      <ul className="small">
        {history.map(({ at, actor, text }) => (
          <li key={`${at} ${text}`}>
            <When at={at} /> {actor}: {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
