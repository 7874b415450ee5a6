import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  batchSubject,
  type RefusedBatchReason,
  type SensorBatch,
  sensorBatchSchema,
  signedStatement,
  siteOfSubject,
} from '@wardline/model';
import type { Context } from '../../context.ts';
import { findToken } from '../../domains/access/index.ts';
import { keyDigest } from '../../http/sensor-door.ts';
import { BATCH_BODY_BYTES, BROKER_CERTIFICATE_CHARACTERS } from '../../limits.ts';
import { isPlainBatch } from '../quick-check.ts';
import { mayHandOver, siteOf } from '../sender.ts';

const unpack = promisify(gunzip);

/** A message as a broker gave it out. */
export interface BrokerMessage {
  subject: string;
  /** Of the header; the signature covers it. */
  number: string;
  /** DER in Base64. */
  certificate: string;
  /** Base64. */
  signature: string;
  body: Uint8Array;
  /** When the broker stored it, in microseconds. */
  stored: number;
}

export type Verified = { batch: SensorBatch; site: number } | { refused: RefusedBatchReason };

/** What the signature covers. */
interface Signed {
  site: number;
  number: number;
  certificate: X509Certificate;
}

/**
 * Trusts nothing of a broker: the key that signed must be a sensor's that an administrator registered, which may hand over batches
 * at the site of the subject, in its own name. The same rights as over HTTP, asked at the moment of intake.
 */
export async function verifyMessage(context: Context, message: BrokerMessage): Promise<Verified> {
  const signed = signedBy(message);
  if (signed === null) return { refused: 'unsigned' };
  const { certificate, site, number } = signed;
  if (!heldAt(certificate, message.stored)) return { refused: 'certificate-ended' };
  const principal = await findToken(
    context.database,
    { digest: keyDigest(certificate) ?? '' },
    context.now(),
  );
  if (principal === null) return { refused: 'unknown-key' };
  const decision = context.authorisation.decide(principal, 'intake.append', context.now(), true);
  if (decision.kind !== 'allowed') return { refused: 'forbidden' };
  if (siteOf(principal) !== site) return { refused: 'other-site' };
  const batch = await batchIn(message.body);
  if (batch === null) return { refused: 'no-batch' };
  const { sensor, stream } = batch;
  if (!mayHandOver(principal.id, batch)) return { refused: 'other-sensor' };
  const isAsSigned = batchSubject({ site, sensor, stream }) === message.subject && batch.number === number;
  return isAsSigned ? { batch, site } : { refused: 'other-sensor' };
}

/** Null where no key can be said to have signed just this. */
function signedBy({ subject, number, certificate, signature, body }: BrokerMessage): Signed | null {
  const site = siteOfSubject(subject);
  if (site === null || !/^[1-9]\d{0,14}$/.test(number)) return null;
  if (certificate.length > BROKER_CERTIFICATE_CHARACTERS) return null;
  try {
    const parsed = new X509Certificate(Buffer.from(certificate, 'base64'));
    const digest = createHash('sha256').update(body).digest('hex');
    const statement = signedStatement(subject, Number(number), digest);
    const algorithm = algorithmOf(parsed.publicKey);
    if (!verify(algorithm, statement, parsed.publicKey, Buffer.from(signature, 'base64'))) return null;
    return { site, number: Number(number), certificate: parsed };
  } catch {
    // No certificate, or a key that signs nothing.
    return null;
  }
}

const algorithmOf = ({ asymmetricKeyType: kind }: KeyObject): string | null =>
  kind === 'ed25519' || kind === 'ed448' ? null : 'sha256';

function heldAt(certificate: X509Certificate, micros: number): boolean {
  const millis = micros / 1000;
  return Date.parse(certificate.validFrom) <= millis && millis <= Date.parse(certificate.validTo);
}

async function batchIn(body: Uint8Array): Promise<SensorBatch | null> {
  try {
    const value: unknown = JSON.parse((await unpack(body, { maxOutputLength: BATCH_BODY_BYTES })).toString());
    if (isPlainBatch(value)) return value as SensorBatch;
    return sensorBatchSchema.parse(value) as SensorBatch;
  } catch {
    return null;
  }
}
