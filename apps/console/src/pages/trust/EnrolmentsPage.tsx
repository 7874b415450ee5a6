import { queries } from '../../api/queries.ts';
import type { EnrolmentRow } from '../../api/trust.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { listOf, useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import { ListView } from '../../table/ListView.tsx';
import { Assurance } from './Assurance.tsx';
import { EnrolmentPanel } from './EnrolmentPanel.tsx';
import { wayWords } from './words.ts';

const stateWords: Record<EnrolmentRow['state'], string> = {
  waiting: 'Waits',
  issued: 'Certified',
  refused: 'Refused',
};

const columns: Column<EnrolmentRow>[] = [
  { id: 'asked', label: 'Asked', width: 168, sort: 'asked', render: (row) => <When at={row.asked} /> },
  { id: 'state', label: 'State', width: 96, render: (row) => stateWords[row.state] },
  { id: 'way', label: 'Shown', width: 152, render: (row) => wayWords[row.way] },
  {
    id: 'maker',
    label: 'Maker, serial number',
    width: 200,
    render: (row) => [row.maker, row.serialNumber].filter(Boolean).join(', ') || '–',
  },
  { id: 'why', label: 'Why', width: 360, render: (row) => row.decision ?? row.misfits.join(' ') },
  {
    id: 'asset',
    label: 'Device',
    width: 168,
    render: (row) =>
      row.asset === null ? (
        'Not known'
      ) : (
        <AppLink href={`/assets/${row.asset}`}>{row.assetName ?? row.asset}</AppLink>
      ),
  },
  { id: 'assurance', label: 'Key', width: 152, render: (row) => <Assurance value={row.assurance} /> },
];

/** Who asks for a certificate and does not fit the inventory; what was decided. */
export function EnrolmentsPage() {
  const { values, change } = useAddress();
  const { row: _row, ...given } = values;
  const asked = { state: 'waiting', ...given };
  const chosen = listOf(asked.state);
  return (
    <div className="page-fill">
      <h1>Enrolment</h1>
      <ListView
        list="enrolments"
        noun={['enrolment', 'enrolments']}
        query={queries.enrolments(asked)}
        columns={columns}
        rowId={(row) => row.id}
        rowLabel={(row) =>
          `the enrolment of ${row.assetName ?? row.serialNumber ?? row.keyDigest.slice(0, 16)}`
        }
        filters={[]}
        above={
          <fieldset className="row facet" aria-label="State" style={{ margin: 0 }}>
            {(['waiting', 'issued', 'refused'] as const).map((state) => (
              <button
                key={state}
                type="button"
                className="chip"
                aria-pressed={chosen.includes(state)}
                onClick={() => change({ state, row: undefined })}
              >
                {stateWords[state]}
              </button>
            ))}
          </fieldset>
        }
        defaultSort="asked"
        defaultOrder="asc"
        onOpen={(row) => change({ row: row.id })}
        empty={
          <Empty title={chosen.includes('waiting') ? 'Nobody waits' : 'None'}>
            A device that comes with a one-time code, or with a certificate of its maker that fits the
            inventory, gets its certificate without a person. What does not fit waits here.
          </Empty>
        }
        panel={(row) => <EnrolmentPanel row={row} onClose={() => change({ row: undefined })} />}
      />
    </div>
  );
}
