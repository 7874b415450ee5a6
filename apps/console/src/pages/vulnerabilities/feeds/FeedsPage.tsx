import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../../api/queries.ts';
import { AppLink } from '../../../shell/AppLink.tsx';
import { useAddress } from '../../../shell/address.ts';
import { useMay } from '../../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../../shell/states.tsx';
import { AddFeedDialog } from './AddFeedDialog.tsx';
import { FaultPanel } from './FaultPanel.tsx';
import { FeedCard } from './FeedCard.tsx';
import { Quarantine } from './Quarantine.tsx';

/** Server-sent events bring news at once; this only bridges a broken connection. */
const RUNNING_REFRESH_MILLISECONDS = 2000;

/** Where advisories come from, how far each is, and what was not taken in. */
export function FeedsPage() {
  const { values, change } = useAddress();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const list = useQuery({
    ...queries.feeds(),
    refetchInterval: (query) =>
      query.state.data?.items.some(({ state }) => state === 'running') ? RUNNING_REFRESH_MILLISECONDS : false,
  });
  const shown = list.data?.items.find(({ id }) => id === values.feed);
  return (
    <div className="page-fill">
      <div className="stack">
        <AppLink href="/vulnerabilities">Vulnerabilities</AppLink>
        <div className="spread">
          <h1>Feeds</h1>
          {may('feed.add') && <Button onClick={() => setAdding(true)}>Add a feed…</Button>}
        </div>
        {list.error && !list.data && (
          <Failure error={list.error} retry={() => void list.refetch()} what="The feeds" />
        )}
        {list.isPending && <Loading label="feeds" rows={4} />}
        {list.data?.items.length === 0 && (
          <Empty title="No feed yet">
            A feed is a folder of the server’s mirrors ({list.data.mirrors}), for a hospital without a way
            out, or the address of a provider of advisories.
          </Empty>
        )}
        {list.data?.items.map((feed) => (
          <FeedCard key={feed.id} feed={feed} onFaults={() => change({ feed: feed.id })} />
        ))}
        {may('advisory.quarantine') && <Quarantine />}
      </div>
      {list.data && adding && <AddFeedDialog mirrors={list.data.mirrors} onClose={() => setAdding(false)} />}
      {shown && <FaultPanel feed={shown} onClose={() => change({ feed: undefined })} />}
    </div>
  );
}
