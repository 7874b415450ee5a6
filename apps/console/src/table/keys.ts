import { useEffect, useRef } from 'react';
import type { DataTableProps } from './DataTable.tsx';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input,textarea,select,[contenteditable],[role=dialog]') !== null
  );
}

/** j/k or the arrows move, Enter opens, x picks; not while somebody types or a dialog is open. */
export function useRowKeys<R>(props: DataTableProps<R>, scrollTo: (index: number) => void): void {
  const latest = useRef({ props, scrollTo });
  latest.current = { props, scrollTo };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (handle(event, latest.current.props, latest.current.scrollTo)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function handle<R>(
  event: KeyboardEvent,
  props: DataTableProps<R>,
  scrollTo: (index: number) => void,
): boolean {
  const { rows, rowId, active } = props;
  const index = rows.findIndex((row) => rowId(row) === active);
  const inGrid = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'grid';
  const step = stepOf(event.key, inGrid);
  if (step !== 0) {
    const next = Math.min(rows.length - 1, Math.max(0, index + step));
    const row = rows[next];
    if (row === undefined) return false;
    scrollTo(next);
    props.onActive(row);
    return true;
  }
  const row = rows[index];
  if (row === undefined) return false;
  if (event.key === 'Enter' && (inGrid || event.target === document.body)) props.onOpen(row);
  else if (event.key === 'x' && props.picking) props.picking.toggle(rowId(row));
  else return false;
  return true;
}

function stepOf(key: string, inGrid: boolean): number {
  if (key === 'j' || (inGrid && key === 'ArrowDown')) return 1;
  if (key === 'k' || (inGrid && key === 'ArrowUp')) return -1;
  return 0;
}
