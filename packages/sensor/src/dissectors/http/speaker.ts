import type { Side } from '../../dissector.ts';
import { startsWith } from '../../text/wire-text.ts';

/** A status line comes from the server, a request line from the client (RFC 9112 §2.1). */
export function httpSpeaker(bytes: Uint8Array): Side {
  return startsWith(bytes, 'HTTP/1.') ? 'server' : 'client';
}
