// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a <table>; the ARIA grid pattern takes its place
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useRef } from 'react';
import { count } from '../format/number.ts';
import type { Column } from './columns.ts';
import { useRowKeys } from './keys.ts';
import './table.css';

const ROW_HEIGHT = 40;
/** How many rows before the end the next page is asked for. */
const LOOK_AHEAD = 40;
const PICK_WIDTH = 40;

export interface Picking {
  picked: ReadonlySet<string>;
  toggle: (id: string) => void;
}

export interface DataTableProps<R> {
  label: string;
  columns: Column<R>[];
  rows: R[];
  total: number;
  rowId: (row: R) => string;
  rowLabel: (row: R) => string;
  active: string | undefined;
  sort: string | undefined;
  order: string | undefined;
  onSort: (sort: string, order: 'asc' | 'desc') => void;
  onActive: (row: R) => void;
  onOpen: (row: R) => void;
  onEnd: () => void;
  picking?: Picking | undefined;
  /** Dimmed while its successor is on the way. */
  stale: boolean;
}

/** A list of any length: only what is on screen is in the document. j and k move, Enter opens, x picks. */
export function DataTable<R>(props: DataTableProps<R>) {
  const { rows, columns, picking } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (rows.length > 0 && last > rows.length - LOOK_AHEAD) onEnd();
  }, [last, rows.length, onEnd]);
  useRowKeys(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const template =
    (picking ? `${PICK_WIDTH}px ` : '') + columns.map((c) => `minmax(${c.width}px, ${c.width}fr)`).join(' ');
  const minWidth = columns.reduce((sum, column) => sum + column.width, picking ? PICK_WIDTH : 0);
  return (
    <div
      className="grid"
      ref={scroll}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-activedescendant={activeRowId(props, shown)}
      data-stale={props.stale}
    >
      <div role="rowgroup" className="grid-head" style={{ minWidth }}>
        <Head {...props} template={template} />
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize(), minWidth }}>
        {shown.map((item) => (
          <Row
            key={item.key}
            {...props}
            row={rows[item.index] as R}
            index={item.index}
            top={item.start}
            template={template}
          />
        ))}
      </div>
      <p className="grid-foot dim small">
        {count(rows.length)} of {count(props.total)} loaded
        {rows.length < props.total ? '; more comes while you scroll' : ''}
      </p>
    </div>
  );
}

function activeRowId<R>(props: DataTableProps<R>, shown: { index: number }[]): string | undefined {
  const index = props.rows.findIndex((row) => props.rowId(row) === props.active);
  return shown.some((item) => item.index === index) ? `row-${index}` : undefined;
}

function Head<R>({
  columns,
  sort,
  order,
  onSort,
  picking,
  template,
}: DataTableProps<R> & { template: string }) {
  return (
    <div role="row" aria-rowindex={1} className="grid-row" style={{ gridTemplateColumns: template }}>
      {picking && (
        <div role="columnheader" className="grid-cell">
          <span className="unseen">Pick</span>
        </div>
      )}
      {columns.map((column) => {
        const direction = column.sort !== undefined && column.sort === sort ? (order ?? 'asc') : undefined;
        return (
          <div
            role="columnheader"
            key={column.id}
            className={`grid-cell${column.numeric ? ' grid-number' : ''}`}
            aria-sort={direction === 'desc' ? 'descending' : direction ? 'ascending' : undefined}
          >
            {column.sort === undefined ? (
              column.label
            ) : (
              <button
                type="button"
                className="grid-sort"
                onClick={() => onSort(column.sort as string, direction === 'asc' ? 'desc' : 'asc')}
              >
                {column.label}
                {direction === 'asc' && <IconArrowUp size={14} aria-hidden />}
                {direction === 'desc' && <IconArrowDown size={14} aria-hidden />}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface RowProps<R> extends DataTableProps<R> {
  row: R;
  index: number;
  top: number;
  template: string;
}

function Row<R>({
  row,
  index,
  top,
  template,
  columns,
  rowId,
  rowLabel,
  active,
  onOpen,
  picking,
}: RowProps<R>) {
  const id = rowId(row);
  const open = (event: MouseEvent) => {
    if (!(event.target as HTMLElement).closest('a,button,input,label')) onOpen(row);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles Enter on its active row
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={id === active}
      className="grid-row grid-data"
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      onClick={open}
    >
      {picking && (
        <div role="gridcell" className="grid-cell">
          <Checkbox
            size="xs"
            checked={picking.picked.has(id)}
            onChange={() => picking.toggle(id)}
            aria-label={`Pick ${rowLabel(row)}`}
          />
        </div>
      )}
      {columns.map((column) => (
        <div role="gridcell" key={column.id} className={`grid-cell${column.numeric ? ' grid-number' : ''}`}>
          {column.render(row)}
        </div>
      ))}
    </div>
  );
}
