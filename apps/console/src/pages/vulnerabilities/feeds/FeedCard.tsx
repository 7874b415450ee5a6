import { Button, Progress } from '@mantine/core';
import type { FeedRow } from '@wardline/model';
import { useState } from 'react';
import { feeds } from '../../../api/feeds.ts';
import { count } from '../../../format/number.ts';
import { When } from '../../../marks/When.tsx';
import { useMay } from '../../../shell/permissions.ts';
import { ReasonDialog } from '../../../shell/reason.tsx';

const states: Record<FeedRow['state'], string> = {
  never: 'Has not run yet',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
};

/** What became of documents, in the order in which it matters to whoever looks. */
const outcomes: readonly (readonly [string, string])[] = [
  ['quarantined', 'quarantined'],
  ['failed', 'could not be had'],
  ['missing', 'promised and not there'],
  ['added', 'new'],
  ['updated', 'changed'],
  ['enriched', 'taken into what is known of weaknesses'],
  ['older', 'older than what is there'],
  ['unchanged', 'known already'],
  ['same', 'as at the last run'],
];

export function FeedCard({ feed, onFaults }: { feed: FeedRow; onFaults: () => void }) {
  const running = feed.state === 'running';
  const percent = feed.total > 0 ? (feed.done / feed.total) * 100 : 0;
  return (
    <section className="card stack-tight" aria-label={`Feed ${feed.name}`}>
      <div className="spread">
        <div className="row">
          <h2>{feed.name}</h2>
          <span className={feed.state === 'failed' ? 'form-error' : 'dim'}>{states[feed.state]}</span>
        </div>
        <FeedActs feed={feed} />
      </div>
      {running && <Progress value={percent} animated aria-label={`Progress of ${feed.name}`} />}
      <p role={running ? 'status' : undefined}>{progressSentence(feed)}</p>
      {feed.problem && (
        <p role="alert" className="form-error">
          {feed.problem}. What was taken in before is still there.
        </p>
      )}
      <Origin feed={feed} />
      {isAtFault(feed) && (
        <div>
          <Button variant="default" size="xs" onClick={onFaults}>
            What was at fault
          </Button>
        </div>
      )}
    </section>
  );
}

const isAtFault = ({ counts }: FeedRow): boolean =>
  ['quarantined', 'failed', 'missing'].some((outcome) => (counts[outcome] ?? 0) > 0);

function progressSentence({ state, done, total, counts }: FeedRow): string {
  if (state === 'never') return 'Nothing was taken in yet.';
  if (total === 0 && state === 'failed') return 'The last run took nothing in.';
  if (total === 0) return state === 'running' ? 'It is being asked what there is.' : 'It named no document.';
  const parts = outcomes.flatMap(([outcome, words]) =>
    counts[outcome] ? [`${count(counts[outcome])} ${words}`] : [],
  );
  const each = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return `${count(done)} of ${count(total)} documents looked at${each}.`;
}

function Origin({ feed }: { feed: FeedRow }) {
  return (
    <dl className="pairs">
      <dt>{feed.kind === 'folder' ? 'Folder of the mirrors' : 'Address'}</dt>
      <dd className="mono">{feed.location}</dd>
      <dt>Runs</dt>
      <dd>
        {feed.everyHours === 0 ? 'when a person says so' : `every ${feed.everyHours} hours`}
        {feed.finishedAt && (
          <>
            ; last <When at={feed.finishedAt} />
          </>
        )}
      </dd>
      <dt>Has to be signed by</dt>
      <dd className={feed.fingerprints.length > 0 ? 'mono' : 'dim'}>
        {feed.fingerprints.join(', ') || 'nobody: signatures are not checked'}
      </dd>
    </dl>
  );
}

function FeedActs({ feed }: { feed: FeedRow }) {
  const may = useMay();
  const [act, setAct] = useState<'run' | 'remove' | null>(null);
  const close = () => setAct(null);
  return (
    <div className="row">
      {feed.state !== 'running' && may('feed.run') && (
        <Button
          variant="default"
          size="xs"
          onClick={() => setAct('run')}
          aria-label={`Run now… ${feed.name}`}
        >
          Run now…
        </Button>
      )}
      {may('feed.remove') && (
        <Button
          variant="default"
          size="xs"
          onClick={() => setAct('remove')}
          aria-label={`Remove… ${feed.name}`}
        >
          Remove…
        </Button>
      )}
      <ReasonDialog
        opened={act === 'run'}
        onClose={close}
        title={`Run ${feed.name} now`}
        confirm="Run now"
        done={`${feed.name} runs.`}
        act={(reason) => feeds.run(feed.id, reason)}
      >
        <p>What is new or other than at the last run is taken in. It goes on when this page is closed.</p>
      </ReasonDialog>
      <ReasonDialog
        opened={act === 'remove'}
        onClose={close}
        title={`Remove ${feed.name}`}
        confirm="Remove"
        done={`${feed.name} is removed.`}
        act={(reason) => feeds.remove(feed.id, reason)}
      >
        <p>What it brought stays. Nothing more is taken from it; it can be added again.</p>
      </ReasonDialog>
    </div>
  );
}
