import { UpdatesFault } from '../fault.ts';
import type { Session } from './ports.ts';

/** What is on the disk from before, where it still verifies; what does not counts as nothing. */
export async function keptBefore<T>(
  { store }: Session,
  role: string,
  read: (bytes: Uint8Array) => T,
): Promise<T | null> {
  const bytes = await store.read(role);
  if (bytes === null) return null;
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof UpdatesFault) return null;
    throw error;
  }
}
