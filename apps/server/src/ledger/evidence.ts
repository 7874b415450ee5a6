import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { factOf, type Gatherer, platformFails } from '../evidence/index.ts';
import { readHead } from './head.ts';
import { BrokenTree, ledgerSize } from './nodes.ts';

/** Acts that may be on their way to the collector. */
const UNDER_WAY = 100;

/** Whether the record of acts is whole, kept, sent on and seen by others. */
export const ledgerEvidence: Gatherer = async (context, at) => [
  await wholeFact(context, at),
  await witnessedFact(context, at),
  await collectedFact(context, at),
  await keptFact(context, at),
];

async function wholeFact({ database, heads }: Context, at: number) {
  const broken = await heads.current().then(
    () => null,
    (error: unknown) => (error instanceof BrokenTree ? error.message : Promise.reject(error)),
  );
  const { rows } = await sql<{ acts: number; last: number }>`
    select count(*)::int as acts, coalesce(max(sequence), 0)::int as last from ledger`.execute(database);
  const { acts, last } = rows[0]!;
  const members = [
    ...(broken === null ? [] : [platformFails(broken)]),
    ...(acts === last ? [] : [platformFails(`Of ${last} acts ${last - acts} are away.`)]),
  ];
  return factOf('ledger.whole', { asOf: at, population: acts, members, holdsOfNone: true });
}

async function witnessedFact({ database, heads }: Context, at: number) {
  const { rows } = await sql<{ size: number; note: string }>`
    select c.size, c.note from ledger_checkpoint c where exists (select 1 from ledger_cosignature s where s.size = c.size)
    order by c.size desc limit 1`.execute(database);
  const named = await sql<{ n: number }>`select count(*)::int as n from ledger_witness`.execute(database);
  const population = named.rows[0]!.n;
  const [seen] = rows;
  // A head that nothing was added to is as fresh as this moment.
  const isNewest = seen !== undefined && seen.size === (await ledgerSize(database));
  const asOf = seen === undefined ? null : isNewest ? at : (readHead(seen.note, heads.signer)?.at ?? null);
  const members = population === 0 ? [platformFails('No witness is named.')] : [];
  return factOf('ledger.witnessed', { asOf, population: Math.max(1, population), members });
}

async function collectedFact({ database, config }: Context, at: number) {
  if (config.auditCollector === null)
    return factOf('ledger.collected', {
      asOf: at,
      population: 1,
      members: [platformFails('No collector is set.')],
    });
  const { rows } = await sql<{ sent: number }>`select max(sent)::int as sent from ledger_delivery`.execute(
    database,
  );
  const behind = (await ledgerSize(database)) - (rows[0]?.sent ?? 0);
  const members = behind <= UNDER_WAY ? [] : [platformFails(`${behind} acts have not been sent.`)];
  return factOf('ledger.collected', { asOf: at, population: 1, members });
}

async function keptFact({ database }: Context, at: number) {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_trigger
    where tgname = 'ledger_only_grows' and tgrelid = 'ledger'::regclass and tgenabled <> 'D'`.execute(
    database,
  );
  const members = rows[0]!.n === 1 ? [] : [platformFails('The table of acts can be changed.')];
  return factOf('ledger.kept', { asOf: at, population: 1, members });
}
