import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';

interface Row {
  id: string;
  name: string;
  wiped: boolean;
}

/** Whether what was taken out of service was wiped, and that is written down. */
export const lifecycleEvidence: Gatherer = async ({ database }, at) => {
  const { rows } = await sql<Row>`
    select l.asset_id as id, coalesce(a.name, l.asset_id) as name, exists (select 1 from lifecycle_event e
      where e.asset_id = l.asset_id and e."to" = 'decommissioned' and e.sanitisation is not null) as wiped
    from lifecycle l left join asset a on a.id = l.asset_id where l.state = 'decommissioned' order by name`.execute(
    database,
  );
  const members = rows
    .filter(({ wiped }) => !wiped)
    .map(
      ({ id, name }): EvidenceMember => ({
        kind: 'asset',
        id,
        name,
        answer: 'fails',
        note: 'It is out of service, and nothing says that its memory was wiped.',
      }),
    );
  return [factOf('lifecycle.disposed', { asOf: at, population: rows.length, members, holdsOfNone: true })];
};
