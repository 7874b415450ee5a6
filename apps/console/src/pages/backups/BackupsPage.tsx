import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { BackupList } from '@wardline/model';
import { useState } from 'react';
import { backups } from '../../api/backups.ts';
import { queries } from '../../api/queries.ts';
import { bytes as byteSize, counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { RunTable } from './RunTable.tsx';

/** Server-sent events bring what changed; how many bytes were written is asked for. */
const RUNNING_REFRESH_MILLISECONDS = 1000;

/** Whether what is lost could be brought back: how old backups are, which moments they reach, and when one was last restored. */
export function BackupsPage() {
  const list = useQuery({
    ...queries.backups(),
    refetchInterval: (query) => (isRunning(query.state.data) ? RUNNING_REFRESH_MILLISECONDS : false),
  });
  if (list.error && !list.data)
    return <Failure error={list.error} retry={() => void list.refetch()} what="The backups" />;
  if (!list.data) return <Loading label="backups" rows={5} />;
  return (
    <div className="stack">
      <div className="spread">
        <h1>Backups</h1>
        {list.data.plan && <RunNow running={isRunning(list.data)} />}
      </div>
      <Warnings list={list.data} />
      {list.data.plan === null ? <NotPlanned /> : <PlanCard list={list.data} plan={list.data.plan} />}
      {list.data.items.length > 0 && (
        <section className="card stack" aria-labelledby="full-backups">
          <h2 id="full-backups">Full backups</h2>
          <RunTable runs={list.data.items} />
        </section>
      )}
    </div>
  );
}

const isRunning = (list: BackupList | undefined): boolean =>
  list?.items.some(({ state }) => state === 'waiting' || state === 'running') ?? false;

function RunNow({ running }: { running: boolean }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may('backup.run')) return null;
  return (
    <>
      <Button disabled={running} onClick={() => setAsking(true)}>
        {running ? 'A backup is being made' : 'Back up now…'}
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Back up now"
        confirm="Back up now"
        done="A backup is being made."
        act={backups.run}
      >
        <p>A full backup of this moment goes into the folder. The server goes on working meanwhile.</p>
      </ReasonDialog>
    </>
  );
}

function Warnings({ list: { warnings, told } }: { list: BackupList }) {
  if (warnings.length === 0) return null;
  return (
    <section className="card stack-tight" role="alert" aria-label="What is wrong">
      {warnings.map(({ what, remedy }) => (
        <p key={what}>
          <strong>{what}</strong> {remedy}
        </p>
      ))}
      {told !== null && <Told told={told} />}
    </section>
  );
}

/** Whether whoever is on duty knows. */
function Told({ told: { at, notices } }: { told: NonNullable<BackupList['told']> }) {
  const sent = notices.filter(({ state }) => state === 'sent');
  const failed = notices.filter(({ state }) => state === 'failed');
  if (notices.length === 0) return <p>Nobody on duty was told: no way to them is configured.</p>;
  return (
    <p>
      {sent.length > 0 && (
        <>
          Whoever is on duty was told by {sent.map(({ channel }) => channel).join(', ')} <When at={at} />.{' '}
        </>
      )}
      {failed.map(({ channel, detail }) => `By ${channel} they could not be told: ${detail}. `)}
    </p>
  );
}

function NotPlanned() {
  return (
    <Empty title="This server makes no backups by itself">
      Make a pair of keys with <code>wardline backup key</code>, keep the secret half far from here, and start
      the server with <code>WARDLINE_BACKUP_DIR</code> and <code>WARDLINE_BACKUP_RECIPIENT</code>.
    </Empty>
  );
}

function PlanCard({ list, plan }: { list: BackupList; plan: NonNullable<BackupList['plan']> }) {
  const newest = list.items.find(({ state }) => state === 'kept');
  const proved = list.items.find((run) => run.proved !== null);
  return (
    <section className="card stack-tight" aria-labelledby="plan">
      <h2 id="plan">What can be brought back</h2>
      <p>
        {list.reach === null ? (
          'The moments of the full backups below.'
        ) : (
          <>
            Any moment from <When at={list.reach.from} /> to <When at={list.reach.to} />.
          </>
        )}
      </p>
      <dl className="pairs">
        <dt>Newest full backup</dt>
        <dd>{newest?.at ? <When at={newest.at} /> : 'none yet'}</dd>
        <dt>Last restored to see that it can be</dt>
        <dd>{proved?.proved ? <Proved run={proved} /> : plan.prove ? 'not yet' : 'never: switched off'}</dd>
        <dt>Full backups</dt>
        <dd>
          every {once(plan.every)}, kept for {spoken(plan.keep)}
        </dd>
        <dt>Changes behind them</dt>
        <dd>
          {plan.changes === null ? 'not written' : `every ${once(plan.changes)}`}
          {list.reach !== null && `, ${byteSize(list.reach.bytes)} so far`}
        </dd>
        <dt>Folder</dt>
        <dd className="mono">{plan.folder}</dd>
        <dt>Can be opened with the other half of</dt>
        <dd className="mono">{plan.recipients.join(', ')}</dd>
      </dl>
    </section>
  );
}

function Proved({ run: { proved, proofTrouble } }: { run: BackupList['items'][number] }) {
  return (
    <>
      <When at={proved!} />
      {proofTrouble !== null && `: it could not be, ${proofTrouble}`}
    </>
  );
}

/** Every day, and not every 1 day. */
const once = (seconds: number): string => spoken(seconds).replace(/^1 /, '');

/** As people say it. */
function spoken(seconds: number): string {
  if (seconds % 86_400 === 0) return counted(seconds / 86_400, 'day', 'days');
  if (seconds % 3600 === 0) return counted(seconds / 3600, 'hour', 'hours');
  return seconds % 60 === 0
    ? counted(seconds / 60, 'minute', 'minutes')
    : counted(seconds, 'second', 'seconds');
}
