import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** One key of a zone: the one in use, or an earlier one that opens what has not been sealed anew yet. */
export const dataKeySchema = z.object({
  id: z.string(),
  made: instant,
  /** Null for the one in use. */
  retired: instant.nullable(),
  /** Null while it can still open something. */
  destroyed: instant.nullable(),
  /** Whether the master key opens it. */
  open: z.boolean(),
  /** How many values are sealed by it. */
  values: z.int(),
});

export const masterKinds = ['own', 'passphrase', 'pkcs11'] as const;

export const keyListResponse = z.object({
  master: z.object({ id: z.string(), kind: z.enum(masterKinds), place: z.string(), made: instant }),
  zones: z.array(z.object({ zone: z.string(), keys: z.array(dataKeySchema) })),
  /** Values that still wait to be sealed by the key in use. */
  waiting: z.int(),
  /** Values whose key cannot be opened. */
  closed: z.int(),
});

export type KeyList = z.infer<typeof keyListResponse>;

export const keyRotationBody = reasonBody.extend({ zone: z.string().min(1).max(80) });
export const keyRotationResponse = z.object({ zone: z.string(), before: z.string(), after: z.string() });
/** `keys`: how many keys of zones were wrapped anew. */
export const masterRotationResponse = z.object({ before: z.string(), after: z.string(), keys: z.int() });

/** 32 bytes in base64url. */
export const redactionKeyResponse = z.object({ key: z.string().regex(/^[\w-]{43}$/) });
