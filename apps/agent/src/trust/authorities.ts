import { type Certificate, fingerprintOf, keyDigestOf, type PublicKey, validatePath } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import { readable } from './server.ts';

/** A fingerprint as people write it: with colons or without, in either case. @throws AgentError where it is none */
export function fingerprintFrom(text: string, what: string): string {
  const hex = text.replaceAll(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new AgentError('settings', `${what}: a SHA-256 fingerprint of 64 hexadecimal digits is expected`);
  return hex;
}

export interface Authorities {
  roots: Buffer[];
  between: Buffer[];
}

/** Takes of what a server told the pinned root and the authorities below it, and nothing else (RFC 7030 §4.1.1). */
export function pinnedAmong(told: readonly Certificate[], fingerprint: string): Authorities {
  const root = told.find((one) => fingerprintOf(one) === fingerprint);
  if (root === undefined) {
    const others = told.filter(isSelfSigned).map(fingerprintOf).join(', ');
    throw new AgentError(
      'untrusted',
      `The server does not know the pinned root; it tells of ${others || 'none'}`,
    );
  }
  return { roots: [Buffer.from(root.der)], between: below(told, [root]) };
}

/** Authorities of zones that a root signed. */
export function below(told: readonly Certificate[], roots: readonly Certificate[]): Buffer[] {
  return told
    .filter((one) => !roots.some((root) => fingerprintOf(root) === fingerprintOf(one)))
    .filter((one) => one.basicConstraints?.isAuthority === true)
    .map((one) => Buffer.from(one.der));
}

const isSelfSigned = ({ subject, issuer }: Certificate): boolean =>
  Buffer.compare(subject.der, issuer.der) === 0;

/**
 * The certificate for this key among those of an answer, with the authority that issued it, both below the pinned root.
 * @throws AgentError where there is none
 */
export function chainFor(
  key: PublicKey,
  answer: readonly Certificate[],
  { roots, between }: { roots: readonly Buffer[]; between: readonly Buffer[] },
  at: number,
): Buffer[] {
  const leaf = answer.find(({ publicKey }) => keyDigestOf(publicKey.spki) === keyDigestOf(key.spki));
  if (leaf === undefined)
    throw new AgentError('untrusted', 'The server answered with no certificate for this key');
  // What was just issued holds when it says so, whatever the device's clock says.
  const moment = Math.min(Math.max(at, leaf.notBefore), leaf.notAfter);
  const candidates = [...answer, ...readable(between)];
  const path = validatePath({ leaf, between: candidates, roots: readable(roots), at: moment, purpose: null });
  if (!path.ok)
    throw new AgentError(
      'untrusted',
      `What was issued does not lead to the pinned root: ${path.refused.message}`,
    );
  return path.value.slice(0, -1).map(({ der }) => Buffer.from(der));
}
