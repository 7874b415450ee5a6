import type { KeyObject } from 'node:crypto';
import type { Challenge } from '../keys/key-attestation.ts';
import { CHALLENGE_BYTES, QUALIFYING_BYTES } from '../limits.ts';
import { sameBytes } from '../tpm/octets.ts';
import { type Cbor, decodeCbor } from './cbor.ts';
import { type EatClaims, readEatClaims } from './claims.ts';
import { parseSign1, sign1Holds } from './cose.ts';
import { PSA_PROFILE, type PsaClaims, readPsaClaims } from './psa.ts';

export interface TokenExpectation {
  challenge: Challenge;
  /** The device's attestation key, as its maker told it or a person enrolled it. */
  key: KeyObject;
  /** The profiles that are accepted for this device; never empty. */
  profiles: readonly string[];
  /** What the order calls the device: the token's ueid, byte for byte. */
  orderedDevice: Uint8Array;
  /** Microseconds since 1970. */
  at: number;
}

export const tokenChecks = [
  'form',
  'challenge',
  'signature',
  'profile',
  'claims',
  'device',
  'state',
] as const;
export type TokenCheck = (typeof tokenChecks)[number];

export type TokenVerdict =
  | { proved: true; claims: EatClaims; psa: PsaClaims | null }
  | { proved: false; check: TokenCheck; why: string };

const refuse = (check: TokenCheck, why: string): TokenVerdict => ({ proved: false, check, why });

/** Whether an entity attestation token (RFC 9711) is the ordered device's own word of now. The challenge is looked at first. */
export function judgeToken(token: Uint8Array, expectation: TokenExpectation): TokenVerdict {
  const message = parseSign1(token);
  const payload = message === null ? null : decodeCbor(message.payload);
  if (message === null || !(payload instanceof Map)) return refuse('form', 'it is no signed set of claims');
  const claims = readEatClaims(payload);
  if ('malformed' in claims) return refuse('claims', `malformed: ${claims.malformed.join(', ')}`);
  const stale = nonceFault(claims, expectation);
  if (stale !== null) return refuse('challenge', stale);
  if (!sign1Holds(message, expectation.key))
    return refuse('signature', 'it is not signed by the key of this device');
  return judgeClaims(claims, payload, expectation);
}

function nonceFault({ nonces }: EatClaims, { challenge, at }: TokenExpectation): string | null {
  const { value, expires, spent } = challenge;
  if (value.length < CHALLENGE_BYTES || value.length > QUALIFYING_BYTES)
    throw new RangeError('a challenge has 16 to 64 bytes');
  if (!nonces.some((nonce) => sameBytes(nonce, value))) return 'the token answers another challenge';
  if (spent) return 'the challenge was answered before';
  return at > expires ? 'the challenge is too old' : null;
}

function judgeClaims(
  claims: EatClaims,
  all: ReadonlyMap<Cbor, Cbor>,
  { profiles, orderedDevice }: TokenExpectation,
): TokenVerdict {
  if (claims.profile === null || !profiles.includes(claims.profile))
    return refuse('profile', 'the token is of no profile that is accepted');
  if (claims.ueid === null || orderedDevice.length === 0 || !sameBytes(claims.ueid, orderedDevice))
    return refuse('device', 'the token is of another device than the order');
  if (claims.profile !== PSA_PROFILE) return judgeState(claims, null);
  // RFC 9783 §4.1.1, §4.2.1: one nonce of a digest's length, and a random ueid of 33 bytes.
  const strict =
    claims.nonces.length === 1 &&
    [32, 48, 64].includes(claims.nonces[0]!.length) &&
    claims.ueid.length === 33;
  const psa = readPsaClaims(all);
  if ('malformed' in psa) return refuse('claims', `missing or malformed: ${psa.malformed.join(', ')}`);
  return strict ? judgeState(claims, psa) : refuse('claims', 'nonce or ueid are not as the profile has them');
}

/** A device that is open to debuggers, or no longer in its secured state, proves nothing of where its keys are. */
function judgeState(claims: EatClaims, psa: PsaClaims | null): TokenVerdict {
  if (claims.debug === 'enabled') return refuse('state', 'the device is open to debuggers');
  if (psa !== null && psa.lifecycle !== 'secured')
    return refuse('state', `the device is in the state ${psa.lifecycle}`);
  return { proved: true, claims, psa };
}
