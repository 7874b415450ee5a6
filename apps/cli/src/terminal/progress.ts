import { fitted, printable } from './printable.ts';

/** Says on standard error what goes on. */
export interface Progress {
  /** Called as often as one likes; shown as often as a person can read it. */
  step(text: string): void;
  /** Takes the moving line away. */
  clear(): void;
}

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const EVERY_TTY = 100;
/** A log file wants a sign of life, not a film. */
const EVERY_LOG = 10_000;

/** One line that updates on a terminal; elsewhere a line now and then. `now` is in milliseconds. */
export function createProgress(stream: ProgressStream, now: () => number): Progress {
  const every = stream.isTTY ? EVERY_TTY : EVERY_LOG;
  let next = stream.isTTY ? 0 : now() + EVERY_LOG;
  let shown = false;
  const clear = () => {
    if (shown && stream.isTTY) stream.write('\r\u001b[K');
    shown = false;
  };
  const step = (text: string) => {
    if (now() < next) return;
    next = now() + every;
    const line = printable(text);
    stream.write(stream.isTTY ? `\r\u001b[K${fitted(line, (stream.columns ?? 80) - 1)}` : `${line}\n`);
    shown = true;
  };
  return { step, clear };
}
