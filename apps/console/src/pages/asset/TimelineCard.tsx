import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** What happened to it, newest first. */
export function TimelineCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.timeline(asset));
  return (
    <section className="card stack-tight" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The timeline" />}
      {!data && !error && <Loading label="the timeline" rows={4} />}
      {data && data.items.length === 0 && <p className="dim">Nothing has happened yet.</p>}
      <ol className="plain-list timeline">
        {(data?.items ?? []).map((entry, index) => (
          // Several findings of one kind may open at one moment.
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id, and no state of their own
          <li key={`${index} ${entry.at}`}>
            <div className="small dim">
              <When at={entry.at} />
              {entry.actor ? ` · ${entry.actor}` : ''}
            </div>
            <div>{entry.title}</div>
            {entry.detail && <div className="dim small">{entry.detail}</div>}
            {entry.evidence && <EvidenceList evidence={[entry.evidence]} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
