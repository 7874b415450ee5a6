import { useInfiniteQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { ComponentRow } from '../../api/sboms.ts';
import { count } from '../../format/number.ts';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { ProductTable } from './ProductTable.tsx';

const filters: FilterName[] = [{ name: 'type', label: 'Kind' }];

const columns: Column<ComponentRow>[] = [
  {
    id: 'name',
    label: 'Component',
    width: 240,
    sort: 'name',
    render: (row) => <strong>{[row.group, row.name].filter(Boolean).join('/')}</strong>,
  },
  {
    id: 'version',
    label: 'Version',
    width: 120,
    sort: 'version',
    render: (row) => row.version ?? <NotTold />,
  },
  { id: 'models', label: 'Models', width: 88, numeric: true, render: (row) => count(row.models) },
  { id: 'type', label: 'Kind', width: 120, sort: 'type', render: (row) => row.type },
  { id: 'supplier', label: 'Supplier', width: 160, render: (row) => row.supplier ?? <NotTold /> },
  {
    id: 'package',
    label: 'Package or CPE',
    width: 320,
    render: (row) => <span className="mono small">{row.purl ?? row.cpes[0] ?? ''}</span>,
  },
];

const NotTold = () => <span className="dim">not told</span>;

/** Where is this component: over all products of the hospital. */
export function SbomSearchPage() {
  const { values, change } = useAddress();
  const { row: _row, ...asked } = values;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>SBOM search</h1>
        <AppLink href="/sboms">Bills of materials</AppLink>
      </div>
      <ListView
        list="components"
        noun={['component', 'components']}
        search="Search name, version, supplier, purl, CPE"
        query={queries.components(asked)}
        columns={columns}
        rowId={(row) => String(row.id)}
        rowLabel={(row) => `${row.name} ${row.version ?? ''}`}
        filters={filters}
        defaultSort="name"
        onOpen={(row) => change({ row: String(row.id) })}
        empty={
          <Empty title="No bill of materials yet" action={<AppLink href="/sboms">Add one</AppLink>}>
            Makers hand them over with a product or on request. What is inside shows here, with the models
            that have it.
          </Empty>
        }
        panel={(row) => <ComponentPanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}

function ComponentPanel({ row, onClose }: { row: ComponentRow; onClose: () => void }) {
  const title = [row.name, row.version].filter(Boolean).join(' ');
  return (
    <SidePanel subject={title} title={title} onClose={onClose}>
      <dl className="pairs">
        <dt>Supplier</dt>
        <dd>{row.supplier ?? 'not told'}</dd>
        <dt>Package URL</dt>
        <dd className="mono">{row.purl ?? 'none'}</dd>
        <dt>CPE</dt>
        <dd className="mono">{row.cpes.join(', ') || 'none'}</dd>
      </dl>
      <section>
        <h3>Where it is</h3>
        <Places component={row.id} />
      </section>
    </SidePanel>
  );
}

function Places({ component }: { component: number }) {
  const query = useInfiniteQuery(queries.componentProducts(component));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.error && !query.data)
    return <Failure error={query.error} retry={() => void query.refetch()} what="The products" />;
  if (query.isPending) return <Loading label="products" rows={3} />;
  if (rows.length === 0) return <p className="dim">Only bills of materials that count no more name it.</p>;
  return (
    <ProductTable
      rows={rows}
      total={query.data?.pages[0]?.total ?? 0}
      onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
    />
  );
}
