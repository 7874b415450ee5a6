import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { acts } from '../../api/acts.ts';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { ReasonDialog } from '../../shell/reason.tsx';

/** What can be done with the picked assets: say that they are one and the same, or print their labels. */
export function MergeBar({ picked, onClear }: { picked: string[]; onClear: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="bulk" role="status">
      {counted(picked.length, 'asset')} picked
      <Button size="xs" disabled={picked.length < 2 || picked.length > 20} onClick={() => setAsking(true)}>
        These are one device…
      </Button>
      <a href={apiAddress('/labels/page', { assets: picked.join(',') })} target="_blank" rel="noreferrer">
        Print {picked.length === 1 ? 'its label' : 'their labels'}
      </a>
      <button type="button" className="link-button" onClick={onClear}>
        Pick none
      </button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Merge ${counted(picked.length, 'asset')} into one`}
        confirm="Merge"
        done="Merged. It can be undone on the asset's page."
        act={async (reason) => {
          await acts.merge(picked, reason);
          onClear();
        }}
      >
        <Picked ids={picked} />
        <p className="dim">
          Their addresses, services and findings are shown as one from now on. Nothing is sent to any device.
          Undo it on the asset’s page under “Addresses”.
        </p>
      </ReasonDialog>
    </div>
  );
}

function Picked({ ids }: { ids: string[] }) {
  const found = useQueries({ queries: ids.map((id) => queries.asset(id)) });
  return (
    <ul className="plain-list stack-tight">
      {found.map((query, index) => (
        <li key={ids[index]} className="row">
          {query.data?.asset.name ?? ids[index]}
          {query.data && <CriticalityMark value={query.data.asset.criticality} />}
          <span className="dim">{query.data?.asset.ips.join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}
