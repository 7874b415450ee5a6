import { z } from 'zod';
import { instant, page, pagingQuery } from './common.ts';

/** One act. `reason` is null where none was asked for, or where it was erased since. */
export const ledgerEntrySchema = z.object({
  sequence: z.int(),
  at: instant,
  /** As the tree holds it: `person:…`, `token:…`, `sensor:…`, `server`, `command line`. */
  actor: z.string(),
  /** The person's name as long as it is known here. */
  actorName: z.string(),
  action: z.string(),
  subject: z.string(),
  changes: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  /** Names of the texts that were erased; their commitments stay. */
  erased: z.array(z.string()),
});

export const ledgerQuery = pagingQuery.extend({
  actor: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
  action: z.string().max(80).optional(),
  /** RFC 3339; acts from then on, and before then. */
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
});

/** `ledger` is the form that `wardline ledger verify` reads; the others are what other audit trails take. */
export const ledgerExportQuery = ledgerQuery
  .pick({ actor: true, subject: true, action: true, from: true, to: true })
  .extend({
    form: z.enum(['ledger', 'fhir', 'atna', 'ocsf']).default('ledger'),
    /** Names and reasons too: elsewhere they cannot be erased. Only of the foreign forms; the ledger's own always has them. */
    personal: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
  });
export const ledgerResponse = page(ledgerEntrySchema);

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The signed head of the tree, and what is needed to check it. */
export const ledgerHeadSchema = z.object({
  /** A C2SP checkpoint with all signatures. */
  note: z.string(),
  size: z.int(),
  root: hash,
  signedAt: instant,
  /** The log's public key, as `name+id+key`. */
  key: z.string(),
  witnesses: z.array(
    z.object({
      name: z.string(),
      key: z.string(),
      /** Where it takes heads (C2SP tlog-witness); null where it asks for them itself. */
      url: z.string().nullable(),
      seenAt: instant.nullable(),
      size: z.int().nullable(),
      /** Why it did not sign the last time it was asked; null while all is well. */
      trouble: z.string().nullable(),
    }),
  ),
  /** Acts since the head was signed. */
  unsigned: z.int(),
});

/** An act with what binds it to the signed head. */
export const ledgerProofSchema = z.object({
  entry: ledgerEntrySchema,
  /** The bytes that were hashed, as text. */
  text: z.string(),
  /** Personal texts with their salts in hexadecimal; erased ones are away. */
  personal: z.record(z.string(), z.object({ salt: z.string(), value: z.string() })),
  proof: z.array(hash),
  head: ledgerHeadSchema,
});

export const ledgerConsistencyQuery = z.object({
  from: z.coerce.number().int().min(0),
  to: z.coerce.number().int().min(0),
});
export const ledgerConsistencySchema = z.object({ from: z.int(), to: z.int(), proof: z.array(hash) });

/** What a walk through the whole ledger found. */
export const ledgerVerificationSchema = z.object({
  entries: z.int(),
  faults: z.array(z.object({ table: z.string(), place: z.string(), message: z.string() })),
  /** True where every table is as it was written. */
  whole: z.boolean(),
});

export const ledgerEraseBody = z.object({
  /** The actor or subject whose personal texts go. */
  who: z.string().min(3).max(200),
  reason: z.string().trim().min(3).max(500),
});
export const ledgerTrustBody = z.object({
  key: z.string().min(10).max(400),
  /** Where the witness takes heads: https, or http on this machine. */
  url: z.url().max(500).optional(),
  reason: z.string().trim().min(3).max(500),
});

/** Where audit messages go, and how far they came; null where no collector is set. */
export const ledgerCollectorSchema = z.object({
  collector: z
    .object({
      collector: z.string(),
      connected: z.boolean(),
      sent: z.int(),
      waiting: z.int(),
      /** Why the last connection broke; null while all is well. */
      trouble: z.string().nullable(),
    })
    .nullable(),
});

export type LedgerCollector = z.infer<typeof ledgerCollectorSchema>;
export type LedgerHead = z.infer<typeof ledgerHeadSchema>;
export type LedgerProof = z.infer<typeof ledgerProofSchema>;
export type LedgerVerification = z.infer<typeof ledgerVerificationSchema>;
