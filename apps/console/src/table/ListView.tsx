import { Button } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Facets } from '../api/types.ts';
import { counted } from '../format/number.ts';
import { useAddress } from '../shell/address.ts';
import { Empty, Failure, Loading } from '../shell/states.tsx';
import { type Column, shownColumns } from './columns.ts';
import { DataTable, type Picking } from './DataTable.tsx';
import { FacetSidebar, FilterChips, type FilterName } from './Filters.tsx';
import { useStored } from './stored.ts';
import { ColumnChooser, ExportLink, SavedViews, SearchBox } from './Toolbar.tsx';

/** What the query returns as far as this view needs it. */
interface ListPage<R> {
  items: R[];
  total: number;
}
interface InfiniteResult<R> {
  data: { pages: ListPage<R>[] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isPlaceholderData: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

export interface ListViewProps<R> {
  /** The list's id in stored preferences. */
  list: string;
  /** One row and many, in words. */
  noun: [one: string, many: string];
  /** What can be searched for, in words; absent where the server cannot search this list. */
  search?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the query's own type parameters do not matter here
  query: any;
  columns: Column<R>[];
  rowId: (row: R) => string;
  rowLabel: (row: R) => string;
  filters: readonly FilterName[];
  facets?: Facets | undefined;
  sidebar?: boolean;
  onOpen: (row: R) => void;
  defaultSort?: string;
  defaultOrder?: string;
  exportHref?: string;
  picking?: Picking | undefined;
  tools?: ReactNode;
  above?: ReactNode;
  empty: ReactNode;
  panel?: (row: R) => ReactNode;
}

/** Rows that a shared address may point to are looked for this many pages deep. */
const PAGES_SEARCHED = 25;

/** Search, filters, columns, views, export, table and side panel: the same on every list. */
export function ListView<R>(props: ListViewProps<R>) {
  const { values, change } = useAddress();
  const [filtersOpen, setFiltersOpen] = useState(false);
  const [chosen, setChosen] = useStored<string[] | null>(`wardline.columns.${props.list}`, null);
  const columns = shownColumns(props.columns, chosen);
  const result = useInfiniteQuery(props.query) as unknown as InfiniteResult<R>;
  const rows = useMemo(() => result.data?.pages.flatMap((page) => page.items) ?? [], [result.data]);
  const active = rows.find((row) => props.rowId(row) === values.row);
  useSearchForRow(result, values.row !== undefined && active === undefined);
  const total = result.data?.pages.at(-1)?.total ?? 0;
  return (
    <div className="list-frame" data-filters={filtersOpen}>
      {props.sidebar && <FacetSidebar filters={props.filters} facets={props.facets} />}
      <div className="list-main">
        <div className="toolbar">
          {props.search && <SearchBox label={props.search} />}
          {props.sidebar && (
            <Button
              className="tablet-only"
              variant="default"
              leftSection={<IconFilter size={16} aria-hidden />}
              aria-expanded={filtersOpen}
              onClick={() => setFiltersOpen(!filtersOpen)}
            >
              Filters
            </Button>
          )}
          <span className="dim" role="status" style={{ minWidth: 112 }}>
            {result.data ? counted(total, ...props.noun) : ''}
          </span>
          <span style={{ flex: 1 }} />
          {props.tools}
          <SavedViews list={props.list} />
          <ColumnChooser columns={props.columns} chosen={columns.map((c) => c.id)} onChoose={setChosen} />
          {props.exportHref && <ExportLink href={props.exportHref} />}
        </div>
        <FilterChips filters={props.filters} facets={props.facets ?? []} />
        {props.above}
        <Rows
          {...props}
          columns={columns}
          rows={rows}
          total={total}
          result={result}
          values={values}
          change={change}
        />
      </div>
      {active !== undefined && props.panel?.(active)}
    </div>
  );
}

function useSearchForRow<R>(result: InfiniteResult<R>, wanted: boolean): void {
  const pages = result.data?.pages.length ?? 0;
  const search =
    wanted && result.hasNextPage && !result.isFetchingNextPage && pages > 0 && pages < PAGES_SEARCHED;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the query object is new on every render
  useEffect(() => {
    if (search) void result.fetchNextPage();
  }, [search, pages]);
}

interface RowsProps<R> extends ListViewProps<R> {
  rows: R[];
  total: number;
  result: InfiniteResult<R>;
  values: Record<string, string>;
  change: ReturnType<typeof useAddress>['change'];
}

function Rows<R>({ rows, total, result, values, change, ...props }: RowsProps<R>) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = result;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (result.error && !result.data) {
    return <Failure error={result.error} retry={() => void result.refetch()} what={`The ${props.noun[1]}`} />;
  }
  if (!result.data) return <Loading label={props.noun[1]} rows={12} />;
  if (rows.length === 0)
    return isNarrowed(props.filters, values) ? <NothingMatches noun={props.noun[0]} /> : props.empty;
  return (
    <DataTable
      label={props.noun[1]}
      columns={props.columns}
      rows={rows}
      total={total}
      rowId={props.rowId}
      rowLabel={props.rowLabel}
      active={values.row}
      sort={values.sort ?? props.defaultSort}
      order={values.order ?? props.defaultOrder}
      onSort={(sort, order) => change({ sort, order, row: undefined })}
      onActive={(row) => change({ row: props.rowId(row) }, { replace: true })}
      onOpen={props.onOpen}
      onEnd={onEnd}
      picking={props.picking}
      stale={result.isPlaceholderData}
    />
  );
}

function isNarrowed(filters: readonly FilterName[], values: Record<string, string>): boolean {
  return values.q !== undefined || filters.some((filter) => values[filter.name] !== undefined);
}

function NothingMatches({ noun }: { noun: string }) {
  return <Empty title={`No ${noun} matches`}>Take a filter off above, or search for fewer words.</Empty>;
}
