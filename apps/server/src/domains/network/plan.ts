import {
  type ConversationRow,
  type conversationFilterQuery,
  formatMicros,
  parseMicros,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, whereAll, wordsOf } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';

export type ConversationFilter = z.infer<typeof conversationFilterQuery>;

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
];

/** The totals, or with a span of time the slices within it added up. */
function source(filter: ConversationFilter): RawBuilder<unknown> {
  if (filter.from === undefined && filter.to === undefined) return sql`conversation`;
  const from = filter.from === undefined ? [] : [sql`last_seen >= ${instantOf('from', filter.from)}`];
  const to = filter.to === undefined ? [] : [sql`first_seen <= ${instantOf('to', filter.to)}`];
  const added = sql.raw(sums.map((name) => `sum(${name})::bigint as ${name}`).join(', '));
  const names = sql.raw(sums.map((name) => `s.${name}`).join(', '));
  return sql`(select t.id, t.client_id, t.server_id, t.transport, t.server_port, t.application, t.protection, t.basis,
    t.facts, t.capture, t.packet, s.first_seen, s.last_seen, ${names}
    from (select conversation_id, min(first_seen) as first_seen, max(last_seen) as last_seen, ${added}
      from conversation_slice ${whereAll([...from, ...to])} group by conversation_id) s
    join conversation t on t.id = s.conversation_id)`;
}

function instantOf(name: string, text: string): number {
  const micros = parseMicros(text);
  if (micros === null)
    throw new Refusal('invalid-request', `${name}: expected a time as 2026-11-23T21:46:14Z`);
  return micros;
}

function conditions(filter: ConversationFilter): RawBuilder<unknown>[] {
  const found: RawBuilder<unknown>[] = [];
  const own = (id: string) => sql`(select id from endpoint where asset_id = ${id})`;
  const either = (id: string) => sql`(c.client_id in ${own(id)} or c.server_id in ${own(id)})`;
  if (filter.asset !== undefined) found.push(either(filter.asset));
  if (filter.peer !== undefined) found.push(either(filter.peer));
  const none = (list: string | undefined) => valuesOf(list).map((v) => (v === 'none' ? '' : v));
  if (filter.application !== undefined)
    found.push(sql`c.application = any(${none(filter.application)}::text[])`);
  if (filter.protection !== undefined)
    found.push(sql`c.protection = any(${valuesOf(filter.protection)}::text[])`);
  if (filter.transport !== undefined)
    found.push(sql`c.transport = any(${valuesOf(filter.transport)}::text[])`);
  if (filter.port !== undefined) found.push(sql`c.server_port = any(${numbers(filter.port)}::int[])`);
  if (filter.vlan !== undefined) {
    const vlans = numbers(filter.vlan);
    found.push(sql`(ce.vlan = any(${vlans}::int[]) or se.vlan = any(${vlans}::int[]))`);
  }
  return [...found, ...wordsOf(filter.q).map(wordCondition)];
}

const numbers = (list: string) =>
  valuesOf(list)
    .filter((v) => /^\d{1,5}$/.test(v))
    .map(Number);

const wordCondition = (
  word: string,
) => sql`(lower(concat_ws(' ', ca.name, sa.name, ce.ip, se.ip, ce.mac, se.mac,
  c.application, c.protection, c.transport, c.server_port, ca.class_label, sa.class_label)) like ${word})`;

const column = (name: string, kind: SortColumn['kind'] = 'number'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

export const conversationSorts: Record<string, SortColumn> = {
  lastSeen: column('c.last_seen'),
  firstSeen: column('c.first_seen'),
  bytes: column('(c.bytes_from_client + c.bytes_from_server)'),
  packets: column('(c.packets_from_client + c.packets_from_server)'),
  bytesFromClient: column('c.bytes_from_client'),
  bytesFromServer: column('c.bytes_from_server'),
  packetsFromClient: column('c.packets_from_client'),
  packetsFromServer: column('c.packets_from_server'),
  application: column('c.application', 'text'),
  protection: column('c.protection', 'text'),
  transport: column('c.transport', 'text'),
  serverPort: column('c.server_port'),
  client: column(`coalesce(ca.name, ce.ip, ce.mac, '')`, 'text'),
  server: column(`coalesce(sa.name, se.ip, se.mac, '')`, 'text'),
};

export function conversationPlan(filter: ConversationFilter): ListPlan<StoredConversation> {
  return {
    from: sql`${source(filter)} c join endpoint ce on ce.id = c.client_id join endpoint se on se.id = c.server_id
      left join asset ca on ca.id = ce.asset_id left join asset sa on sa.id = se.asset_id`,
    columns,
    where: conditions(filter),
    id: column('c.id'),
    sorts: conversationSorts,
    defaultSort: 'lastSeen',
    row: conversationRow,
  };
}

const side = (endpoint: string, asset: string) => `jsonb_build_object('asset', ${endpoint}.asset_id,
  'name', coalesce(${asset}.name, ${endpoint}.ip, ${endpoint}.mac, 'unknown'),
  'classLabel', nullif(${asset}.class_label, ''), 'criticality', coalesce(${asset}.criticality, 'unknown'),
  'ip', ${endpoint}.ip, 'mac', ${endpoint}.mac, 'vlan', ${endpoint}.vlan)`;
const columns = sql.raw(`c.id::text as id, c.transport, nullif(c.server_port, -1) as "serverPort",
  nullif(c.application, '') as application, c.protection, c.basis, c.first_seen as "firstSeen", c.last_seen as "lastSeen",
  c.packets_from_client as "packetsFromClient", c.packets_from_server as "packetsFromServer",
  c.bytes_from_client as "bytesFromClient", c.bytes_from_server as "bytesFromServer",
  jsonb_build_object('opened', c.opened, 'established', c.established, 'refused', c.refused,
    'unanswered', c.unanswered, 'closed', c.closed, 'reset', c.reset) as connections, c.facts,
  jsonb_build_object('capture', c.capture, 'packet', c.packet) as evidence,
  ${side('ce', 'ca')} as client, ${side('se', 'sa')} as server`);

type StoredConversation = Omit<ConversationRow, 'firstSeen' | 'lastSeen'> & {
  firstSeen: number;
  lastSeen: number;
  sort_value?: unknown;
  sort_id?: unknown;
};

function conversationRow({ sort_value: _v, sort_id: _i, ...row }: StoredConversation): ConversationRow {
  return { ...row, firstSeen: formatMicros(row.firstSeen), lastSeen: formatMicros(row.lastSeen) };
}
