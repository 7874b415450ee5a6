import { z } from 'zod';
import { noticeSchema } from './break-glass.ts';
import { instant } from './common.ts';

export const backupStates = ['waiting', 'running', 'kept', 'failed', 'removed'] as const;

/** A full backup that came by the plan or was asked for. */
export const backupRunSchema = z.object({
  id: z.string(),
  state: z.enum(backupStates),
  asked: instant,
  /** `server` where it came by the plan. */
  actor: z.string(),
  /** The name of the person who asked. */
  who: z.string().nullable(),
  /** Its file in the folder of backups. */
  name: z.string().nullable(),
  /** As of when it is. */
  at: instant.nullable(),
  /** Of the file; while it is written, how many bytes went into it by now. */
  bytes: z.int().nullable(),
  /** SHA-256 of the file. */
  digest: z.string().nullable(),
  /** Why it failed. */
  trouble: z.string().nullable(),
  /** When it was restored to see that it can be; and why it could not. */
  proved: instant.nullable(),
  proofTrouble: z.string().nullable(),
});
export type BackupRunRow = z.infer<typeof backupRunSchema>;

export const backupListResponse = z.object({
  /** Null where the server makes none by itself. Times in seconds. */
  plan: z
    .object({
      folder: z.string(),
      recipients: z.array(z.string()),
      every: z.int(),
      /** Null where only full backups are made. */
      changes: z.int().nullable(),
      keep: z.int(),
      prove: z.boolean(),
    })
    .nullable(),
  /** What is wrong, the worst first, each with what to do; empty where all is well. */
  warnings: z.array(z.object({ what: z.string(), remedy: z.string() })),
  /** When whoever is on duty was told of it last, and by which ways; null where there was nothing to tell. */
  told: z.object({ at: instant, notices: z.array(noticeSchema) }).nullable(),
  /** Any moment between the two can be restored; null where only those of full backups can. */
  reach: z.object({ from: instant, to: instant, bytes: z.int() }).nullable(),
  items: z.array(backupRunSchema),
});
export type BackupList = z.infer<typeof backupListResponse>;
export const backupAskedResponse = z.object({ id: z.string() });
