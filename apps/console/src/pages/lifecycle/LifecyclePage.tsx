import type { LifecycleRow, LifecycleState } from '@wardline/model';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { stateLabels } from './words.ts';

const columns: Column<LifecycleRow>[] = [
  {
    id: 'assetName',
    label: 'Device',
    width: 260,
    sort: 'assetName',
    render: (row) => <AppLink href={`/assets/${row.asset}`}>{row.assetName}</AppLink>,
  },
  {
    id: 'classLabel',
    label: 'Kind',
    width: 200,
    sort: 'classLabel',
    render: (row) => row.classLabel || <span className="dim">unknown</span>,
  },
  { id: 'state', label: 'State', width: 160, sort: 'state', render: (row) => stateLabels[row.state] },
  {
    id: 'since',
    label: 'Since',
    width: 168,
    sort: 'since',
    render: (row) =>
      row.since === null ? <span className="dim">nobody has said</span> : <When at={row.since} />,
  },
  {
    id: 'conditions',
    label: 'Open conditions',
    width: 136,
    numeric: true,
    render: (row) => row.conditions || '–',
  },
  {
    id: 'device',
    label: 'Identifier',
    width: 200,
    render: (row) => row.device ?? <span className="dim">not known</span>,
  },
];

/** Devices by where they stand between purchase and disposal. */
export function LifecyclePage() {
  const { values, change, go } = useAddress();
  const state = values.state ?? '';
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Lifecycle</h1>
        <label className="row">
          State{' '}
          <select
            value={state}
            onChange={(event) => change({ state: event.currentTarget.value || undefined })}
          >
            <option value="">all</option>
            {(Object.keys(stateLabels) as LifecycleState[]).map((one) => (
              <option key={one} value={one}>
                {stateLabels[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ListView
        list="lifecycle"
        noun={['device', 'devices']}
        search="Search name, maker, model"
        query={queries.lifecycles(values)}
        columns={columns}
        rowId={(row) => row.asset}
        rowLabel={(row) => row.assetName}
        filters={[]}
        onOpen={(row) => go(`/assets/${row.asset}`)}
        empty={<Empty title="No such device">Devices appear here once they were seen on the network.</Empty>}
      />
    </div>
  );
}
