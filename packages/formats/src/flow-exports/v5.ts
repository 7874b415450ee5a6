import { normalIp } from '../sensor-logs/addresses.ts';
import { behind, type Flow } from './flow.ts';

const HEADER = 24;
const RECORD = 48;

/** A datagram of NetFlow v5: fixed records of IPv4. */
export interface V5Message {
  /** Type and slot of the engine: its numbers are its own. */
  engine: number;
  /** Flows that were sent before this datagram. */
  sequence: number;
  upTime: number;
  exported: number;
  /** Records that the head announces. */
  count: number;
  flows: Flow[];
  damaged: boolean;
}

/** Reads a datagram of version 5; null where it is shorter than its head. */
export function readV5(view: DataView): V5Message | null {
  if (view.byteLength < HEADER) return null;
  const count = view.getUint16(2);
  const upTime = view.getUint32(4);
  const exported = view.getUint32(8) * 1e6 + Math.floor(view.getUint32(12) / 1000);
  const present = Math.min(count, Math.floor((view.byteLength - HEADER) / RECORD));
  // The two upper bits say how packets are sampled, the others one of how many.
  const oneIn = Math.max(1, view.getUint16(22) & 0x3f_ff);
  const flows: Flow[] = [];
  for (let i = 0; i < present; i++)
    flows.push(recordAt(view, HEADER + i * RECORD, { upTime, exported, oneIn }));
  const damaged = HEADER + count * RECORD !== view.byteLength;
  return {
    engine: view.getUint16(20),
    sequence: view.getUint32(16),
    upTime,
    exported,
    count,
    flows,
    damaged,
  };
}

function recordAt(
  view: DataView,
  at: number,
  { upTime, exported, oneIn }: { upTime: number; exported: number; oneIn: number },
): Flow {
  const start = exported + behind(view.getUint32(at + 24), upTime) * 1000;
  const end = exported + behind(view.getUint32(at + 28), upTime) * 1000;
  return {
    source: ipv4(view, at),
    destination: ipv4(view, at + 4),
    sourceMac: null,
    destinationMac: null,
    vlan: null,
    protocol: view.getUint8(at + 38),
    sourcePort: view.getUint16(at + 32),
    destinationPort: view.getUint16(at + 34),
    start: Math.max(0, start),
    end: Math.max(0, start, end),
    out: {
      packets: view.getUint32(at + 16) * oneIn,
      octets: view.getUint32(at + 20) * oneIn,
      flags: view.getUint8(at + 37),
    },
    back: null,
    begins: false,
    sampledOneIn: oneIn,
  };
}

function ipv4(view: DataView, at: number): string {
  const parts = [0, 1, 2, 3].map((i) => view.getUint8(at + i));
  return normalIp(parts.join('.')) ?? '0.0.0.0';
}
