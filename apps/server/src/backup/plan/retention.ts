import type { BackupName } from '../folder.ts';

/** A full backup that is kept, with the line of changes that follow it. */
export interface Kept {
  name: string;
  /** As of when it is, in microseconds since the epoch. */
  at: number;
  line: string;
  /** The first changes that are needed behind it. */
  next: number;
}

/**
 * Full backups that no moment needs that can still be restored: those before the last one that is older than the time for which any
 * moment is kept. The newest is never one of them.
 */
export function outlived<T extends { at: number }>(full: readonly T[], now: number, keep: number): T[] {
  const old = full.filter(({ at }) => at <= now - keep).toSorted((a, b) => b.at - a.at);
  return old.slice(1);
}

/** Changes that no full backup is followed by: of lines without one, or from before the first that is needed. */
export function needless(
  files: readonly BackupName[],
  full: readonly Kept[],
  inUse: string | null,
): string[] {
  const first = new Map<string, number>();
  for (const { line, next } of full) first.set(line, Math.min(next, first.get(line) ?? Infinity));
  // A line that has just begun gets its first full backup in a moment.
  if (inUse !== null && !first.has(inUse)) first.set(inUse, 0);
  return files.flatMap((file) =>
    file.kind === 'changes' && file.number < (first.get(file.line) ?? Infinity) ? [file.name] : [],
  );
}
