import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { countAssets, factOf, type Gatherer, lastHeard, MEMBERS_TOLD } from '../../evidence/index.ts';

interface Row {
  query: string;
  id: string;
  name: string;
  total: number;
}

/** What makes an asset open or wrong, by question. */
const conditions = [
  ['inventory.identified', "class in ('', 'unknown')", 'unknown', 'It is not known what this is.'],
  ['inventory.contradictions', 'conflicting', 'fails', 'Its sources contradict each other.'],
  ['inventory.data-known', "data_sensitivity = 'unknown'", 'unknown', 'It is not known which data it holds.'],
  [
    'inventory.criticality-known',
    "criticality = 'unknown'",
    'unknown',
    'It is not known what care hangs on it.',
  ],
  ['inventory.software-known', "model <> '' and software = ''", 'unknown', 'Its version is not known.'],
  ['network.flows-known', 'peers = 0', 'unknown', 'No conversation of it was recorded.'],
] as const;

/** How far it is known which devices there are, what they are, and what they do. */
export const inventoryEvidence: Gatherer = async ({ database }) => {
  const [asOf, population] = [await lastHeard(database), await countAssets(database)];
  return await Promise.all(
    conditions.map(async ([query, condition, answer, note]) => {
      const { rows } = await sql<Row>`select id, name, (count(*) over ())::int as total from asset
        where not gone and ${sql.raw(condition)} order by criticality_rank, name limit ${MEMBERS_TOLD}`.execute(
        database,
      );
      const members = rows.map(({ id, name }): EvidenceMember => ({ kind: 'asset', id, name, answer, note }));
      const count = rows[0]?.total ?? 0;
      const counts = answer === 'fails' ? { failing: count } : { undetermined: count };
      return factOf(query, { asOf, population, members, ...counts });
    }),
  );
};
