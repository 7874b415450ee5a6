import type { DatagramDissector, Recognition, StreamDissector } from '../../dissector.ts';
import { FIRST_BYTES, readMessage, recogniseStart } from './message.ts';
import { SipSession } from './session.ts';
import { stateMessage } from './statements.ts';

const COST = 20;

/** SIP (RFC 3261) over UDP: telephones, nurse call and their servers, and whether the speech they agree on is protected. */
export const sip: DatagramDissector = {
  name: 'sip',
  cost: COST,
  firstBytes: FIRST_BYTES,
  recognise(payload) {
    const start = recogniseStart(payload);
    return start === 'request' || start === 'response';
  },
  serverSide(payload) {
    const start = recogniseStart(payload);
    if (start === 'request') return 'receiver';
    return start === 'response' ? 'sender' : null;
  },
  onDatagram(payload, from, report) {
    const message = readMessage(payload);
    if (message !== null) stateMessage(message, payload, from, report);
  },
};

/** SIP over TCP. */
export const sipStream: StreamDissector = {
  name: 'sip',
  cost: COST,
  recognise: (fromClient, fromServer) => recogniseStream(fromClient, fromServer),
  open: (report) => new SipSession(report),
  speaker(bytes) {
    const start = recogniseStart(bytes);
    if (start === 'request') return 'client';
    return start === 'response' ? 'server' : null;
  },
};

function recogniseStream(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const sides = [recogniseStart(fromClient), recogniseStart(fromServer)];
  if (sides.includes('request') || sides.includes('response')) return 'yes';
  return sides.includes('no') ? 'no' : 'more';
}
