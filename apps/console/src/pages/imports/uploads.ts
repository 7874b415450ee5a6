import { useSyncExternalStore } from 'react';
import { type Upload, uploadCapture } from '../../api/acts.ts';
import type { ImportJob } from '../../api/types.ts';

export interface Sending {
  id: number;
  name: string;
  size: number;
  sent: number;
  failure: string | null;
  cancel: () => void;
}

let next = 1;
let sending: readonly Sending[] = [];
const listeners = new Set<() => void>();

function set(change: (old: readonly Sending[]) => readonly Sending[]): void {
  sending = change(sending);
  for (const listener of listeners) listener();
}

function patch(id: number, change: Partial<Sending>): void {
  set((old) => old.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)));
}

/** Uploads outlive the page that began them, so that one can look at the assets meanwhile. */
export function sendCapture(file: File, onDone: (job: ImportJob) => void): void {
  const id = next++;
  const upload: Upload = uploadCapture(file, (sent) => patch(id, { sent }));
  set((old) => [
    ...old,
    { id, name: file.name, size: file.size, sent: 0, failure: null, cancel: upload.cancel },
  ]);
  void report(id, upload, onDone);
}

async function report(id: number, upload: Upload, onDone: (job: ImportJob) => void): Promise<void> {
  try {
    const job = await upload.done;
    forgetSending(id);
    onDone(job);
  } catch (cause) {
    patch(id, { failure: cause instanceof Error ? cause.message : 'It could not be sent' });
  }
}

export function forgetSending(id: number): void {
  set((old) => old.filter((entry) => entry.id !== id));
}

export function useSending(): readonly Sending[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sending,
  );
}
