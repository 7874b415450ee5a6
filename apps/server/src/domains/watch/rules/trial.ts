import type { Knowledge } from '@wardline/knowledge';
import { type Conversation, type Endpoint, formatMicros, type RuleTrialResult } from '@wardline/model';
import {
  type AlertRecord,
  type AnyRule,
  directoryOf,
  judgeOf,
  type KnownAsset,
  type Rule,
  RuleTrial,
  tellAlert,
} from '@wardline/watch';
import { sql } from 'kysely';
import { TRIAL_ROWS } from '../../../limits.ts';
import type { Database } from '../../../store/database.ts';
import { knownOf } from './known.ts';
import { tryLogRule } from './log-trial.ts';

/** Rows of conversations that are in memory at once. */
const AT_ONCE = 5000;
/** Alerts that are shown of a trial. */
const SHOWN = 50;

interface Row {
  id: number;
  slice: number;
  first_seen: number;
  last_seen: number;
  client: Endpoint;
  server: Endpoint;
  transport: Conversation['transport'];
  server_port: number;
  application: string;
  protection: Conversation['protection'];
  packets_from_client: number;
  packets_from_server: number;
  bytes_from_client: number;
  bytes_from_server: number;
  opened: number;
  established: number;
  refused: number;
  unanswered: number;
  closed: number;
  reset: number;
  capture: string;
  packet: number;
}

export interface Span {
  site: number;
  from: number;
  until: number;
}

/** Holds a rule against what was recorded of a site, slice by slice, up to a bound. */
export async function tryRule(
  database: Database,
  knowledge: Knowledge,
  read: AnyRule,
  span: Span,
): Promise<RuleTrialResult> {
  if (read.form === 'conversations') return tryConversations(database, knowledge, read.rule, span);
  const { found, looked: lines, cut } = await tryLogRule(database, read, span);
  return { ...(await told(database, knowledge, found)), ...spanWords(span), conversations: 0, lines, cut };
}

async function tryConversations(
  database: Database,
  knowledge: Knowledge,
  rule: Rule,
  span: Span,
): Promise<RuleTrialResult> {
  const known = await knownOf(database, span.site, [rule]);
  const trial = new RuleTrial({ ...known, rules: [judgeOf('this rule', rule)] });
  let [looked, after] = [0, { slice: span.from - 1, id: 0 }];
  for (;;) {
    const rows = await recorded(database, span, after);
    trial.take(rows.map(conversationOf));
    looked += rows.length;
    if (rows.length < AT_ONCE || looked >= TRIAL_ROWS) {
      const cut = rows.length === AT_ONCE;
      return {
        ...(await told(database, knowledge, trial.found)),
        ...spanWords(span),
        conversations: looked,
        lines: 0,
        cut,
      };
    }
    after = rows.at(-1)!;
  }
}

const spanWords = ({ from, until }: Span) => ({ from: formatMicros(from), until: formatMicros(until) });

async function recorded(
  database: Database,
  { site, until }: Span,
  after: { slice: number; id: number },
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select s.conversation_id as id, s.slice, s.first_seen, s.last_seen, s.application, s.protection,
      s.packets_from_client, s.packets_from_server, s.bytes_from_client, s.bytes_from_server,
      s.opened, s.established, s.refused, s.unanswered, s.closed, s.reset,
      c.transport, c.server_port, c.capture, c.packet,
      jsonb_build_object('mac', x.mac, 'ip', x.ip, 'vlan', x.vlan) as client,
      jsonb_build_object('mac', y.mac, 'ip', y.ip, 'vlan', y.vlan) as server
    from conversation_slice s join conversation c on c.id = s.conversation_id
      join endpoint x on x.id = c.client_id join endpoint y on y.id = c.server_id
    where s.site = ${site} and s.slice < ${until} and (s.slice, s.conversation_id) > (${after.slice}::bigint, ${after.id}::bigint)
      and s.slice >= ${after.slice}
    order by s.slice, s.conversation_id limit ${AT_ONCE}`.execute(database);
  return rows;
}

function conversationOf(row: Row): Conversation {
  const { opened, established, refused, unanswered, closed, reset } = row;
  return {
    client: row.client,
    server: row.server,
    serverPort: row.server_port < 0 ? null : row.server_port,
    transport: row.transport,
    application: row.application === '' ? null : row.application,
    protection: row.protection,
    basis: 'order',
    slice: row.slice,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    packetsFromClient: row.packets_from_client,
    packetsFromServer: row.packets_from_server,
    bytesFromClient: row.bytes_from_client,
    bytesFromServer: row.bytes_from_server,
    connections: { opened, established, refused, unanswered, closed, reset },
    facts: {},
    evidence: { capture: row.capture, packet: row.packet },
  };
}

async function told(database: Database, knowledge: Knowledge, found: readonly AlertRecord[]) {
  const first = found.slice(0, SHOWN);
  const devices = first.flatMap(({ actor, targets }) => (actor === null ? targets : [actor, ...targets]));
  const { rows } = await sql<KnownAsset>`
    select id, name, nullif(class, '') as class, criticality, ips, macs from asset
    where not gone and (ips && ${devices}::text[] or macs && ${devices}::text[]) order by id`.execute(
    database,
  );
  const place = (device: string) => ({
    mac: null,
    ip: /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(device) ? null : device,
  });
  const directory = directoryOf(rows, knowledge, place);
  const shown = first.map((record) => {
    const { summary, firstSeen, lastSeen, count } = tellAlert(record, directory);
    return { summary, firstSeen: formatMicros(firstSeen), lastSeen: formatMicros(lastSeen), count };
  });
  return { alerts: found.length, shown };
}
