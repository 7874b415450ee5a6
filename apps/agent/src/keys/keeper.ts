import type { Signer } from '@wardline/pki';

/** How a key is shown in a handshake: one in memory, or one that OpenSSL reaches through a provider and nobody reads. */
export type HandshakeKey = { by: 'memory'; pem: string } | { by: 'openssl'; file: string; provider: string };

export interface HeldKey {
  id: string;
  signer: Signer;
  handshake: HandshakeKey;
}

/** Whoever keeps the keys of a device. */
export interface KeyKeeper {
  readonly kind: 'file' | 'tpm';
  /** In words, for a person who looks at the status. */
  readonly protection: string;
  /** A new key; it lies on the disk when its id is told. */
  make: () => Promise<string>;
  /** @throws AgentError where it cannot be opened */
  open: (id: string) => Promise<HeldKey>;
  remove: (id: string) => void;
  ids: () => string[];
  /** Closes data so that it opens on this device alone, under this label. */
  seal: (data: Uint8Array, label: string) => Promise<Buffer>;
  /** @throws AgentError where it was sealed elsewhere, under another label, or changed */
  unseal: (sealed: Uint8Array, label: string) => Promise<Buffer>;
}
