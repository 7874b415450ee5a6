import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { RolloutDetail } from '@wardline/model';
import { useState } from 'react';
import { firmwareActs, firmwareQueries, type RolloutStep } from '../../api/firmware.ts';
import type { Criticality } from '../../api/types.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { WaveBars } from './WaveBars.tsx';
import { deviceWords, minuteWords, reasonWords, stateWords } from './words.ts';
import './firmware.css';

/** One rollout: its waves, and each device with why it waits. */
export function RolloutPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data, error, refetch } = useQuery(firmwareQueries.rollout(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The rollout" />;
  if (!data) return <Loading label="the rollout" rows={8} />;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>
            {data.manufacturer} {data.model} {data.version}
          </h1>
          <p>
            <span className={`mark rollout-${data.state}`}>{stateWords[data.state]}</span>{' '}
            <span className="dim">{planSentence(data)}</span>
          </p>
        </div>
        <Acts rollout={data} />
      </div>
      <section className="card stack-tight" aria-labelledby="rollout-waves">
        <h2 id="rollout-waves">Waves</h2>
        <WaveBars rollout={data} />
      </section>
      <DevicesCard rollout={data} />
    </div>
  );
}

function planSentence({ plan: { soakMinutes, mostFailed, window, atOnce } }: RolloutDetail): string {
  const hours =
    window === null
      ? 'in their own maintenance windows'
      : `from ${window.fromHour} o’clock for ${window.hours} hours (${window.timeZone})`;
  return `Devices begin ${hours}, ${atOnce} at once, never in use. A wave is watched for ${minuteWords(soakMinutes)}; more than ${mostFailed} % failed halts it.`;
}

const acts: readonly { step: RolloutStep; from: readonly string[]; label: string; says: string }[] = [
  {
    step: 'pause',
    from: ['running'],
    label: 'Pause',
    says: 'No device begins until you resume. What has begun ends.',
  },
  {
    step: 'resume',
    from: ['paused', 'halted'],
    label: 'Resume',
    says: 'Devices begin again. Those that failed are tried once more: see first why they failed.',
  },
  {
    step: 'stop',
    from: ['running', 'paused', 'halted'],
    label: 'Stop for good',
    says: 'No device begins any more. What has begun ends; devices that run the new version keep it.',
  },
];

function Acts({ rollout: { id, state } }: { rollout: RolloutDetail }) {
  const may = useMay();
  const [asking, ask] = useState<(typeof acts)[number] | null>(null);
  if (!may('rollout.step')) return null;
  return (
    <div className="row">
      {acts
        .filter(({ from }) => from.includes(state))
        .map((act) => (
          <Button key={act.step} variant="default" onClick={() => ask(act)}>
            {act.label}…
          </Button>
        ))}
      {asking !== null && (
        <ReasonDialog
          opened
          onClose={() => ask(null)}
          title={`${asking.label} this rollout`}
          confirm={asking.label}
          done="Done."
          act={(reason) => firmwareActs.step(id, asking.step, reason)}
        >
          <p>{asking.says}</p>
        </ReasonDialog>
      )}
    </div>
  );
}

function DevicesCard({ rollout: { devices } }: { rollout: RolloutDetail }) {
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="rollout-devices">
      <h2 id="rollout-devices">Devices</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Criticality</th>
            <th scope="col">Wave</th>
            <th scope="col">State</th>
            <th scope="col">Ran before</th>
            <th scope="col">Last heard</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(({ asset, name, criticality, wave, state, before, heard, because }) => (
            <tr key={asset}>
              <th scope="row">
                <AppLink href={`/assets/${asset}`}>{name}</AppLink>
              </th>
              <td>
                <CriticalityMark value={criticality as Criticality} />
              </td>
              <td>{wave === 0 ? 'Canary' : wave + 1}</td>
              <td>
                <span className={`mark firmware-state-${state}`}>{deviceWords[state]}</span>
                {because !== '' && <div className="dim small">{reasonWords(because)}</div>}
              </td>
              <td>{before || 'not known'}</td>
              <td>{heard === null ? <span className="dim">never</span> : <When at={heard} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
