import { z } from 'zod';
import { type Endpoint, endpointSchema } from './endpoint.ts';
import { type Evidence, evidenceSchema } from './evidence.ts';
import type { FactKind, Facts, FactValue } from './facts.ts';
import type { Micros } from './time.ts';

/** How many distinct keyed hashes one sighting carries at the most. */
export const MARKS_PER_SIGHTING = 8;

/**
 * One fact about one endpoint. Equal facts of one endpoint in one batch are one sighting with a count: equal means
 * the same kind, subject, port, peer and facts.
 */
export interface Sighting<K extends FactKind = FactKind> {
  kind: K;
  subject: Endpoint;
  /** The service it was seen on, where there is one: the server's port, whichever side is the subject. */
  service: { transport: 'tcp' | 'udp'; port: number } | null;
  /** The other side, where the fact is of a relation (credentials, associations). */
  peer: Endpoint | null;
  facts: Facts[K];
  /** Keyed hashes of the values that stay behind, in order of first appearance; not part of the sighting's identity. */
  marks: string[];
  firstSeen: Micros;
  lastSeen: Micros;
  count: number;
  /** Of the first time it was seen. */
  evidence: Evidence;
}

const factValueSchema: z.ZodType<FactValue> = z.union([
  z.string().max(1024),
  z.number(),
  z.boolean(),
  z.array(z.string().max(512)).max(128),
]);

/** The shape in which sightings cross a machine boundary; bounds hold against a hostile sensor. */
export const sightingSchema = z.object({
  kind: z
    .string()
    .regex(/^[a-z0-9]+\.[a-z]+$/)
    .max(40),
  subject: endpointSchema,
  service: z.object({ transport: z.enum(['tcp', 'udp']), port: z.int().min(0).max(65_535) }).nullable(),
  peer: endpointSchema.nullable(),
  facts: z.record(z.string().max(40), factValueSchema),
  marks: z.array(z.string().max(64)).max(MARKS_PER_SIGHTING),
  firstSeen: z.int(),
  lastSeen: z.int(),
  count: z.int().min(1),
  evidence: evidenceSchema,
});

/** Two equal sightings as one; the evidence is that of the earlier. */
export function addSightings(earlier: Sighting, later: Sighting): Sighting {
  return {
    ...earlier,
    marks: [...new Set([...earlier.marks, ...later.marks])].slice(0, MARKS_PER_SIGHTING),
    firstSeen: Math.min(earlier.firstSeen, later.firstSeen),
    lastSeen: Math.max(earlier.lastSeen, later.lastSeen),
    count: earlier.count + later.count,
    evidence: later.firstSeen < earlier.firstSeen ? later.evidence : earlier.evidence,
  };
}
