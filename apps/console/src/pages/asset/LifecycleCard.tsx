import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Check, Lifecycle } from '@wardline/model';
import { useState } from 'react';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { lifecycle } from '../../api/suppliers.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { stateLabels } from '../lifecycle/words.ts';
import { DeviceBackups } from './DeviceBackups.tsx';
import { MoveDialog } from './MoveDialog.tsx';

/** Where the device stands between purchase and disposal, what is to be done, and what was. */
export function LifecycleCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.lifecycle(asset));
  return (
    <section className="card stack-tight" aria-labelledby="lifecycle">
      <h2 id="lifecycle">Lifecycle</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The lifecycle" />}
      {!data && !error && <Loading label="the lifecycle" rows={4} />}
      {data && <Standing found={data} />}
    </section>
  );
}

function Standing({ found }: { found: Lifecycle }) {
  const { state, since, udi, purchase, may: moves, checks, leaving, history } = found;
  const may = useMay();
  const [dialog, setDialog] = useState<'move' | 'udi' | null>(null);
  const isGone = state === 'lost' || state === 'decommissioned';
  return (
    <>
      <p>
        <strong>{stateLabels[state]}</strong>
        {since !== null && (
          <>
            {' '}
            since <When at={since} />
          </>
        )}
        .{' '}
        {udi === null
          ? 'Its identifier is not known.'
          : `${udi.agency} ${udi.device}${udi.serial === null ? '' : `, serial ${udi.serial}`}.`}{' '}
        {purchase !== null && <AppLink href={`/purchases/${purchase.id}`}>{purchase.title}</AppLink>}
      </p>
      <div className="row">
        {may('lifecycle.move') && moves.length > 0 && (
          <Button size="compact-sm" onClick={() => setDialog('move')}>
            Move on
          </Button>
        )}
        {may('lifecycle.identify') && (
          <Button size="compact-sm" variant="default" onClick={() => setDialog('udi')}>
            Enter its identifier
          </Button>
        )}
        <a href={apiAddress('/labels/page', { assets: found.asset })} target="_blank" rel="noreferrer">
          Print its label
        </a>
      </div>
      <Checks
        title={isGone ? 'What has to be gone' : 'What has to be so'}
        checks={isGone ? leaving : checks}
      />
      <DeviceBackups asset={found.asset} backups={found.backups} />
      {history.length > 0 && (
        <details>
          <summary>History</summary>
          <ul>
            {history.map(({ at, from, to, reason, sanitisation }) => (
              <li key={at}>
                <When at={at} />: {stateLabels[from].toLowerCase()} → {stateLabels[to].toLowerCase()}.{' '}
                {reason}
                {sanitisation !== null && (
                  <div className="small dim">
                    {`Data: ${sanitisation.method}, ${sanitisation.media}, verified ${sanitisation.verification}. It went to ${sanitisation.destination}.`}
                  </div>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {dialog === 'move' && <MoveDialog found={found} onClose={() => setDialog(null)} />}
      {dialog === 'udi' && <UdiDialog asset={found.asset} onClose={() => setDialog(null)} />}
    </>
  );
}

const answers = { done: 'Done', open: 'Open' } as const;

function Checks({ title, checks }: { title: string; checks: readonly Check[] }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">Answer</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ id, title: what, answer, reason }) => (
            <tr key={id}>
              <td>{what}</td>
              <td>
                {answer === 'unknown' ? (
                  <Unknown />
                ) : (
                  <span className={`mark ${answer === 'open' ? 'criticality-high' : ''}`}>
                    {answers[answer]}
                  </span>
                )}
              </td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UdiDialog({ asset, onClose }: { asset: string; onClose: () => void }) {
  const [code, setCode] = useState('');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Enter its identifier"
      confirm="Keep it"
      done="The identifier is kept."
      ready={code.trim() !== ''}
      act={(reason) => lifecycle.identify(asset, code, reason)}
    >
      <TextInput
        label="Code of the label"
        description="As it is printed or as a reader sends it: (01)…, +…, =/…"
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
