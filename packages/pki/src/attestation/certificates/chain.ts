import { type Certificate, parseCertificate } from '../../certificate/certificate.ts';
import { isSignedBy } from '../../keys/public-key.ts';
import { isSameName } from '../../names/distinguished.ts';
import { CHAIN_CERTIFICATES } from '../limits.ts';

/** Whom the one who asks trusts to vouch for TPMs: the roots of one maker, as pinned by a person. */
export interface Pins {
  roots: readonly Certificate[];
  /** True where the issuer has withdrawn it; null where that could not be learned, which is no yes. */
  isRevoked: (certificate: Certificate) => boolean | null;
}

/** Basic constraints, key usage, alternative names, extended usages, policies: what is looked at, or asks nothing of the path. */
const understood = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.17', '2.5.29.37', '2.5.29.32']);
const CERTIFICATE_SIGNING = 5;

/** Why no path leads to a pinned root, or null where one does. `at` in microseconds since 1970. */
export function pathFault(
  leaf: Certificate,
  intermediates: readonly Uint8Array[],
  pins: Pins,
  at: number,
): string | null {
  if (intermediates.length > CHAIN_CERTIFICATES) return 'the chain is longer than any maker has';
  const outcomes = intermediates.map(parseCertificate);
  const between = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  if (between.length < outcomes.length) return 'the chain holds something that is no certificate';
  const path = pathFrom(leaf, between, pins.roots);
  return path === null ? 'no path leads to a pinned root' : faultOnPath(path, pins, at);
}

/** From the leaf up to a pinned root, by name and signature (RFC 5280 §6.1.3 a 1 and a 4). */
function pathFrom(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
): Certificate[] | null {
  const path = [leaf];
  for (;;) {
    const last = path.at(-1)!;
    const root = roots.find((candidate) => issued(candidate, last));
    if (root !== undefined) return [...path, root];
    const next = intermediates.find((candidate) => !path.includes(candidate) && issued(candidate, last));
    if (next === undefined) return null;
    path.push(next);
  }
}

const issued = (issuer: Certificate, { issuer: name, algorithm, signed, signature }: Certificate): boolean =>
  isSameName(issuer.subject, name) && isSignedBy(issuer.publicKey, algorithm, signed, signature);

function faultOnPath(path: readonly Certificate[], { isRevoked }: Pins, at: number): string | null {
  for (const [place, certificate] of path.entries()) {
    const fault = formFault(certificate, at) ?? (place === 0 ? null : authorityFault(certificate, place - 1));
    if (fault !== null)
      return place === 0 ? `the certificate ${fault}` : `authority ${place} above it ${fault}`;
    // RFC 5280 §6.1.3 a 3; a root is withdrawn by taking its pin away.
    if (place < path.length - 1 && isRevoked(certificate) !== false)
      return 'a certificate of the path is revoked, or it could not be learned whether it is';
  }
  return null;
}

function formFault({ notBefore, notAfter, extensions }: Certificate, at: number): string | null {
  // RFC 5280 §6.1.3 a 2
  if (at < notBefore || at > notAfter) return 'is not valid at this time';
  // §6.1.4 o, §6.1.5 f
  const strange = extensions.find(({ isCritical, type }) => isCritical && !understood.has(type));
  return strange === undefined ? null : `has a critical extension that is not understood: ${strange.type}`;
}

function authorityFault({ basicConstraints, keyUsage }: Certificate, below: number): string | null {
  // §6.1.4 k, n
  if (basicConstraints?.isAuthority !== true) return 'is no authority';
  if (keyUsage !== null && !keyUsage.has(CERTIFICATE_SIGNING)) return 'may not sign certificates';
  // §6.1.4 m
  return (basicConstraints.pathLength ?? below) < below ? 'allows no such long path' : null;
}
