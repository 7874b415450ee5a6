import { Cursor } from '../../bytes/cursor.ts';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { ApduReader, servingSide } from './apdu.ts';
import { addressesOf, BVLC_HEADER, bvlc, isBvlc, npduStart } from './bvlc.ts';
import { readIAm } from './identification.ts';
import { MAX_PEERS } from './limits.ts';
import { readNpdu } from './npdu.ts';

const I_AM_ROUTER = 1;
const UNCONFIRMED_I_AM = [0x10, 0] as const;
/** Address and port of a forwarded message's origin. */
const ORIGIN = 6;

/**
 * BACnet/IP (ASHRAE 135-2020 Annex J): devices and what they say of themselves, who reads, writes and commands, and who
 * passes broadcasts on. Names and values of points are never stated.
 */
export const bacnet: DatagramDissector = {
  name: 'bacnet',
  cost: 10,
  firstBytes: [0x81],
  recognise: (payload) => isBvlc(payload),
  serverSide,
  onDatagram(payload, from, report) {
    if (!isBvlc(payload)) return;
    report.protection('clear');
    stateLink(payload, from, report);
    if (payload[1] === bvlc.forwarded) stateOrigin(payload, report);
    else if (npduStart(payload) > 0) stateMessage(payload, from, report);
  },
};

function serverSide(payload: Uint8Array): 'sender' | 'receiver' | null {
  const code = payload[1];
  if (code === bvlc.result || code === bvlc.readBroadcastTableAck || code === bvlc.readForeignTableAck) {
    return 'sender';
  }
  if (code !== bvlc.unicast) return code === undefined || npduStart(payload) > 0 ? null : 'receiver';
  const npdu = readNpdu(new Cursor(payload, BVLC_HEADER));
  return npdu === null || npdu.message !== null ? null : servingSide(npdu.rest.rest());
}

/** Broadcast management devices and foreign devices (Annex J.4, J.5). */
function stateLink(payload: Uint8Array, from: Side, report: Reporter): void {
  const code = payload[1];
  if (code === bvlc.registerForeignDevice) {
    const seconds = payload[4]! * 256 + payload[5]!;
    report.sight('bacnet.relay', from, { role: 'foreign-device', seconds });
  } else if (code === bvlc.forwarded) report.sight('bacnet.relay', from, { role: 'bbmd' });
  else if (code === bvlc.readBroadcastTableAck || code === bvlc.readForeignTableAck) {
    report.sight('bacnet.relay', from, { role: 'bbmd', peers: addressesOf(payload) });
  } else if (code === bvlc.writeBroadcastTable) {
    report.sight('bacnet.use', from, { role: 'client', service: 'write-broadcast-table', access: 'command' });
  }
}

/** A forwarded I-Am is of the device whose address stands in it, not of the one that passes it on. */
function stateOrigin(payload: Uint8Array, report: Reporter): void {
  const [ip] = addressesOf(payload, payload.length);
  const npdu = readNpdu(new Cursor(payload, BVLC_HEADER + ORIGIN));
  if (ip === undefined || npdu === null || npdu.message !== null || npdu.rest.left < 2) return;
  const isIAm = npdu.rest.u8() === UNCONFIRMED_I_AM[0] && npdu.rest.u8() === UNCONFIRMED_I_AM[1];
  const device = isIAm ? readIAm(npdu.rest) : null;
  if (device === null) return;
  const place = npdu.behind === undefined ? {} : { behind: npdu.behind };
  report.sight('bacnet.device', { mac: null, ip, vlan: null }, { ...device, ...place });
}

function stateMessage(payload: Uint8Array, from: Side, report: Reporter): void {
  const npdu = readNpdu(new Cursor(payload, BVLC_HEADER));
  if (npdu === null) return;
  if (npdu.message === null) new ApduReader(report, from, npdu.behind).read(npdu.rest.rest());
  else if (npdu.message === I_AM_ROUTER) stateRouter(npdu.rest, from, report);
}

/** I-Am-Router-To-Network (§6.4.2). */
function stateRouter(cursor: Cursor, from: Side, report: Reporter): void {
  const networks: string[] = [];
  while (cursor.left >= 2 && networks.length < MAX_PEERS) networks.push(String(cursor.u16()));
  report.sight('bacnet.relay', from, { role: 'router', networks });
}
