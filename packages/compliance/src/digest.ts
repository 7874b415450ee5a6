import { createHash } from 'node:crypto';
import type { Controls } from '@wardline/knowledge';
import type { ComplianceState } from '@wardline/model';

/** JSON with the keys of every object in order: the same text for the same value, whoever wrote it. */
export function orderedText(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) =>
    held !== null && typeof held === 'object' && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** SHA-256 of the evidence, in hexadecimal digits. */
export const digestOfState = (state: ComplianceState): string => sha256(orderedText(state));

/** SHA-256 of each catalogue by its id, and of all questions by the name `evidence`. */
export function digestsOfKnowledge({ catalogues, queries }: Controls): Record<string, string> {
  return {
    ...Object.fromEntries([...catalogues].map(([id, catalogue]) => [id, sha256(orderedText(catalogue))])),
    evidence: sha256(orderedText([...queries.values()])),
  };
}
