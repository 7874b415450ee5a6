import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EnforcementPoint } from '@wardline/model';
import { useState } from 'react';
import { enforcementQueries } from '../../api/enforcement.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { AddPoint } from './AddPoint.tsx';
import { DriftMark } from './DriftMark.tsx';
import { HoldsCard } from './HoldsCard.tsx';
import { StageMarks } from './StageMarks.tsx';
import { TrialTimer } from './TrialTimer.tsx';
import { kindWords, orderWords, runsWords } from './words.ts';
import '../segmentation/segmentation.css';
import './enforcement.css';

/** Every enforcement point with what it runs, and whether policy, point and traffic agree. */
export function EnforcementPage() {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(enforcementQueries.all());
  if (error && !data)
    return <Failure error={error} retry={() => void refetch()} what="The enforcement points" />;
  if (!data) return <Loading label="the enforcement points" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>Enforcement</h1>
          <p className="dim">
            Where the policy is kept: what each point says that it runs, proved here against the version in
            force.
          </p>
        </div>
        <div className="row">
          {may('enforcement.add') && <Button onClick={() => setAdding(true)}>Add a point…</Button>}
        </div>
      </div>
      <HoldsCard />
      <InForce current={data.current} points={data.points} />
      {data.points.length === 0 ? (
        <Empty title="No enforcement point reports yet">
          Add one, then run “wardline policy report --point NAME --every 60 --obey” on the gateway.
        </Empty>
      ) : (
        <Points points={data.points} />
      )}
      {adding && <AddPoint onClose={() => setAdding(false)} />}
    </div>
  );
}

function InForce({ current, points }: { current: number | null; points: readonly EnforcementPoint[] }) {
  if (current === null)
    return (
      <p>
        No policy is in force: there is nothing to hold points against.{' '}
        <AppLink href="/segmentation">Segmentation</AppLink>
      </p>
    );
  const agree = points.filter(({ drift, reported }) => drift.length === 0 && reported !== null).length;
  return (
    <p>
      In force is <AppLink href={`/segmentation/versions/${current}`}>version {current}</AppLink>. Of{' '}
      {counted(points.length, 'point')}, {agree} agree{agree === 1 ? 's' : ''} with it and with the traffic.
    </p>
  );
}

function Points({ points }: { points: readonly EnforcementPoint[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-label="Enforcement points" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col">Runs</th>
            <th scope="col">Stages</th>
            <th scope="col">Policy, point, traffic</th>
            <th scope="col">Last answer</th>
            <th scope="col">Trial and orders</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              <th scope="row">
                <AppLink href={`/enforcement/${point.id}`}>{point.name}</AppLink>
                <div className="dim small">
                  {[kindWords[point.kind], point.place].filter(Boolean).join(', ')}
                </div>
              </th>
              <td>{runsWords(point)}</td>
              <td>
                <StageMarks stages={point.stages} />
              </td>
              <td>
                <DriftMark point={point} />
              </td>
              <td>
                {point.reported === null ? <span className="dim">never</span> : <When at={point.reported} />}
              </td>
              <td>
                {point.trialUntil !== null && <TrialTimer until={point.trialUntil} />}
                {point.order !== null && <div>{orderWords[point.order.state]}</div>}
                {point.trialUntil === null && point.order === null && <span className="dim">none</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
