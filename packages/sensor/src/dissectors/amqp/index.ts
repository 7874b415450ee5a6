import type { StreamDissector } from '../../dissector.ts';
import { startsWith } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { AmqpSession, versionOf } from './session.ts';

/** AMQP 0-9-1 and 1.0, by which message brokers are spoken to: software on both sides, and who is let in how. */
export const amqp: StreamDissector = {
  name: 'amqp',
  cost: 8,
  firstBytes: { client: [0x41] },
  recognise(fromClient) {
    if (!startsWith(fromClient, 'AMQP', 0, true)) return 'no';
    if (fromClient.length < 8) return 'more';
    return versionOf(fromClient) === null ? 'no' : 'yes';
  },
  open: (report) => new TlsHandover(report, (upgrade) => new AmqpSession(report, upgrade)),
};
