import type { Signer } from '@wardline/pki';

/** How a key is shown in a handshake: one in memory, or one that OpenSSL reaches through a provider and nobody reads. */
export type HandshakeKey =
  | { by: 'memory'; pem: string }
  /** `uri` as its provider has it, `environment` what that is told. */
  | { by: 'openssl'; uri: string; environment: Readonly<Record<string, string>> };

export interface HeldKey {
  id: string;
  signer: Signer;
  handshake: HandshakeKey;
}

/** What a TPM shows before it is asked to prove a key: TPMT_PUBLIC of three keys, and who vouches for the first (DER). */
export interface TpmOffer {
  ekPublic: Buffer;
  akPublic: Buffer;
  keyPublic: Buffer;
  ekCertificate: Buffer;
  intermediates: readonly Buffer[];
}

/** A question that only this TPM can answer. */
export interface TpmQuestion {
  challenge: Buffer;
  blob: Buffer;
  seed: Buffer;
}

export interface TpmAnswer {
  secret: Buffer;
  certifyInfo: Buffer;
  signature: Buffer;
}

/** What a TPM shows before it is asked what was booted. */
export type BootOffer = Omit<TpmOffer, 'keyPublic'>;
export interface BootQuestion extends TpmQuestion {
  /** The PCRs (of SHA-256) that are to be quoted. */
  pcrs: readonly number[];
}
export interface BootQuote {
  secret: Buffer;
  /** TPMS_ATTEST and TPMT_SIGNATURE. */
  quoted: Buffer;
  signature: Buffer;
  pcrs: readonly { pcr: number; value: Buffer }[];
}

/** Numbers that only go up, whoever owns the device. */
export interface UpOnlyCounters {
  /** A new one, and the number that it begins with. */
  make: () => Promise<{ place: string; count: number }>;
  /** @throws AgentError where there is none */
  read: (place: string) => Promise<number>;
  /** By one; resolves to the number reached. */
  raise: (place: string) => Promise<number>;
}

/** Whoever keeps the keys of a device. */
export interface KeyKeeper {
  readonly kind: 'file' | 'tpm';
  /** In words, for a person who looks at the status. */
  readonly protection: string;
  /** Proves that a key lies in hardware: offers, is asked, and answers. Absent where it does not. */
  prove?: (id: string, ask: (offer: TpmOffer) => Promise<TpmQuestion>) => Promise<TpmAnswer>;
  /** Quotes what was measured of the boot. Absent where there is nothing that measures. */
  quote?: (ask: (offer: BootOffer) => Promise<BootQuestion>) => Promise<BootQuote>;
  /** Absent where there is nothing that counts. */
  counters?: UpOnlyCounters;
  /** A new key; it lies on the disk when its id is told. */
  make: () => Promise<string>;
  /** @throws AgentError where it cannot be opened */
  open: (id: string) => Promise<HeldKey>;
  remove: (id: string) => void | Promise<void>;
  ids: () => string[];
  /** Closes data so that it opens on this device alone, under this label. */
  seal: (data: Uint8Array, label: string) => Promise<Buffer>;
  /** @throws AgentError where it was sealed elsewhere, under another label, or changed */
  unseal: (sealed: Uint8Array, label: string) => Promise<Buffer>;
}
