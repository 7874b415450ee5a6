import type { Endpoint, Sighting } from '@wardline/model';
import { type AnyRule, RuleTrial } from '@wardline/watch';
import { sql } from 'kysely';
import { TRIAL_ROWS } from '../../../limits.ts';
import type { Database } from '../../../store/database.ts';
import { linesAfter } from '../logs/lines.ts';
import type { Span } from './trial.ts';

const AT_ONCE = 5000;

/** Holds a rule of Sigma against lines of logs and facts of protocols that were recorded of a site, up to a bound. */
export async function tryLogRule(database: Database, read: AnyRule & { form: 'logs' }, span: Span) {
  const logRules = [{ name: 'this rule', rule: read.rule, facts: read.facts }];
  const trial = new RuleTrial({ rules: [], logRules, factsOf: () => null, minuteOfWeek: () => 0 });
  let [looked, cut] = [0, false];
  for (let after = 0; read.lines; ) {
    const found = await linesAfter(database, span, after, AT_ONCE);
    trial.takeLogs(found.map(({ line }) => line));
    looked += found.length;
    cut = looked >= TRIAL_ROWS && found.length === AT_ONCE;
    if (found.length < AT_ONCE || cut) break;
    after = found.at(-1)!.id;
  }
  if (read.facts) {
    const kinds = read.rule.searches.flatMap(({ source }) => source.service ?? []);
    const sightings = await sightingsOf(database, span, kinds);
    trial.takeSightings(sightings);
    looked += sightings.length;
    cut ||= sightings.length === TRIAL_SIGHTINGS;
  }
  return { found: trial.found, looked, cut };
}

/** What was seen of one kind is added up by device, so that these are few. */
const TRIAL_SIGHTINGS = 50_000;

async function sightingsOf(
  database: Database,
  { site, from, until }: Span,
  kinds: readonly string[],
): Promise<Sighting[]> {
  const { rows } = await sql<{
    kind: Sighting['kind'];
    subject: Endpoint;
    peer: Endpoint | null;
    transport: string | null;
    port: number | null;
    facts: Sighting['facts'];
    first_seen: number;
    last_seen: number;
    count: number;
    capture: string;
    packet: number;
  }>`select s.kind, s.transport, s.port, s.facts, s.first_seen, s.last_seen, s.count, s.capture, s.packet,
      jsonb_build_object('mac', e.mac, 'ip', e.ip, 'vlan', e.vlan) as subject,
      case when p.id is not null then jsonb_build_object('mac', p.mac, 'ip', p.ip, 'vlan', p.vlan) end as peer
    from sighting s join endpoint e on e.id = s.endpoint_id left join endpoint p on p.id = s.peer_id
    where s.site = ${site} and lower(s.kind) = any(${[...kinds]}::text[]) and s.last_seen >= ${from} and s.first_seen < ${until}
    order by s.first_seen limit ${TRIAL_SIGHTINGS}`.execute(database);
  return rows.map(({ transport, port, first_seen, last_seen, capture, packet, ...row }) => ({
    ...row,
    service: transport === null || port === null ? null : { transport: transport as 'tcp', port },
    marks: [],
    firstSeen: first_seen,
    lastSeen: last_seen,
    evidence: { capture, packet },
  }));
}
