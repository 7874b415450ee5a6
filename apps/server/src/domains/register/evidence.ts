import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer, lastHeard, MEMBERS_TOLD } from '../../evidence/index.ts';

const notes: Readonly<Record<string, string>> = {
  shadow: 'On the network, and not in the register.',
  missing: 'In the register, and not seen on the network.',
  conflicting: 'Register and network disagree about it.',
};

/** Whether register and network agree, but for what a person has decided about. */
export const registerEvidence: Gatherer = async ({ database }) => {
  const { rows: counts } = await sql<{ entries: number; lines: number }>`
    select (select count(*) from register_entry)::int as entries, (select count(*) from reconciliation)::int as lines`.execute(
    database,
  );
  const { rows } = await sql<{ key: string; state: string; name: string | null; total: number }>`
    select r.key, r.state, coalesce(r.asset_name, r.registered, r.tag) as name, (count(*) over ())::int as total
    from reconciliation r where r.state in ('shadow', 'missing', 'conflicting')
      and not exists (select 1 from reconciliation_decision d where d.key = r.key)
    order by r.state, r.key limit ${MEMBERS_TOLD}`.execute(database);
  const members = rows.map(
    ({ key, state, name }): EvidenceMember => ({
      kind: 'other',
      id: key,
      name: name ?? key,
      answer: 'fails',
      note: notes[state] ?? state,
    }),
  );
  const { entries, lines } = counts[0]!;
  const isEmpty = entries === 0;
  return [
    factOf('register.reconciled', {
      asOf: await lastHeard(database),
      population: lines,
      members: isEmpty ? [] : members,
      failing: isEmpty ? 0 : (rows[0]?.total ?? 0),
      hindrance: isEmpty ? 'No register of the hospital was imported.' : null,
    }),
  ];
};
