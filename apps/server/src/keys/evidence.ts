import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../evidence/index.ts';
import { sealedColumns } from './columns.ts';

/** Whether every secret of the platform is sealed. */
export const keysEvidence: Gatherer = async ({ database }, at) => {
  const counted = await Promise.all(
    sealedColumns.map(async ({ table, column, clear }) => {
      const { rows } = await sql<{ total: number; bare: number }>`
        select count(*)::int as total,
          (count(*) filter (where ${clear === undefined ? sql`${sql.ref(column)} is null` : sql`${sql.ref(clear)} is not null`}))::int as bare
        from ${sql.table(table)}`.execute(database);
      return { table, ...rows[0]! };
    }),
  );
  const members = counted.flatMap(({ table, bare }): EvidenceMember[] =>
    bare === 0
      ? []
      : [
          {
            kind: 'platform',
            id: table,
            name: table,
            answer: 'fails',
            note: `${bare} values are not sealed.`,
          },
        ],
  );
  return [
    factOf('keys.sealed', {
      asOf: at,
      population: counted.reduce((sum, { total }) => sum + total, 0),
      failing: counted.reduce((sum, { bare }) => sum + bare, 0),
      members,
    }),
  ];
};
