import type { DatagramDissector } from '../../dissector.ts';
import { readLongHeader } from './header.ts';
import { QuicSession } from './session.ts';

/**
 * QUIC versions 1 (RFC 9000) and 2 (RFC 9369) and the last drafts, by their Initial packets: who is spoken to, and with
 * which TLS. Everything behind the hellos is encrypted and left alone.
 */
export const quic: DatagramDissector = {
  name: 'quic',
  cost: 3,
  firstBytes: Array.from({ length: 64 }, (_, low) => 0xc0 | low),
  recognise: (payload) => readLongHeader(payload) !== null,
  /** Only clients show tokens (RFC 9000 §17.2.2). */
  serverSide: (payload) => ((readLongHeader(payload)?.tokenLength ?? 0) > 0 ? 'receiver' : null),
  open: () => new QuicSession(),
  onDatagram(payload, from, report) {
    new QuicSession().onDatagram(payload, from, report);
  },
};
