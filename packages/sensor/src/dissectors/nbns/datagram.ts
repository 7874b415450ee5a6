import type { DatagramDissector, Surroundings } from '../../dissector.ts';
import { ipv4At } from '../../network/address.ts';
import { decodeName, isReportable, type NetbiosName } from './netbios-name.ts';

/** RFC 1002 §4.4.1: direct unique, direct group and broadcast datagrams. */
const types = new Set([0x10, 0x11, 0x12]);
const HEADER = 14;
/** An encoded name without scope: its length, 32 letters, a zero. */
const NAME = 34;

/** NetBIOS datagrams, with which computers announce themselves to a browser: whose name sends them. */
export const nbdgm: DatagramDissector = {
  name: 'nbdgm',
  cost: 11,
  firstBytes: [...types],
  recognise: (payload) => sourceName(payload) !== null,
  // Announcements go to everybody: nobody is served.
  serverSide: () => null,
  onDatagram(payload, from, report, around) {
    const name = sourceName(payload);
    if (name === null) return;
    report.protection('clear');
    if (!isReportable(name) || !isFrom(payload, around, from)) return;
    report.sight('nbns.name', from, { ...name, group: false });
  },
};

/** The name of the sender; null where the bytes are no datagram with two names. */
function sourceName(payload: Uint8Array): NetbiosName | null {
  if (payload.length < HEADER + 2 * NAME || !types.has(payload[0]!)) return null;
  const source = nameAt(payload, HEADER);
  return nameAt(payload, HEADER + NAME) === null ? null : source;
}

function nameAt(payload: Uint8Array, at: number): NetbiosName | null {
  if (payload[at] !== 32 || payload[at + NAME - 1] !== 0) return null;
  return decodeName(String.fromCharCode(...payload.subarray(at + 1, at + 33)));
}

/** A distribution server passes on what others sent. */
function isFrom(payload: Uint8Array, around: Surroundings, from: 'client' | 'server'): boolean {
  return ipv4At(payload, 4) === around[from].ip;
}
