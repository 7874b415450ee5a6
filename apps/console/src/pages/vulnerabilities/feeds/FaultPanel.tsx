import { useQuery } from '@tanstack/react-query';
import type { FeedRow } from '@wardline/model';
import { queries } from '../../../api/queries.ts';
import { count, counted } from '../../../format/number.ts';
import { plain } from '../../../format/words.ts';
import { When } from '../../../marks/When.tsx';
import { SidePanel } from '../../../panel/SidePanel.tsx';
import { Failure, Loading } from '../../../shell/states.tsx';

/** Documents of a feed that were not taken in, or not whole, each with the place of its fault. */
export function FaultPanel({ feed, onClose }: { feed: FeedRow; onClose: () => void }) {
  const { data, error, refetch } = useQuery(queries.feedFaults(feed.id));
  return (
    <SidePanel subject={feed.id} title={`At fault in ${feed.name}`} onClose={onClose}>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="What was at fault" />}
      {!data && !error && <Loading label="what was at fault" rows={4} />}
      {data && (
        <p className="dim">
          {counted(data.total, 'document')}
          {data.total > data.items.length ? `, the first ${count(data.items.length)} of them` : ''}. Each is
          looked at again at the next run.
        </p>
      )}
      {data?.items.map((file) => (
        <section key={file.path} className="stack-tight">
          <h3 className="mono">{file.path}</h3>
          <p className="dim small">
            {plain(file.outcome)}, <When at={file.at} />
          </p>
          <Faults faults={file.faults} />
        </section>
      ))}
    </SidePanel>
  );
}

export function Faults({ faults }: { faults: readonly { place: string; message: string }[] }) {
  return (
    <ul className="plain-list">
      {faults.map(({ place, message }) => (
        <li key={`${place} ${message}`}>
          {place !== '' && <span className="mono">{place}: </span>}
          {message}
        </li>
      ))}
    </ul>
  );
}
