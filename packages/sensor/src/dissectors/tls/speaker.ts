import type { Side } from '../../dissector.ts';
import { beginsWithHello, messageTypes } from './record.ts';

/** A ClientHello comes from the client, a ServerHello from the server (RFC 8446 §4.1). */
export function tlsSpeaker(bytes: Uint8Array): Side | null {
  if (beginsWithHello(bytes, messageTypes.clientHello) === 'yes') return 'client';
  return beginsWithHello(bytes, messageTypes.serverHello) === 'yes' ? 'server' : null;
}
