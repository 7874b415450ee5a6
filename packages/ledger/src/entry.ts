import { createHmac } from 'node:crypto';

/** Any JSON value. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One act as the tree holds it. What people could be known by stands in it as a commitment only. */
export interface Entry {
  /** Counted from 1; the leaf's place is one less. */
  sequence: number;
  /** Microseconds since the epoch. */
  at: number;
  actor: string;
  action: string;
  subject: string;
  changes: Record<string, unknown>;
  /** By name: HMAC-SHA-256 of the text under a salt of 32 random bytes, in hexadecimal. */
  commitments: Record<string, string>;
}

/**
 * The bytes of an entry: JSON with sorted keys and no spaces (RFC 8785 for what an entry can hold), so that the same act
 * has the same hash wherever it is written.
 */
export function entryText(entry: Entry): string {
  return canonical(entry as unknown as Json);
}

function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value as Record<string, Json | undefined>)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${members.join(',')}}`;
}

/** Null where the text is not exactly what {@link entryText} writes of an entry. */
export function parseEntry(text: string): Entry | null {
  const value = parseJson(text) as Partial<Entry> | null;
  if (value === null || typeof value !== 'object' || !isWhole(value)) return null;
  return entryText(value) === text ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isWhole(value: Partial<Entry>): value is Entry {
  const { sequence, at, actor, action, subject, changes, commitments } = value;
  const texts = [actor, action, subject].every((text) => typeof text === 'string');
  const numbers = Number.isSafeInteger(sequence) && Number.isSafeInteger(at);
  return texts && numbers && isRecord(changes) && isRecord(commitments) && Object.keys(value).length === 7;
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Binds an entry to a text without telling it: who has salt and text can show that they belong to it. */
export function commitmentOf(salt: Uint8Array, text: string): string {
  return createHmac('sha256', salt).update(text, 'utf8').digest('hex');
}
