import type { Conversation } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { numberArray, textArray } from './arrays.ts';
import type { TalliedConversation, Tally } from './tally.ts';

/**
 * Adds up the conversations of a batch: in the totals, and in their time slices. One statement does both, for what the
 * totals are called is known to the database only.
 */
export async function writeConversations(
  transaction: Executor,
  site: number,
  { totals, slices }: Tally,
  ids: readonly number[],
): Promise<void> {
  if (totals.length === 0) return;
  const big = (pick: (t: TalliedConversation) => number) => sql`${numberArray(totals, pick)}::bigint[]`;
  const text = (pick: (c: Conversation) => string) => sql`${textArray(totals, (t) => pick(t.row))}::text[]`;
  await sql`
    with given as materialized (
      select * from unnest(${big((t) => ids[t.client]!)}, ${big((t) => ids[t.server]!)}, ${text((c) => c.transport)},
        ${numberArray(totals, (t) => t.row.serverPort ?? -1)}::int[], ${text((c) => c.basis)},
        ${textArray(totals, (t) => factsOf(t.row))}::jsonb[], ${text((c) => c.evidence.capture)},
        ${big((t) => t.row.evidence.packet)}, ${counters(totals)})
      with ordinality as g (client_id, server_id, transport, server_port, basis, facts, capture, packet,
        ${names(counterColumns)}, place)
    ), stored as (
      insert into conversation (site, client_id, server_id, transport, server_port, basis, facts, capture, packet,
        ${names(counterColumns)})
      select ${site}::int, client_id, server_id, transport, server_port, basis, facts, capture, packet, ${names(counterColumns)} from given
      on conflict (site, client_id, server_id, transport, server_port) do update set
        ${addUp('conversation')}, facts = case when excluded.facts = '{}' then conversation.facts
          else conversation.facts || excluded.facts end,
        capture = case when excluded.first_seen < conversation.first_seen then excluded.capture else conversation.capture end,
        packet = case when excluded.first_seen < conversation.first_seen then excluded.packet else conversation.packet end
      returning id, client_id, server_id, transport, server_port
    )
    insert into conversation_slice (site, conversation_id, slice, ${names(counterColumns)})
    select ${site}::int, stored.id, slice, ${names(counterColumns.map((name) => `s.${name}`))}
    from unnest(${numberArray(slices, (s) => s.total + 1)}::bigint[], ${numberArray(slices, (s) => s.row.slice)}::bigint[],
      ${counters(slices)}) as s (place, slice, ${names(counterColumns)})
    join given using (place)
    join stored using (client_id, server_id, transport, server_port)
    order by stored.id
    on conflict (site, conversation_id, slice) do update set ${addUp('conversation_slice')}`.execute(
    transaction,
  );
}

/** Most have none. */
function factsOf({ facts }: Conversation): string {
  for (const _ in facts) return JSON.stringify(facts);
  return '{}';
}

const sums = [
  'packets_from_client',
  'packets_from_server',
  'bytes_from_client',
  'bytes_from_server',
  'opened',
  'established',
  'refused',
  'unanswered',
  'closed',
  'reset',
] as const;
const counterColumns = ['application', 'protection', 'first_seen', 'last_seen', ...sums] as const;

function names(columns: readonly string[]): RawBuilder<unknown> {
  return sql.raw(columns.join(', '));
}

function counters(list: readonly { row: Conversation }[]): RawBuilder<unknown> {
  const big = (pick: (c: Conversation) => number) =>
    sql`${numberArray(list, ({ row }) => pick(row))}::bigint[]`;
  const state = (name: keyof Conversation['connections']) => big((c) => c.connections[name]);
  return sql.join([
    sql`${textArray(list, ({ row }) => row.application ?? '')}::text[]`,
    sql`${textArray(list, ({ row }) => row.protection)}::text[]`,
    big((c) => c.firstSeen),
    big((c) => c.lastSeen),
    big((c) => c.packetsFromClient),
    big((c) => c.packetsFromServer),
    big((c) => c.bytesFromClient),
    big((c) => c.bytesFromServer),
    ...(['opened', 'established', 'refused', 'unanswered', 'closed', 'reset'] as const).map(state),
  ]);
}

/** The rule of `addConversations`, in the database. */
function addUp(table: string): RawBuilder<unknown> {
  const added = sums.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
  return sql.raw(
    [
      `application = case when excluded.application = '' then ${table}.application else excluded.application end`,
      `protection = case when excluded.protection = 'unknown' then ${table}.protection else excluded.protection end`,
      `first_seen = least(${table}.first_seen, excluded.first_seen)`,
      `last_seen = greatest(${table}.last_seen, excluded.last_seen)`,
      ...added,
    ].join(', '),
  );
}
