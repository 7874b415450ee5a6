import type { Recognition, StreamDissector } from '../../dissector.ts';
import { FIRST_BYTES, recogniseStart } from './message.ts';
import { RtspSession } from './session.ts';

/** RTSP (RFC 2326, RFC 7826): cameras and recorders, what they show, to whom, and whether it is protected. */
export const rtsp: StreamDissector = {
  name: 'rtsp',
  cost: 21,
  firstBytes: { client: FIRST_BYTES, server: FIRST_BYTES },
  recognise: (fromClient, fromServer) => recogniseSides(fromClient, fromServer),
  open: (report) => new RtspSession(report),
  speaker(bytes) {
    const start = recogniseStart(bytes);
    if (start === 'request') return 'client';
    return start === 'response' ? 'server' : null;
  },
};

function recogniseSides(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const sides = [recogniseStart(fromClient), recogniseStart(fromServer)];
  if (sides.includes('request') || sides.includes('response')) return 'yes';
  return sides.includes('no') ? 'no' : 'more';
}
