import type { Generated } from 'kysely';

/** The tables that are written row by row; the bulk statements of intake and the lists are plain SQL beside their use. */
export interface Tables {
  setting: { key: string; value: unknown };
  session: { digest: string; actor: string; since: number; expires: number };
  ledger: {
    sequence: number;
    at: number;
    actor: string;
    action: string;
    subject: string;
    changes: string;
    reason: string | null;
  };
  endpoint: { id: Generated<number>; site: number; key: string; asset_id: string | null };
}
