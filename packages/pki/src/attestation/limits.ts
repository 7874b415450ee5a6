/** Bounds of the evidence that is taken in, each with its reason. */

/** TPM2B structures: no TPM has a buffer for commands larger than this, so nothing that it signs is longer. */
export const TPM_STRUCTURE_BYTES = 4096;
/** A challenge that cannot be guessed (draft-ietf-acme-device-attest: at least 128 bits). */
export const CHALLENGE_BYTES = 16;
/** TPM2B_DATA holds at most the largest digest with its algorithm; what is asked for must fit in it. */
export const QUALIFYING_BYTES = 64;
/** RSA keys below this are no longer allowed (NIST SP 800-131A); above 4096 a TPM does not make them. */
export const RSA_BITS = { least: 2048, most: 4096 } as const;
/** PCRs of a PC client TPM are 0 to 23: three bytes of bits. */
export const PCRS = 24;
/** Banks of one quote; a TPM has at most SHA-1, SHA-256, SHA-384, SHA-512, SM3 and the three of SHA-3. */
export const BANKS = 8;
/** A measured-boot log of a large server is some 100 KB; firmware reserves 64 KB to 256 KB for it. */
export const EVENT_LOG_BYTES = 1024 * 1024;
/** Entries of a log: a boot measures some hundred. */
export const EVENTS = 10_000;
/** One event's own bytes: the longest are UEFI variables with lists of forbidden hashes. */
export const EVENT_BYTES = 256 * 1024;
/** An attestation token comes in one request; PSA tokens are below 2 KB, EATs with submodules some KB. */
export const TOKEN_BYTES = 64 * 1024;
/** CBOR nested deeper than this is no claim set; each level costs a stack frame of the decoder. */
export const CBOR_DEPTH = 16;
/** Values in one token, so that a small one cannot make a large tree. */
export const CBOR_VALUES = 4096;
/** Software components of one PSA token: a boot chain has a handful. */
export const SOFTWARE_COMPONENTS = 64;
/** Certificates between an attestation key and the pinned root; makers have one or two. */
export const CHAIN_CERTIFICATES = 5;
