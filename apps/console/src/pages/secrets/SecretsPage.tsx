import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { SecretRow } from '../../api/secrets.ts';
import { count } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { AdoptDialog } from './AdoptDialog.tsx';
import { SecretPanel } from './SecretPanel.tsx';
import { SecretState } from './SecretState.tsx';
import { SecretWorkCard } from './SecretWorkCard.tsx';
import { kindWords } from './words.ts';

const columns: Column<SecretRow>[] = [
  {
    id: 'asset',
    label: 'Device',
    width: 200,
    sort: 'asset',
    render: (row) => <AppLink href={`/assets/${row.asset}`}>{row.assetName}</AppLink>,
  },
  {
    id: 'account',
    label: 'Account',
    width: 136,
    sort: 'account',
    render: (row) => <strong>{row.account}</strong>,
  },
  { id: 'kind', label: 'Kind', width: 168, render: (row) => kindWords[row.kind] },
  { id: 'state', label: 'State', width: 264, render: (row) => <SecretState secret={row} /> },
  {
    id: 'criticality',
    label: 'Criticality',
    width: 128,
    render: (row) => <CriticalityMark value={row.criticality} />,
  },
  {
    id: 'changed',
    label: 'Changed',
    width: 168,
    sort: 'changed',
    render: (row) => <When at={row.changed} />,
  },
  {
    id: 'due',
    label: 'Due',
    width: 168,
    sort: 'due',
    render: (row) => (row.due === null ? <span className="dim">no schedule</span> : <When at={row.due} />),
  },
  { id: 'zone', label: 'Sealed by the key of', width: 184, extra: true, render: (row) => row.zone },
];

/** Which accounts on devices have a secret of their own, who holds one now, and what waits for a person. */
export function SecretsPage() {
  const { values, change } = useAddress();
  const may = useMay();
  const [adopting, setAdopting] = useState<{ asset: string } | null>(null);
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Secrets</h1>
        {may('secret.adopt') && <Button onClick={() => setAdopting({ asset: '' })}>Keep a secret…</Button>}
      </div>
      <ListView
        list="secrets"
        noun={['secret', 'secrets']}
        search="Search device, account"
        query={queries.secrets(asked)}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `${row.account} on ${row.assetName}`}
        filters={[]}
        above={
          <div className="stack">
            <SecretWorkCard onAdopt={(asset) => setAdopting({ asset })} />
            <Needs />
          </div>
        }
        defaultSort="asset"
        defaultOrder="asc"
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title="No secret is kept yet">
            Take the password or key of an account into keeping: it is sealed, given out with a reason and for
            a time, and changed on the device only when a person orders it.
          </Empty>
        }
        panel={(row) => <SecretPanel id={row.id} onClose={() => change({ row: undefined })} />}
      />
      {adopting !== null && <AdoptDialog asset={adopting.asset} onClose={() => setAdopting(null)} />}
    </div>
  );
}

const needWords = { order: 'Wait for an order', held: 'Out now', due: 'Due', stuck: 'Stuck' } as const;

function Needs() {
  const { values, change } = useAddress();
  const { data } = useQuery(queries.secretNeeds());
  return (
    <fieldset className="row facet" aria-label="What is to be done" style={{ margin: 0 }}>
      {(['stuck', 'order', 'due', 'held'] as const).map((need) => (
        <button
          key={need}
          type="button"
          className="chip"
          aria-pressed={values.need === need}
          onClick={() => change({ need: values.need === need ? undefined : need, row: undefined })}
        >
          {needWords[need]} <span className="dim">{count(data?.needs[need] ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  );
}
