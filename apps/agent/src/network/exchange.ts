import type { HandshakeKey } from '../keys/keeper.ts';

/** What the agent shows in the handshake. */
export interface Identity {
  /** DER, the leaf first. */
  chain: readonly Buffer[];
  key: HandshakeKey;
}

export interface Ask {
  server: URL;
  method: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  as: Identity | null;
  /** Judges the certificates that the server showed, before a byte of the request is sent. @throws AgentError where it is another */
  judge: (shown: readonly Buffer[]) => void;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** One request over TLS 1.3. @throws AgentError: `network` where nobody answers, or what `judge` threw */
export type Exchange = (ask: Ask) => Promise<Answer>;
