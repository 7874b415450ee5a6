import type { Asset } from '@wardline/model';
import type { JudgementContext } from '../context.ts';
import type { AssetFacts } from '../facts.ts';
import type { Draft } from '../finding.ts';
import type { Party } from '../party.ts';

/** What one rule sees. */
export interface Case {
  asset: Asset;
  self: Party & { id: string };
  facts: AssetFacts;
  context: JudgementContext;
}

/** Judges one subject on one asset. */
export type AssetRule = (the: Case) => Draft[];
