import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { CertificateRow, Trust } from '../../api/trust.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import '../../marks/marks.css';
import { AppLink } from '../../shell/AppLink.tsx';
import { listOf, toggled, useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { Assurance } from './Assurance.tsx';
import { Authorities } from './Authorities.tsx';
import { CertificatePanel } from './CertificatePanel.tsx';
import { EndsNext } from './EndsNext.tsx';
import { stateWords } from './words.ts';

const filters: FilterName[] = [
  { name: 'state', label: 'State', word: (value) => stateWords[value as CertificateRow['state']] ?? value },
  { name: 'zone', label: 'Zone' },
  { name: 'asset', label: 'Asset' },
];

const columns: Column<CertificateRow>[] = [
  {
    id: 'holder',
    label: 'Holder',
    width: 200,
    sort: 'holder',
    render: (row) =>
      row.asset === null ? (
        row.holder
      ) : (
        <AppLink href={`/assets/${row.asset}`}>{row.assetName ?? row.holder}</AppLink>
      ),
  },
  { id: 'zone', label: 'Zone', width: 112, sort: 'zone', render: (row) => row.zone },
  { id: 'profile', label: 'For a', width: 96, render: (row) => row.profile },
  { id: 'state', label: 'State', width: 120, render: (row) => stateWords[row.state] },
  { id: 'until', label: 'Ends', width: 168, sort: 'until', render: (row) => <When at={row.until} /> },
  { id: 'renewAt', label: 'Renewed from', width: 168, render: (row) => <When at={row.renewAt} /> },
  { id: 'assurance', label: 'Key', width: 152, render: (row) => <Assurance value={row.assurance} /> },
  {
    id: 'serial',
    label: 'Serial number',
    width: 280,
    extra: true,
    render: (row) => <span className="mono">{row.serial}</span>,
  },
];

/** What ends, waits or fails next; authorities; every certificate. */
export function CertificatesPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  const trust = useQuery(queries.trust());
  return (
    <div className="page-fill">
      <h1>Certificates</h1>
      {trust.error && !trust.data && (
        <Failure error={trust.error} retry={() => void trust.refetch()} what="The authorities" />
      )}
      {trust.isPending && <Loading label="authorities" rows={3} />}
      {trust.data && <EndsNext trust={trust.data} />}
      {trust.data && <Authorities trust={trust.data} />}
      <ListView
        list="certificates"
        noun={['certificate', 'certificates']}
        search="Search device, serial number, zone"
        query={queries.certificates(asked)}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) => `the certificate of ${row.assetName ?? row.holder}`}
        filters={filters}
        above={trust.data ? <States counts={trust.data.counts} /> : null}
        defaultSort="until"
        defaultOrder="asc"
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title="No certificate">
            Devices get one by a one-time code or by their maker’s certificate, once their zone has an
            authority.
          </Empty>
        }
        panel={(row) => <CertificatePanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function States({ counts }: { counts: Trust['counts'] }) {
  const { values, change } = useAddress();
  const chosen = listOf(values.state);
  return (
    <fieldset className="row facet" aria-label="State" style={{ margin: 0 }}>
      {(['valid', 'due', 'expired', 'revoked'] as const).map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(state)}
          onClick={() => change({ state: toggled(values.state, state), row: undefined })}
        >
          {stateWords[state]} <span className="dim">{count(counts[state])}</span>
        </button>
      ))}
    </fieldset>
  );
}
