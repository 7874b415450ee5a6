import type { DatagramDissector, StreamDissector } from '../../dissector.ts';
import { stateCall } from './calls.ts';
import { beginsCall, readMessage } from './rpc.ts';
import { NfsSession } from './session.ts';

/** NFS 2 to 4, MOUNT, the port mapper and other programs of ONC RPC over TCP (RFC 5531, 1813, 8881). */
export const nfs: StreamDissector = {
  name: 'nfs',
  cost: 9,
  firstBytes: { client: [0x80] },
  recognise: (fromClient) => {
    const [first, second] = fromClient;
    if ((first ?? 0x80) !== 0x80 || (second ?? 0) !== 0) return 'no';
    return beginsCall(fromClient, 4);
  },
  open: (report) => new NfsSession(report),
  speaker: (bytes) => (beginsCall(bytes, 4) === 'yes' ? 'client' : null),
};

/** The same over UDP: calls only, since a reply says too little of itself. */
export const nfsDatagram: DatagramDissector = {
  name: 'nfs',
  cost: 9,
  recognise: (payload) => beginsCall(payload, 0) === 'yes',
  serverSide: () => 'receiver',
  onDatagram(payload, from, report) {
    const message = readMessage(payload);
    report.protection('clear');
    if (message?.kind === 'call') stateCall(message, from, report);
    else report.malformed('rpc-message');
  },
};
