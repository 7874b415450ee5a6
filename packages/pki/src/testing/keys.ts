import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { keySigner, type Signer } from '../keys/signer.ts';

/** A new key on a curve, with whoever signs by it. */
export function newKey(namedCurve = 'prime256v1'): { signer: Signer; key: KeyObject; pem: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { signer: keySigner(privateKey), key: privateKey, pem };
}

export const DAY_MICROS = 86_400_000_000;
/** A second of 2026, microseconds since the epoch. */
export const NOW = Date.UTC(2026, 10, 26, 1) * 1000;
