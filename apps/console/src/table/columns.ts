import type { ReactNode } from 'react';

/** One column of a list. `width` is its least width in pixels and its share of what is left. */
export interface Column<R> {
  id: string;
  label: string;
  width: number;
  render: (row: R) => ReactNode;
  /** The server's name to sort by; absent where it cannot. */
  sort?: string;
  numeric?: boolean;
  /** Shown only when chosen. */
  extra?: boolean;
}

export function shownColumns<R>(
  columns: readonly Column<R>[],
  chosen: readonly string[] | null,
): Column<R>[] {
  return columns.filter((column) => (chosen ? chosen.includes(column.id) : !column.extra));
}
