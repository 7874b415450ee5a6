import { createHash, type KeyObject } from 'node:crypto';
import { judgeToken, type TokenExpectation, type TokenVerdict } from './token.ts';

export interface BoundExpectation extends Omit<TokenExpectation, 'challenge'> {
  /** What was asked: it holds once, and the nonce of the token is made of it and of the key. */
  challenge: TokenExpectation['challenge'];
  /** SubjectPublicKeyInfo of the key that is to be certified. */
  requestKey: Uint8Array;
}

/**
 * `proved`: the element says itself, under its own key, that whoever holds the requested key is the token's subject (RFC 8747).
 * `claimed`: it was in its secured state and was asked with this key in mind, but does not say where the key lies.
 */
export type BoundVerdict =
  | (Extract<TokenVerdict, { proved: true }> & { says: 'proved' | 'claimed' })
  | Extract<TokenVerdict, { proved: false }>
  | { proved: false; check: 'key'; why: string };

/** The nonce of a token about a key: 32 bytes, as the PSA profile takes them (RFC 9783 §4.1.1). */
export function nonceFor(challenge: Uint8Array, requestKey: Uint8Array): Buffer {
  const key = createHash('sha256').update(requestKey).digest();
  return createHash('sha256').update('wardline key attestation\0').update(challenge).update(key).digest();
}

/** Whether a token of a secure element or TEE vouches for a key, and how strongly. */
export function judgeBoundToken(token: Uint8Array, expectation: BoundExpectation): BoundVerdict {
  const { challenge, requestKey, ...rest } = expectation;
  const nonce = { ...challenge, value: nonceFor(challenge.value, requestKey) };
  const verdict = judgeToken(token, { ...rest, challenge: nonce });
  if (!verdict.proved) return verdict;
  const { confirmedKey } = verdict.claims;
  if (confirmedKey === null) return { ...verdict, says: 'claimed' };
  if (!isKey(confirmedKey, requestKey))
    return {
      proved: false,
      check: 'key',
      why: 'the token speaks of another key than the one that is asked for',
    };
  return { ...verdict, says: 'proved' };
}

const isKey = (key: KeyObject, spki: Uint8Array): boolean =>
  key.export({ type: 'spki', format: 'der' }).equals(spki);
