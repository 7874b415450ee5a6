import type { DatagramDissector, Recognition, Side, StreamDissector } from '../../dissector.ts';
import { stateMessage } from './facts.ts';
import { MAX_LENGTH } from './limits.ts';
import { beginsMessage, isRequest, messages } from './message.ts';
import { KerberosSession } from './session.ts';

/** Kerberos 5 with a key distribution centre over TCP (RFC 4120): machines, realms, encryption, what tickets are for. */
export const kerberos: StreamDissector = {
  name: 'kerberos',
  cost: 12,
  firstBytes: { client: [0], server: [0] },
  recognise(fromClient, fromServer) {
    const asked = recogniseSide(fromClient);
    return asked === 'more' && fromServer.length > 0 ? recogniseSide(fromServer) : asked;
  },
  open: (report) => new KerberosSession(report),
  speaker: (bytes) => (recogniseSide(bytes) === 'yes' ? sideOf(bytes[4]!) : null),
};

/** Kerberos over UDP. */
export const kerberosDatagram: DatagramDissector = {
  name: 'kerberos',
  cost: 12,
  firstBytes: Object.values(messages),
  recognise: (payload) => beginsMessage(payload, payload.length) === true,
  serverSide: (payload) => (sideOf(payload[0]!) === 'client' ? 'receiver' : 'sender'),
  onDatagram(payload, from, report) {
    if (stateMessage(payload, from, report) === null) report.malformed('kerberos-message');
  },
};

function sideOf(tag: number): Side {
  return isRequest(tag) ? 'client' : 'server';
}

function recogniseSide(bytes: Uint8Array): Recognition {
  if (bytes.length < 4) return bytes.length > 0 && bytes[0] !== 0 ? 'no' : 'more';
  const length = bytes[0]! * 2 ** 24 + ((bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!);
  if (length > MAX_LENGTH) return 'no';
  const begins = beginsMessage(bytes, length, 4);
  if (begins === null) return 'more';
  return begins ? 'yes' : 'no';
}
