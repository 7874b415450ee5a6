import type { Instruction } from '@wardline/updates';
import { AgentError } from '../agent-error.ts';

/** Hashes from a leaf to a root of more acts than there can be. */
const MOST_HASHES = 64;

export interface Order {
  rollout: string;
  path: string;
  instruction: Instruction;
}

/** What the server orders; its proofs are checked where it is carried out. @throws AgentError where it is malformed */
export function instructionFrom(body: Buffer): Order {
  return read(body, (value) => {
    const { rollout, path, entry, index, proof, note } = value;
    const { index: place, proof: hashes } = objectOf(value.device);
    return {
      rollout: textOf(rollout),
      path: textOf(path),
      instruction: {
        entry: textOf(entry),
        index: indexOf(index),
        proof: hashesOf(proof),
        note: textOf(note),
        device: { index: indexOf(place), proof: hashesOf(hashes) },
      },
    };
  });
}

/** Why the device has to wait; null where it may begin. @throws AgentError where the answer is malformed */
export function wordFrom(body: Buffer): string | null {
  return read(body, ({ go, because }) => {
    if (typeof go !== 'boolean') throw new Error('"go" is missing');
    return go ? null : textOf(because);
  });
}

function read<T>(body: Buffer, take: (value: Record<string, unknown>) => T): T {
  try {
    return take(objectOf(JSON.parse(body.toString('utf8'))));
  } catch (error) {
    throw new AgentError('network', `The server's answer cannot be read: ${(error as Error).message}`);
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('an object is missing');
  return value as Record<string, unknown>;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Error('a text is missing');
  return value;
}

function indexOf(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Error('an index is missing');
  return value as number;
}

function hashesOf(value: unknown): Uint8Array[] {
  if (!Array.isArray(value) || value.length > MOST_HASHES) throw new Error('hashes are missing');
  return value.map((hash) => {
    if (!/^[0-9a-f]{64}$/.test(textOf(hash))) throw new Error('a hash has 64 hexadecimal digits');
    return Buffer.from(hash as string, 'hex');
  });
}
