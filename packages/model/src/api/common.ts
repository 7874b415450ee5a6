import { z } from 'zod';

/** RFC 9457 problem. `code` is stable; `errors` locates what was wrong in the request. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Of what is forbidden: which roles may. */
  roles: z.array(z.string()).optional(),
});

/** Cursor paging: pass `nextCursor` back as `cursor`; null at the end. `total` is of the whole filtered list. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    total: z.int(),
    nextCursor: z.string().nullable(),
    asOf: z.string(),
  });
}

/** RFC 3339, UTC. */
export const instant = z.string();

/** A comma-separated list in a query string; any of its values matches. */
export const listParameter = z.string().max(2000).optional();

export const pagingQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  sort: z.string().max(40).optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
});

/** Every act that changes state carries its reason into the ledger. */
export const reasonBody = z.object({ reason: z.string().trim().min(3).max(500) });
