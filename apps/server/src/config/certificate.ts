import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { ConfigError } from './config.ts';

/** A certificate with its key, both as PEM. */
export interface ServerCertificate {
  cert: string;
  key: string;
  /** SHA-256 of the certificate, as browsers show it. */
  fingerprint: string;
}

/** Browsers take none that lives longer (CA/Browser Forum). */
const LIFE_DAYS = 397;
/** One that ends sooner than this is made anew at a start. */
const RENEW_DAYS = 30;
const DAY_MILLISECONDS = 86_400_000;

/** The certificate that was given. @throws ConfigError where it cannot be used */
export function givenCertificate(certFile: string, keyFile: string): ServerCertificate {
  const [cert, key] = [certFile, keyFile].map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw new ConfigError(`The certificate ${file} cannot be read: ${(error as Error).message}`);
    }
  }) as [string, string];
  return { cert, key, fingerprint: fingerprintOf(cert, certFile) };
}

function fingerprintOf(cert: string, file: string): string {
  try {
    return new X509Certificate(cert).fingerprint256;
  } catch {
    throw new ConfigError(`${file} holds no certificate (PEM)`);
  }
}

/** The server's own certificate for its names; made where there is none, or where it ends soon or has other names. */
export async function ownCertificate(
  dataDir: string,
  names: readonly string[],
  now: number,
): Promise<ServerCertificate> {
  const folder = join(dataDir, 'tls');
  const [certFile, keyFile, namesFile] = ['cert.pem', 'key.pem', 'names'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const wanted = createHash('sha256').update(names.join('\n')).digest('hex');
  const isGood =
    existsSync(certFile) &&
    existsSync(keyFile) &&
    existsSync(namesFile) &&
    readFileSync(namesFile, 'utf8') === wanted &&
    Date.parse(new X509Certificate(readFileSync(certFile)).validTo) - now > RENEW_DAYS * DAY_MILLISECONDS;
  if (!isGood) {
    const made = await makeCertificate(names, now);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, made.key, { mode: 0o600 });
    writeFileSync(certFile, made.cert, { mode: 0o644 });
    writeFileSync(namesFile, wanted, { mode: 0o600 });
  }
  return givenCertificate(certFile, keyFile);
}

async function makeCertificate(
  names: readonly string[],
  now: number,
): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Wardline ${names[0]?.replaceAll(/[,+="<>#;\\]/g, '') ?? ''}`,
    notBefore: new Date(now - DAY_MILLISECONDS),
    notAfter: new Date(now + (LIFE_DAYS - 1) * DAY_MILLISECONDS),
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey as never)).toString(
    'base64',
  );
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { cert: `${certificate.toString('pem')}\n`, key };
}

/** TLS 1.3, and TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325 §4.2). */
export const tlsSettings = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
} as const;

/** When a file was last written; 0 where it is away for a moment. */
export const writtenAt = (file: string): number => (existsSync(file) ? statSync(file).mtimeMs : 0);
