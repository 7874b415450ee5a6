import { BLOCK_BYTES } from './limits.ts';

/** What is left in it: everything, sightings only, or its numbers and statistics only. */
export type Stage = 'full' | 'sightings' | 'empty';

/**
 * `new`: nobody outside has seen it, it may be thinned. `sent`: the server may have it, so it is never changed. `done`: the
 * server has it, and only the number is kept, as the stream goes on behind it.
 */
export type State = 'new' | 'sent' | 'done';

/** One file of the spool: a batch, or a run of emptied ones. All that the spool has to know stands in the file's name. */
export interface Entry {
  /** Place in the order of everything that was appended. */
  sequence: number;
  stream: string;
  from: number;
  to: number;
  stage: Stage;
  /** Its last batch is the last of the stream. */
  last: boolean;
  state: State;
  /** Of the file. */
  size: number;
}

const form =
  /^(\d{15})_([A-Za-z0-9-]{1,128})_(\d{1,15})-(\d{1,15})_(full|sightings|empty)(_last)?\.(new|sent|done)$/;

export function nameOf({ sequence, stream, from, to, stage, last, state }: Entry): string {
  return `${String(sequence).padStart(15, '0')}_${stream}_${from}-${to}_${stage}${last ? '_last' : ''}.${state}`;
}

/** Null where it is no name of the spool's. */
export function entryOf(name: string, size: number): Entry | null {
  const parts = form.exec(name);
  if (parts === null) return null;
  const [, sequence, stream, from, to, stage, last, state] = parts;
  return {
    sequence: Number(sequence),
    stream: stream!,
    from: Number(from),
    to: Number(to),
    stage: stage as Stage,
    last: last !== undefined,
    state: state as State,
    size,
  };
}

/** What an entry takes of the disk. */
export const roomOf = (size: number): number => Math.max(1, Math.ceil(size / BLOCK_BYTES)) * BLOCK_BYTES;

/** All of `inner` stands in `outer` too, as after a run was written and before what it replaces was removed. */
export function covers(outer: Entry, inner: Entry): boolean {
  return (
    outer.stream === inner.stream &&
    outer.from <= inner.from &&
    outer.to >= inner.to &&
    (outer.to - outer.from > inner.to - inner.from || isLater(outer, inner))
  );
}

/** Of two files with the same numbers, the one that says more of what happened to them. */
function isLater(a: Entry, b: Entry): boolean {
  const stages: readonly Stage[] = ['full', 'sightings', 'empty'];
  const states: readonly State[] = ['new', 'sent', 'done'];
  const [stage, state] = [
    stages.indexOf(a.stage) - stages.indexOf(b.stage),
    states.indexOf(a.state) - states.indexOf(b.state),
  ];
  return state > 0 || (state === 0 && stage > 0);
}

/** Two emptied neighbours, of which neither has been on its way, can be one file. */
export function canJoin(a: Entry | undefined, b: Entry | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.stream === b.stream &&
    a.to + 1 === b.from &&
    [a, b].every(({ stage, state }) => stage === 'empty' && state === 'new')
  );
}
