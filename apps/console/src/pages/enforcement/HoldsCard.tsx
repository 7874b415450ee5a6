import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { HoldRow } from '@wardline/model';
import { useState } from 'react';
import { enforcementActs, enforcementQueries } from '../../api/enforcement.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Foreseen } from './Foreseen.tsx';

/** Life-critical devices that would leave a zone by what is known of them now: nothing is cut before a person says so. */
export function HoldsCard() {
  const may = useMay();
  const { data } = useQuery({ ...enforcementQueries.holds(), enabled: may('enforcement.holds') });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="holds">
      <h2 id="holds">Life-critical devices that wait for a person</h2>
      <p className="small dim">
        What is known of them puts them elsewhere. Until somebody decides they are let through as before.
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Is in</th>
            <th scope="col">Would go to</th>
            <th scope="col">What changed</th>
            <th scope="col">Since</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((hold) => (
            <Hold key={hold.asset} hold={hold} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Hold({ hold }: { hold: HoldRow }) {
  const may = useMay();
  const [deciding, decide] = useState<boolean | null>(null);
  return (
    <tr>
      <th scope="row">
        <AppLink href={`/assets/${hold.asset}`}>{hold.name}</AppLink>{' '}
        <CriticalityMark value={hold.criticality} />
      </th>
      <td>{hold.from.join(', ')}</td>
      <td>{hold.to.join(', ') || 'no zone'}</td>
      <td>
        {hold.because.map(({ attribute, was, is }) => (
          <div key={attribute}>
            {attribute}: {was.join(', ') || 'not known'} → {is.join(', ') || 'not known'}
          </div>
        ))}
      </td>
      <td>
        <When at={hold.since} />
        {hold.kept && <div className="dim small">somebody said that it stays</div>}
      </td>
      <td>
        {may('enforcement.decide') && (
          <span className="row">
            <Button size="xs" variant="default" onClick={() => decide(true)}>
              Let it go…
            </Button>
            {!hold.kept && (
              <Button size="xs" variant="default" onClick={() => decide(false)}>
                It stays…
              </Button>
            )}
          </span>
        )}
        {deciding !== null && <Decide hold={hold} follow={deciding} onClose={() => decide(null)} />}
      </td>
    </tr>
  );
}

interface DecideProps {
  hold: HoldRow;
  follow: boolean;
  onClose: () => void;
}

function Decide({ hold, follow, onClose }: DecideProps) {
  const { data, error } = useQuery({ ...enforcementQueries.holdPreview(hold.asset), enabled: follow });
  const to = hold.to.join(', ') || 'no zone';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={follow ? `${hold.name} goes to ${to}` : `${hold.name} stays in ${hold.from.join(', ')}`}
      confirm={follow ? 'Let it go' : 'It stays'}
      done={follow ? 'Points that follow are told.' : 'It stays until what is known of it is something else.'}
      ready={!follow || data !== undefined}
      act={(reason) => enforcementActs.decide(hold.asset, follow, reason)}
    >
      {follow ? (
        <>
          <Foreseen preview={data} error={error} />
          <p className="small dim">
            Sessions that are not allowed there end within seconds. To undo it, correct what is known of the
            device, or change the policy.
          </p>
        </>
      ) : (
        <p>It is let through as before. It is asked again when what is known of it is something else.</p>
      )}
    </ReasonDialog>
  );
}
