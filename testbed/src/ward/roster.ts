import { clinical } from './clinical.ts';
import type { Device } from './device.ts';
import { imaging } from './imaging.ts';
import { monitoring } from './monitoring.ts';
import { network } from './network.ts';
import { office } from './office.ts';

/** Everything that stands in the first ward. */
export const roster: readonly Device[] = [...imaging, ...monitoring, ...clinical, ...office, ...network];

export function device(id: string): Device {
  const found = roster.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no device ${id} in the roster`);
  return found;
}
