import type { Family, Range } from '../space/addresses.ts';
import { ALL, type Diagrams, NONE } from '../space/diagrams.ts';
import { type Field, fields } from '../space/packet.ts';

/**
 * A partition of all packets of a family into those that pass and those that do not: each node asks one field, its
 * ranges are all values of it, and each leads to a verdict or to a further node. Whoever has it can check equality of a
 * policy and a list by comparing boxes, and needs to trust neither the diagrams nor the program that made them.
 */
export interface FamilyCertificate {
  family: Family;
  /** A verdict, or the number of a node. */
  root: 'permit' | 'deny' | number;
  nodes: readonly {
    field: Field;
    parts: readonly { ranges: readonly string[]; to: 'permit' | 'deny' | number }[];
  }[];
}

/** What a proof rests on, by digest, and the partition of each family. */
export interface Certificate {
  form: 'wardline policy certificate 1';
  ruleset: string;
  /** SHA-256 of the policy's text, of its assets and of the compiled text, in hexadecimal. */
  policy: string;
  assets: string;
  compiled: string;
  /** Microseconds since the epoch; exceptions count as they did then. */
  at: number;
  families: readonly FamilyCertificate[];
}

export function certificateOf(diagrams: Diagrams, set: number): FamilyCertificate {
  const partition = diagrams.partition(set);
  const numbers = new Map([...partition.keys()].map((node, index) => [node, index]));
  const target = (node: number) => (node === ALL ? 'permit' : node === NONE ? 'deny' : numbers.get(node)!);
  return {
    family: diagrams.family,
    root: target(set),
    nodes: [...partition.values()].map(({ field, parts }) => ({
      field,
      parts: parts.map(({ ranges, child }) => ({ ranges: ranges.map(rangeText), to: target(child) })),
    })),
  };
}

const rangeText = ({ first, last }: Range): string => (first === last ? `${first}` : `${first}-${last}`);

/** Null where the text is no range of numbers. */
export function parseRange(text: string): Range | null {
  const match = /^(\d{1,39})(?:-(\d{1,39}))?$/.exec(text);
  if (match === null) return null;
  const [first, last] = [BigInt(match[1]!), BigInt(match[2] ?? match[1]!)];
  return first <= last ? { first, last } : null;
}

export const isField = (text: unknown): text is Field => (fields as readonly unknown[]).includes(text);
