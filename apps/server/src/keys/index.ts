/** Keys of zones under a master key: what seals the secrets of the database, and how it is changed without a pause. */

export { ACCOUNTS, PLATFORM, placeIn } from './columns.ts';
export { keysEvidence } from './evidence.ts';
export { Keyring } from './keyring.ts';
export { modulePublicKey, moduleSignature, parsePkcs11Uri } from './master/pkcs11.ts';
export { isOwnKeyName } from './master/source.ts';
export { ResealRounds } from './reseal.ts';
export { keyRoutes } from './routes.ts';
export { keptSecret } from './secrets.ts';
