import type { DatagramDissector } from '../../dissector.ts';
import { firstBytes, isAnswer, looksLikeRadius } from './packet.ts';
import { RadiusSession } from './session.ts';

/** RADIUS (RFC 2865, 2866): which device asks to be let in where, and how it is let in. User names are only hashed. */
export const radius: DatagramDissector = {
  name: 'radius',
  cost: 3,
  firstBytes,
  recognise: (payload) => looksLikeRadius(payload),
  serverSide: (payload) => (isAnswer(payload[0] ?? 0) ? 'sender' : 'receiver'),
  open: () => new RadiusSession(),
  onDatagram(payload, from, report, around) {
    new RadiusSession().onDatagram(payload, from, report, around);
  },
};
