import type { BackupRunRow } from '@wardline/model';
import { bytes as byteSize } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';

const states: Record<BackupRunRow['state'], string> = {
  waiting: 'asked for',
  running: 'being written',
  kept: 'kept',
  failed: 'failed',
  removed: 'removed: older than is kept',
};

/** Full backups, the newest first. */
export function RunTable({ runs }: { runs: readonly BackupRunRow[] }) {
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">As of</th>
          <th scope="col">State</th>
          <th scope="col">Size</th>
          <th scope="col">Restored to see that it can be</th>
          <th scope="col">Asked for by</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <When at={run.at ?? run.asked} />
              {run.name && <div className="small dim mono">{run.name}</div>}
            </td>
            <td>
              {run.state === 'running' ? <output>{states[run.state]}</output> : states[run.state]}
              {run.trouble && <div className="form-error small">{run.trouble}</div>}
            </td>
            <td>{run.bytes === null ? '–' : byteSize(run.bytes)}</td>
            <td>
              <Proof run={run} />
            </td>
            <td>{run.actor === 'server' ? 'the plan' : (run.who ?? run.actor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Proof({ run: { state, proved, proofTrouble } }: { run: BackupRunRow }) {
  if (proofTrouble !== null)
    return (
      <>
        <span className="mark mark-unknown">could not be</span>
        <div className="form-error small">{proofTrouble}</div>
      </>
    );
  if (proved !== null) return <When at={proved} />;
  return <span className="dim">{state === 'kept' ? 'not tried' : '–'}</span>;
}
