import { type Device, vlans } from './device.ts';
import { type MissingRow, missingRows } from './missing.ts';
import { roster } from './roster.ts';

/** One building with its network: what stands in it, and the files that its recording goes into. */
export interface House {
  id: 'a' | 'b';
  roster: readonly Device[];
  /** VLANs that its router has an address in. */
  vlans: readonly number[];
  /** Registered, and nowhere to be seen. */
  missing: readonly MissingRow[];
  /** What one device gave back and another one got. */
  moved: readonly { ip: string; from: string; to: string }[];
  files: { capture: string; truth: string; register: string };
}

export const houseA: House = {
  id: 'a',
  roster,
  vlans: Object.values(vlans),
  missing: missingRows,
  moved: [{ ip: '10.20.40.150', from: 'laptop-a', to: 'laptop-b' }],
  files: { capture: 'ward-1.pcap.gz', truth: 'ground-truth.json', register: 'register.csv' },
};
