import type { Knowledge } from '@wardline/knowledge';
import type { Criticality } from '@wardline/model';
import { type AttributeChange, type Authorised, asAuthorised, type PolicyAsset } from '@wardline/policy';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { readPolicyAssets } from './evidence.ts';

/** Where a protected device would go by what is known of it now. */
export interface Held {
  to: string[];
  because: AttributeChange[];
  /** Microseconds since the epoch. */
  since: number;
  /** A person said that it stays. */
  kept: boolean;
}

export interface AuthorisedRow extends Authorised {
  asset: string;
  since: number;
  held: Held | null;
}

/** How each device counts under the policy in force. */
export async function readAuthorised(database: Executor): Promise<Map<string, AuthorisedRow>> {
  const { rows } = await sql<AuthorisedRow>`
    select asset, zones, name, attributes, since, held from authorised_asset`.execute(database);
  return new Map(rows.map((row) => [row.asset, row]));
}

/** Assets as points are to take them: those that are held as they were when they were authorised, at today's addresses. */
export async function readAuthorisedAssets(
  database: Executor,
  knowledge: Knowledge,
): Promise<{ assets: PolicyAsset[]; criticality: ReadonlyMap<string, Criticality> }> {
  const { assets, criticality } = await readPolicyAssets(database, knowledge);
  const { rows } = await sql<AuthorisedRow>`
    select asset, zones, name, attributes from authorised_asset where held is not null`.execute(database);
  const held = new Map(rows.map((row) => [row.asset, row]));
  return {
    assets: assets.map((asset) => {
      const row = held.get(asset.id);
      return row === undefined ? asset : asAuthorised(asset, row);
    }),
    criticality,
  };
}
