import { type Certificate, parseCertificate } from '../../certificate/certificate.ts';
import { validatePath } from '../../validate/path.ts';
import { CHAIN_CERTIFICATES } from '../limits.ts';

/** Whom the one who asks trusts to vouch for TPMs: the roots of one maker, as pinned by a person. */
export interface Pins {
  roots: readonly Certificate[];
  /** True where the issuer has withdrawn it; null where that could not be learned, which is no yes. */
  isRevoked: (certificate: Certificate) => boolean | null;
}

/** Why no path leads to a pinned root, or null where one does. `at` in microseconds since 1970. */
export function pathFault(
  leaf: Certificate,
  intermediates: readonly Uint8Array[],
  { roots, isRevoked }: Pins,
  at: number,
): string | null {
  if (intermediates.length > CHAIN_CERTIFICATES) return 'the chain is longer than any maker has';
  const outcomes = intermediates.map(parseCertificate);
  const between = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  if (between.length < outcomes.length) return 'the chain holds something that is no certificate';
  const path = validatePath({ leaf, between, roots, at, purpose: null });
  if (!path.ok) return path.refused.message;
  // RFC 5280 §6.1.3 a 3; a root is withdrawn by taking its pin away.
  const below = path.value.length === 1 ? path.value : path.value.slice(0, -1);
  const gone = below.some((certificate) => isRevoked(certificate) !== false);
  return gone ? 'a certificate of the path is revoked, or it could not be learned whether it is' : null;
}
