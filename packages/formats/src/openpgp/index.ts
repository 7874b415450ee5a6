/** Detached OpenPGP signatures (RFC 9580, version 4): which keys may sign, and whether one of them signed a document. */
export type { SigningKey } from './certificate.ts';
export { readKeyring, verifyDetached } from './verify.ts';
