import type { z } from 'zod';

/** What is wrong with one entry of the knowledge's data, where, and what was expected. */
export interface KnowledgeFault {
  file: string;
  /** The entry's id or name, or its number counted from 1. */
  entry: string;
  field: string;
  expected: string;
}

/** The data is not what its schema demands; a broken contract, since it ships with the program. */
export class KnowledgeError extends Error {
  readonly faults: readonly KnowledgeFault[];

  constructor(faults: readonly KnowledgeFault[]) {
    super(faults.slice(0, 20).map(describeFault).join('\n'));
    this.name = 'KnowledgeError';
    this.faults = faults;
  }
}

export function describeFault(fault: KnowledgeFault): string {
  return `${fault.file}, ${fault.entry}, ${fault.field}: ${fault.expected}`;
}

/** Reads JSON by a schema; every fault is located by the id or name of the entry it is in. */
export function parseFile<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const raw = parseJson(file, text);
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new KnowledgeError(parsed.error.issues.map((issue) => locate(file, raw, issue.path, issue.message)));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not readable';
    throw new KnowledgeError([{ file, entry: 'file', field: 'JSON', expected: `valid JSON (${why})` }]);
  }
}

function locate(file: string, raw: unknown, path: readonly PropertyKey[], message: string): KnowledgeFault {
  const at = path.findIndex((step) => typeof step === 'number');
  if (at < 0) return { file, entry: 'file', field: path.join('.') || 'file', expected: message };
  const entry = path.slice(0, at + 1).reduce<unknown>((value, step) => property(value, step), raw);
  const field = path.slice(at + 1).join('.') || 'entry';
  return { file, entry: entryName(entry, Number(path[at]) + 1), field, expected: message };
}

function property(value: unknown, step: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[step]
    : undefined;
}

function entryName(entry: unknown, number: number): string {
  for (const key of ['id', 'name']) {
    const value = property(entry, key);
    if (typeof value === 'string') return value;
  }
  return `entry ${number}`;
}
