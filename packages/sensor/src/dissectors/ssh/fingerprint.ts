import { createHash } from 'node:crypto';
import type { KexInit } from './packet.ts';

/** HASSH of a client, or hasshServer of a server: MD5 of what it offers for its own direction of sending. */
export function hassh(init: KexInit, role: 'client' | 'server'): string {
  const offer =
    role === 'client'
      ? [init.kex, init.cipherToServer, init.macToServer, init.compressionToServer]
      : [init.kex, init.cipherToClient, init.macToClient, init.compressionToClient];
  return createHash('md5').update(offer.join(';'), 'latin1').digest('hex');
}

/** As `ssh-keygen -l` prints it: SHA-256 over the key blob, base64 without padding. */
export function hostKeyFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
