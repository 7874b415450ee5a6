import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import {
  criticalityWords,
  protectionWord,
  registerWords,
  sensitivityWords,
  severityWords,
} from '../../format/words.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty } from '../../shell/states.tsx';
import type { FilterName } from '../../table/Filters.tsx';
import { ListView } from '../../table/ListView.tsx';
import { assetColumns } from './columns.tsx';
import { MergeBar } from './MergeBar.tsx';

const wordOf = (words: Record<string, string>) => (value: string) => words[value] ?? value;

const filters: FilterName[] = [
  { name: 'criticality', label: 'Criticality', word: wordOf(criticalityWords) },
  { name: 'group', label: 'Function' },
  { name: 'class', label: 'Class' },
  { name: 'severity', label: 'Findings', word: wordOf(severityWords) },
  { name: 'register', label: 'Register', word: wordOf(registerWords) },
  { name: 'protection', label: 'Protection', word: protectionWord },
  { name: 'application', label: 'Application' },
  { name: 'dataSensitivity', label: 'Patient data', word: wordOf(sensitivityWords) },
  { name: 'vendor', label: 'Vendor' },
  { name: 'vlan', label: 'VLAN', word: wordOf({ none: 'Untagged only' }) },
  { name: 'conflict', label: 'Contradicting identity', word: wordOf({ yes: 'Yes', no: 'No' }) },
  { name: 'finding', label: 'Kind of finding' },
];

export function AssetsPage() {
  const { values, go } = useAddress();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => setPicked((old) => symmetric(old, id)), []);
  const { row: _row, sort, order, ...asked } = values;
  const facets = useQuery(queries.facets(asked));
  return (
    <div className="page-fill">
      <h1>Assets</h1>
      <ListView
        list="assets"
        noun={['asset', 'assets']}
        search="Search name, vendor, serial, address, location"
        query={queries.assets({ ...asked, sort, order })}
        columns={assetColumns}
        rowId={(row) => row.id}
        rowLabel={(row) => row.name}
        filters={severalSites(facets.data?.facets) ? [{ name: 'site', label: 'Site' }, ...filters] : filters}
        facets={facets.data?.facets}
        sidebar
        onOpen={(row) => go(`/assets/${row.id}`)}
        exportHref={apiAddress('/assets.csv', { ...asked, sort, order })}
        picking={{ picked, toggle }}
        above={picked.size > 0 && <MergeBar picked={[...picked]} onClear={() => setPicked(new Set())} />}
        empty={
          <Empty title="No asset yet" action={<AppLink href="/imports">Import a capture</AppLink>}>
            Assets appear as soon as a capture or a sensor shows them.
          </Empty>
        }
      />
    </div>
  );
}

/** A hospital of one house is not asked where. */
function severalSites(facets: readonly { field: string; values: readonly unknown[] }[] = []): boolean {
  return (facets.find(({ field }) => field === 'site')?.values.length ?? 0) > 1;
}

function symmetric(old: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(old);
  if (!next.delete(id)) next.add(id);
  return next;
}
