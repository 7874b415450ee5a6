import { type Conversation, endpointKey } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { mergeConversations } from './merge.ts';

const identity = (client: number, server: number, transport: string, port: number) =>
  `${client} ${server} ${transport} ${port}`;

/** Adds up the conversations of a batch: in the totals, and in their time slices. */
export async function writeConversations(
  transaction: Executor,
  conversations: readonly Conversation[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (conversations.length === 0) return;
  const known = await writeTotals(transaction, mergeConversations(conversations, false), ids);
  const slices = mergeConversations(conversations, true);
  const idOf = (c: Conversation) =>
    known.get(
      identity(
        ids.get(endpointKey(c.client))!,
        ids.get(endpointKey(c.server))!,
        c.transport,
        c.serverPort ?? -1,
      ),
    )!;
  await sql`
    insert into conversation_slice (conversation_id, slice, ${names(counterColumns)})
    select * from unnest(${slices.map(idOf)}::bigint[], ${slices.map((c) => c.slice)}::bigint[], ${counters(slices)})
    on conflict (site, conversation_id, slice) do update set ${addUp('conversation_slice')}`.execute(
    transaction,
  );
}

async function writeTotals(
  transaction: Executor,
  totals: readonly Conversation[],
  ids: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const { rows } = await sql<{
    id: number;
    client_id: number;
    server_id: number;
    transport: string;
    server_port: number;
  }>`
    insert into conversation (client_id, server_id, transport, server_port, basis, facts, capture, packet,
      ${names(counterColumns)})
    select * from unnest(
      ${totals.map((c) => ids.get(endpointKey(c.client)))}::bigint[],
      ${totals.map((c) => ids.get(endpointKey(c.server)))}::bigint[],
      ${totals.map((c) => c.transport)}::text[], ${totals.map((c) => c.serverPort ?? -1)}::int[],
      ${totals.map((c) => c.basis)}::text[], ${totals.map((c) => JSON.stringify(c.facts))}::jsonb[],
      ${totals.map((c) => c.evidence.capture)}::text[], ${totals.map((c) => c.evidence.packet)}::bigint[],
      ${counters(totals)})
    on conflict (site, client_id, server_id, transport, server_port) do update set
      ${addUp('conversation')}, facts = conversation.facts || excluded.facts,
      capture = case when excluded.first_seen < conversation.first_seen then excluded.capture else conversation.capture end,
      packet = case when excluded.first_seen < conversation.first_seen then excluded.packet else conversation.packet end
    returning id, client_id, server_id, transport, server_port`.execute(transaction);
  return new Map(rows.map((r) => [identity(r.client_id, r.server_id, r.transport, r.server_port), r.id]));
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

function counters(list: readonly Conversation[]): RawBuilder<unknown> {
  const big = (values: number[]) => sql`${values}::bigint[]`;
  const state = (name: keyof Conversation['connections']) => big(list.map((c) => c.connections[name]));
  return sql.join([
    sql`${list.map((c) => c.application ?? '')}::text[]`,
    sql`${list.map((c) => c.protection)}::text[]`,
    big(list.map((c) => c.firstSeen)),
    big(list.map((c) => c.lastSeen)),
    big(list.map((c) => c.packetsFromClient)),
    big(list.map((c) => c.packetsFromServer)),
    big(list.map((c) => c.bytesFromClient)),
    big(list.map((c) => c.bytesFromServer)),
    ...(['opened', 'established', 'refused', 'unanswered', 'closed', 'reset'] as const).map(state),
  ]);
}

/** The rule of {@link addConversations}, in the database. */
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
