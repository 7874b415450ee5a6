import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, present } from '../../text/wire-text.ts';
import { alternativeNames, distinguishedName, mayBeAPerson } from './certificate-names.ts';
import { MAX_CERTIFICATE } from './limits.ts';

type CertificateFacts = Facts['tls.certificate'];

/** The first certificate of a Certificate message (RFC 5246 §7.4.2), which is the sender's own; null where there is none. */
export function leafOf(body: Uint8Array): Uint8Array | null {
  const cursor = new Cursor(body);
  const list = cursor.within(cursor.u24());
  const leaf = list.take(list.u24());
  return list.failed || leaf.length === 0 ? null : leaf;
}

/** Facts of a DER certificate (RFC 5280); null where OpenSSL does not read it. */
export function certificateFacts(der: Uint8Array, role: 'client' | 'server'): CertificateFacts | null {
  const certificate = der.length > MAX_CERTIFICATE ? null : attempt(() => new X509Certificate(der));
  return certificate === null ? null : attempt(() => factsOf(certificate, role));
}

function factsOf(certificate: X509Certificate, role: 'client' | 'server'): CertificateFacts {
  const key = attempt(() => certificate.publicKey);
  const personal = role === 'client' && mayBeAPerson(certificate.subject, certificate.keyUsage ?? []);
  const algorithm = certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid;
  return present<CertificateFacts>({
    role,
    subject: distinguishedName(certificate.subject, personal),
    issuer: distinguishedName(certificate.issuer, personal && certificate.issuer === certificate.subject),
    serial: certificate.serialNumber.toLowerCase().slice(0, 64),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sans: personal ? [] : alternativeNames(certificate.subjectAltName ?? ''),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    keyBits: key === null ? undefined : keyBits(key),
    signatureAlgorithm: algorithm === undefined ? undefined : factText(algorithm, 64),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    selfSigned: key !== null && isSelfSigned(certificate, key),
  } as CertificateFacts);
}

/** By the signature, not by the names alone. */
function isSelfSigned(certificate: X509Certificate, key: KeyObject): boolean {
  return certificate.subject === certificate.issuer && attempt(() => certificate.verify(key)) === true;
}

const curveBits: Readonly<Record<string, number>> = {
  prime192v1: 192,
  secp224r1: 224,
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};
const typeBits: Readonly<Record<string, number>> = { ed25519: 255, ed448: 448, x25519: 255, x448: 448 };

function keyBits(key: KeyObject): number | undefined {
  const details = attempt(() => key.asymmetricKeyDetails) ?? {};
  return (
    details.modulusLength ?? curveBits[details.namedCurve ?? ''] ?? typeBits[key.asymmetricKeyType ?? '']
  );
}

/** OpenSSL throws on what it cannot read; to a sensor that is an answer. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
