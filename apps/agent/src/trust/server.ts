import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type Certificate, fingerprintOf, parseCertificate, validatePath } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import type { Pins } from '../state/state.ts';

/**
 * Whether it is the pinned server that answers. One certificate pinned by its fingerprint is more than a name and a date; a certificate that
 * authorities vouch for has to lead to a pinned one, hold at this moment (microseconds since the epoch) and name the host.
 * @throws AgentError where it is another
 */
export function judgeServer(shown: readonly Buffer[], pins: Pins, host: string, at: number): void {
  const [leaf, ...rest] = readable(shown);
  if (leaf === undefined) throw new AgentError('untrusted', `${host} showed no certificate that can be read`);
  if (pins.server !== null && fingerprintOf(leaf) === pins.server) return;
  const roots = readable([...pins.roots, ...pins.serverAuthorities]);
  const between = [...rest, ...readable(pins.between)];
  const path = validatePath({ leaf, between, roots, at, purpose: 'server' });
  if (!path.ok)
    throw new AgentError(
      'untrusted',
      `${host} is not the server that was pinned: ${path.refused.message}; it shows ${fingerprintOf(leaf)}`,
    );
  const named = new X509Certificate(leaf.der).toLegacyObject() as PeerCertificate;
  const fault = checkServerIdentity(host, named);
  if (fault !== undefined)
    throw new AgentError('untrusted', `The certificate of ${host} is of another: ${fault.message}`);
}

export const readable = (ders: readonly Uint8Array[]): Certificate[] =>
  ders.flatMap((der) => {
    const read = parseCertificate(der);
    return read.ok ? [read.value] : [];
  });
