import { AgentError } from '../agent-error.ts';

/** Whom the agent trusts, since a person pinned it. */
export interface Pins {
  /** The hospital's roots, as they were pinned at enrolment: DER. */
  roots: readonly Buffer[];
  /** Authorities of zones below them, as the server told. */
  between: readonly Buffer[];
  /** SHA-256 of the one certificate that the server shows, in hexadecimal; null where authorities vouch for it. */
  server: string | null;
  /** Authorities that vouch for the server's own certificate, beside the roots. */
  serverAuthorities: readonly Buffer[];
}

/** A key and the certificate that it has, the leaf first. */
export interface Certified {
  key: string;
  chain: readonly Buffer[];
  /** The server took a proof that the key lies in hardware. */
  isProved: boolean;
}

/** How a request shows who asks. */
export type Way =
  /** The one-time code, sealed. */
  | { by: 'code'; sealed: Buffer }
  /** The maker's certificate and key, PEM files of the device. */
  | { by: 'maker'; certificate: string; key: string }
  | { by: 'renewal' };

/** What is asked for: written down before it is asked, so that the same is asked again whatever happens in between. */
export interface Asked {
  key: string;
  way: Way;
  /** DER */
  request: Buffer;
  /** Microseconds since the epoch. */
  since: number;
  /** A person looks at it. */
  isWaiting: boolean;
  /** What became of the proof that its key lies in hardware; null where none was tried yet. */
  proof: { isProved: boolean; why: string | null } | null;
  /** What was issued, and has not been proved in a handshake yet. */
  chain: readonly Buffer[] | null;
}

/** All that the agent knows beside its keys. */
export interface AgentState {
  server: string;
  pins: Pins;
  current: Certified | null;
  next: Asked | null;
  /** Why the server said no, the last time. */
  refused: { at: number; message: string } | null;
  /** When a renewal was last begun. */
  renewedAt: number;
  /** The latest moment that is known to have been. */
  floor: number;
}

export function stateText(state: AgentState): string {
  const base64 = (_name: string, value: unknown) =>
    isJsonBuffer(value) ? Buffer.from(value.data).toString('base64') : value;
  return `${JSON.stringify({ version: 1, ...state }, base64, 2)}\n`;
}

/** Buffers come to a replacer as what they make of themselves. */
const isJsonBuffer = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';

/** @throws AgentError where it is not as the agent wrote it; nothing is repaired by guessing */
export function parseState(text: string): AgentState {
  try {
    const root = objectOf(JSON.parse(text));
    if (root.version !== 1) throw new Error(`version ${String(root.version)}`);
    const pins = objectOf(root.pins);
    return {
      server: textOf(root.server),
      pins: {
        roots: buffersOf(pins.roots),
        between: buffersOf(pins.between),
        server: orNull(pins.server, textOf),
        serverAuthorities: buffersOf(pins.serverAuthorities),
      },
      current: orNull(root.current, certifiedOf),
      next: orNull(root.next, askedOf),
      refused: orNull(root.refused, (value) => {
        const { at, message } = objectOf(value);
        return { at: numberOf(at), message: textOf(message) };
      }),
      renewedAt: numberOf(root.renewedAt),
      floor: numberOf(root.floor),
    };
  } catch (error) {
    throw new AgentError('state', `The state is not as the agent wrote it: ${(error as Error).message}`);
  }
}

function certifiedOf(value: unknown): Certified {
  const { key, chain, isProved } = objectOf(value);
  return { key: textOf(key), chain: chainOf(chain), isProved: booleanOf(isProved) };
}

function askedOf(value: unknown): Asked {
  const { key, way, request, since, isWaiting, proof, chain } = objectOf(value);
  return {
    key: textOf(key),
    way: wayOf(way),
    request: bufferOf(request),
    since: numberOf(since),
    isWaiting: booleanOf(isWaiting),
    proof: orNull(proof, (given) => {
      const { isProved, why } = objectOf(given);
      return { isProved: booleanOf(isProved), why: orNull(why, textOf) };
    }),
    chain: orNull(chain, chainOf),
  };
}

function wayOf(value: unknown): Way {
  const way = objectOf(value);
  if (way.by === 'code') return { by: 'code', sealed: bufferOf(way.sealed) };
  if (way.by === 'maker') return { by: 'maker', certificate: textOf(way.certificate), key: textOf(way.key) };
  if (way.by === 'renewal') return { by: 'renewal' };
  throw new Error('an unknown way');
}

function chainOf(value: unknown): Buffer[] {
  const chain = buffersOf(value);
  if (chain.length === 0) throw new Error('a chain without a certificate');
  return chain;
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('an object is missing');
  return value as Record<string, unknown>;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Error('a text is missing');
  return value;
}

function booleanOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('a yes or no is missing');
  return value;
}

function numberOf(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Error('a number is missing');
  return value as number;
}

const bufferOf = (value: unknown): Buffer => Buffer.from(textOf(value), 'base64');

function buffersOf(value: unknown): Buffer[] {
  if (!Array.isArray(value)) throw new Error('a list is missing');
  return value.map(bufferOf);
}

const orNull = <T>(value: unknown, of: (value: unknown) => T): T | null =>
  value === null ? null : of(value);
