import type { Certificate } from '../certificate/certificate.ts';
import { keyUsages } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { isSignedBy, keyDigestOf } from '../keys/public-key.ts';
import { CHAIN_CERTIFICATES } from '../limits.ts';
import { isSameName, printName } from '../names/distinguished.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';
import { allNames, mustFit, readNameConstraints } from './constraints.ts';

export interface PathQuestion {
  leaf: Certificate;
  /** What the peer sent along, or what is known of authorities. */
  between: readonly Certificate[];
  /** Trusted beyond proof. */
  roots: readonly Certificate[];
  /** Microseconds since the epoch. */
  at: number;
  /** What the certificate is to be used for; null asks for nothing, as for those that makers put into devices. */
  purpose: 'client' | 'server' | 'responder' | null;
}

/** From the leaf to the root. */
export type Path = readonly Certificate[];

/** A path of trust (RFC 5280 §6.1), or the reason why there is none. Whether one was revoked is asked elsewhere. */
export const validatePath = (question: PathQuestion): Outcome<Path> =>
  attempt(() => {
    const path = built(question);
    for (const certificate of path) mustHold(certificate, question.at);
    for (const [below, certificate] of path.slice(1).entries()) mustBeAuthority(certificate, below);
    mustKeepConstraints(path);
    mustServe(question.leaf, question.purpose);
    return path;
  });

/** Upwards by name and signature. Names alone prove nothing, so a signature decides between authorities of one name. */
function built({ leaf, between, roots }: PathQuestion): Path {
  const path = [leaf];
  if (roots.some((root) => isOne(root, leaf))) return path;
  while (path.length < CHAIN_CERTIFICATES) {
    const last = path.at(-1)!;
    const root = roots.find((candidate) => isIssuer(candidate, last));
    if (root !== undefined) return [...path, root];
    const next = between.find(
      (candidate) => isIssuer(candidate, last) && !path.some((one) => isOne(one, candidate)),
    );
    if (next === undefined)
      throw new PkiError('untrusted', `Nobody who is trusted here signed ${printName(last.subject) || 'it'}`);
    path.push(next);
  }
  throw new PkiError('untrusted', `A chain of more than ${CHAIN_CERTIFICATES} certificates`);
}

const isOne = (a: Certificate, b: Certificate): boolean => Buffer.compare(a.der, b.der) === 0;

/** By name, key identifier and signature. */
export function isIssuer(issuer: Certificate, { issuer: name, ...below }: Certificate): boolean {
  const { authorityKeyIdentifier: wanted } = below;
  const { subjectKeyIdentifier: has } = issuer;
  if (!isSameName(issuer.subject, name)) return false;
  if (wanted !== null && has !== null && Buffer.compare(wanted, has) !== 0) return false;
  return isSignedBy(issuer.publicKey, below.algorithm, below.signed, below.signature);
}

/** Extensions that are understood here, in a certificate that says that they have to be (§4.2). */
const understood: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.subjectAltName,
  oids.nameConstraints,
]);

/** §6.1.3 (a)(2), §6.1.4 (o). @throws PkiError */
export function mustHold(certificate: Certificate, at: number): void {
  const who = printName(certificate.subject) || `the certificate ${certificate.serial}`;
  if (at < certificate.notBefore) throw new PkiError('expired', `${who} does not hold yet`);
  if (at > certificate.notAfter) throw new PkiError('expired', `${who} has expired`);
  const foreign = certificate.extensions.find(({ isCritical, type }) => isCritical && !understood.has(type));
  if (foreign !== undefined)
    throw new PkiError(
      'unsupported',
      `${who} has the critical extension ${foreign.type}, which is not understood`,
    );
}

/** §6.1.4 (k) to (n). `below`: authorities between it and the leaf. */
function mustBeAuthority({ subject, basicConstraints, keyUsage }: Certificate, below: number): void {
  const who = printName(subject);
  if (basicConstraints?.isAuthority !== true) throw new PkiError('untrusted', `${who} is no authority`);
  const { pathLength } = basicConstraints;
  if (pathLength !== null && below > pathLength)
    throw new PkiError('constraint', `${who} may have ${pathLength} authorities below it, and has ${below}`);
  if (keyUsage !== null && !keyUsage.has(keyUsages.certificates))
    throw new PkiError('constraint', `The key of ${who} may not sign certificates`);
}

/** §6.1.3 (b), (c): what each authority may speak for binds all below it. */
function mustKeepConstraints(path: Path): void {
  for (const [index, authority] of path.entries()) {
    const constraints = authority.extensions.find(({ type }) => type === oids.nameConstraints);
    if (constraints === undefined) continue;
    if (index === 0) throw new PkiError('constraint', 'Constraints of names in what is no authority');
    const read = readNameConstraints(constraints);
    for (const below of path.slice(0, index)) mustFit(allNames(below), read);
  }
}

const wanted = { client: oids.clientAuth, server: oids.serverAuth, responder: oids.ocspSigning } as const;

function mustServe(
  { purposes, keyUsage, basicConstraints }: Certificate,
  purpose: PathQuestion['purpose'],
): void {
  if (basicConstraints?.isAuthority === true)
    throw new PkiError('constraint', 'A certificate of an authority cannot be one of a device');
  if (purpose === null) return;
  if (!purposes?.includes(wanted[purpose]))
    throw new PkiError('constraint', `It was not issued for a ${purpose}`);
  if (keyUsage !== null && !keyUsage.has(keyUsages.digitalSignature))
    throw new PkiError('constraint', 'Its key may not sign');
}

/** The key of whoever issued the leaf of a path, by its digest. */
export const issuerOf = (path: Path): string => keyDigestOf((path[1] ?? path[0]!).publicKey.spki);
