import type { Family, Range } from '../space/addresses.ts';

/** Whom a device may speak with, as its manufacturer says it without knowing the hospital (RFC 8520 §8). */
export type MudPeer =
  | { kind: 'any' }
  | { kind: 'local-networks' }
  | { kind: 'same-manufacturer' }
  | { kind: 'my-controller' }
  | { kind: 'manufacturer'; authority: string }
  | { kind: 'model'; uri: string }
  | { kind: 'controller'; uri: string }
  | { kind: 'name'; name: string }
  | { kind: 'network'; family: Family; range: Range };

/** Something that the manufacturer lets through. */
export interface MudEntry {
  name: string;
  line: number;
  direction: 'from-device' | 'to-device';
  family: Family;
  /** Null where it is of every protocol. */
  protocol: bigint | null;
  /** Null where any is meant. For ICMP the source stands for the type and the destination for the code. */
  sourcePorts: readonly Range[] | null;
  destinationPorts: readonly Range[] | null;
  /** Who has to open a conversation of TCP; null where either may. */
  initiated: 'from-device' | 'to-device' | null;
  peer: MudPeer;
}

export interface MudProfile {
  url: string;
  lastUpdate: string;
  isSupported: boolean;
  systemInfo: string | null;
  manufacturer: string | null;
  model: string | null;
  entries: readonly MudEntry[];
}
