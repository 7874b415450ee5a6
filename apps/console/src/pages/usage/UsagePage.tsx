import { useQuery } from '@tanstack/react-query';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import type { UsageClass, UsageClasses, UsageRow } from '../../api/usage.ts';
import { count, counted } from '../../format/number.ts';
import { CriticalityMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import type { Column } from '../../table/columns.ts';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { Proposals } from './Proposals.tsx';
import { WeekMap } from './WeekMap.tsx';
import { percent, spanWord } from './words.ts';

const columns: Column<UsageRow>[] = [
  {
    id: 'assetName',
    label: 'Device',
    width: 240,
    sort: 'assetName',
    render: (row) => <AppLink href={`/assets/${row.asset}`}>{row.assetName}</AppLink>,
  },
  {
    id: 'classLabel',
    label: 'Kind',
    width: 160,
    sort: 'classLabel',
    render: (row) => row.classLabel || <span className="dim">unknown</span>,
  },
  {
    id: 'criticality',
    label: 'Criticality',
    width: 136,
    sort: 'criticality',
    render: (row) => <CriticalityMark value={row.criticality} />,
  },
  {
    id: 'utilisation',
    label: 'In use',
    width: 112,
    sort: 'utilisation',
    numeric: true,
    render: (row) => (row.utilisation === null ? <Unknown /> : percent(row.utilisation)),
  },
  {
    id: 'inUse',
    label: 'Hours in use',
    width: 104,
    sort: 'inUse',
    numeric: true,
    render: (row) => count(row.hours['in-use']),
  },
  {
    id: 'unknown',
    label: 'Hours unknown',
    width: 112,
    numeric: true,
    render: (row) => count(row.hours.unknown),
  },
  {
    id: 'lastInUse',
    label: 'Last in use',
    width: 160,
    sort: 'lastInUse',
    render: (row) =>
      row.lastInUse === null ? <span className="dim">not seen</span> : <When at={row.lastInUse} />,
  },
  {
    id: 'quiet',
    label: 'Quietest span',
    width: 216,
    render: (row) =>
      row.windows[0] === undefined ? <span className="dim">none proposed</span> : spanWord(row.windows[0]),
  },
  { id: 'location', label: 'Place', width: 160, extra: true, render: (row) => row.location },
];

const useWords: Readonly<Record<string, string>> = { known: 'known', unknown: 'unknown' };
const mostUsedFirst = { sort: 'utilisation', order: 'desc' };

/** How devices were used over the last weeks that were watched, and when none of a class often is in use. */
export function UsagePage() {
  const { values, change, go } = useAddress();
  const may = useMay();
  const classes = useQuery(queries.usageClasses());
  const { row: _row, ...asked } = values;
  const filters: FilterName[] = [
    { name: 'class', label: 'Kind', word: (id) => classNamed(classes.data, id)?.classLabel ?? id },
    { name: 'use', label: 'Use is', word: (use) => useWords[use] ?? use },
  ];
  const { cursor: _cursor, ...exported } = asked;
  return (
    <div className="page-fill">
      <div className="spread">
        <h1>Utilisation</h1>
        <label className="row">
          Kind{' '}
          <select
            value={values.class ?? ''}
            onChange={(event) => change({ class: event.currentTarget.value || undefined, row: undefined })}
          >
            <option value="">all</option>
            {classes.data?.items.map((one) => (
              <option key={one.class} value={one.class}>
                {one.classLabel}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ListView
        list="usage"
        noun={['device', 'devices']}
        search="Search name, maker, model"
        query={queries.usage({ ...mostUsedFirst, ...asked })}
        columns={columns}
        rowId={(row) => row.asset}
        rowLabel={(row) => row.assetName}
        filters={filters}
        defaultSort="utilisation"
        defaultOrder="desc"
        onOpen={(row) => go(`/assets/${row.asset}`)}
        {...(may('usage.export')
          ? { exportHref: apiAddress('/usage.csv', { ...mostUsedFirst, ...exported }) }
          : {})}
        above={<Week answer={classes} chosen={values.class} />}
        empty={<Empty title="No device yet">Devices appear here once they were seen on the network.</Empty>}
      />
    </div>
  );
}

function classNamed(found: UsageClasses | undefined, id: string | undefined): UsageClass | undefined {
  return found?.items.find((one) => one.class === id);
}

interface WeekProps {
  answer: { data: UsageClasses | undefined; error: unknown; refetch: () => unknown };
  chosen: string | undefined;
}

function Week({ answer: { data, error, refetch }, chosen }: WeekProps) {
  if (error && !data)
    return <Failure error={error} retry={() => void refetch()} what="The use of each kind of device" />;
  if (!data) return <Loading label="the week" rows={4} />;
  const one = classNamed(data, chosen);
  const shown = one ?? data.all;
  return (
    <details open className="card stack-tight">
      <summary>
        <strong>{shown.classLabel}</strong>: {sentence(shown)}
      </summary>
      <WeekMap
        label={`The week of ${shown.classLabel}`}
        week={shown.week}
        windows={one?.windows ?? []}
        timeZone={shown.timeZone}
      />
      {one === undefined ? (
        <p className="dim">Choose a kind of device to see when none of it often is in use.</p>
      ) : (
        <ClassProposals found={one} />
      )}
    </details>
  );
}

function sentence({ devices, knownDevices, utilisation }: UsageClass): string {
  const of = `${counted(devices, 'device')}, something is known of ${count(knownDevices)}`;
  return utilisation === null
    ? `${of}. Nothing shows their use.`
    : `${of}. In use ${percent(utilisation)} of the hours that are known.`;
}

function ClassProposals({ found }: { found: UsageClass }) {
  const { class: id, classLabel: name, devices, knownDevices, timeZone, windows } = found;
  if (timeZone === null)
    return (
      <p className="dim">
        No window is proposed: its devices stand in several time zones, or nothing was watched.
      </p>
    );
  const of = { on: 'class', id, name, unknownDevices: devices - knownDevices } as const;
  return (
    <>
      {windows.length > 0 && devices > knownDevices && (
        <p>
          The windows say nothing of {counted(devices - knownDevices, 'device')} whose use does not show: ask
          where they are used.
        </p>
      )}
      <Proposals of={of} windows={windows} timeZone={timeZone} />
    </>
  );
}
