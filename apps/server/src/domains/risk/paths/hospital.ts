import type { Knowledge } from '@wardline/knowledge';
import type { Criticality } from '@wardline/model';
import type {
  Hospital,
  HospitalAsset,
  HospitalConversation,
  HospitalFinding,
  HospitalWeakness,
} from '@wardline/risk';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

/** What is known of the hospital now, as ways of attack are looked for in it. */
export async function readHospital(database: Executor, knowledge: Knowledge): Promise<Hospital> {
  return {
    assets: await readAssets(database, knowledge),
    conversations: await readConversations(database),
    findings: await readFindings(database),
    weaknesses: await readWeaknesses(database),
  };
}

interface AssetRow {
  id: string;
  name: string;
  class: string | null;
  vendor: string | null;
  model: string | null;
  criticality: Criticality;
  vlans: number[];
  services: { transport: string; port: number | null }[];
}

async function readAssets(database: Executor, { taxonomy }: Knowledge): Promise<HospitalAsset[]> {
  const { rows } = await sql<AssetRow>`
    select id, name, nullif(class, '') as class, nullif(vendor, '') as vendor, nullif(model, '') as model, criticality,
      vlans, coalesce(document -> 'services', '[]') as services
    from asset where not gone order by id`.execute(database);
  return rows.map(({ services, ...row }) => ({
    ...row,
    clinical: taxonomy.isClinical(row.class),
    services: [...new Set(services.map(serviceOf))],
  }));
}

const serviceOf = ({ transport, port }: { transport: string; port: number | null }): string =>
  port === null ? transport : `${transport}/${port}`;

/** Conversations in which the server answered. */
async function readConversations(database: Executor): Promise<HospitalConversation[]> {
  const { rows } = await sql<HospitalConversation>`
    select x.asset_id as client, y.asset_id as server,
      case when c.server_port < 0 then c.transport else c.transport || '/' || c.server_port end as service,
      nullif(max(c.application), '') as application
    from conversation c join endpoint x on x.id = c.client_id join endpoint y on y.id = c.server_id
    where x.asset_id <> y.asset_id and c.packets_from_server > 0 and (c.transport <> 'tcp' or c.established > 0)
      and c.transport not in ('icmp', 'icmpv6')
    group by 1, 2, 3 order by 1, 2, 3`.execute(database);
  return rows;
}

async function readFindings(database: Executor): Promise<HospitalFinding[]> {
  const { rows } = await sql<
    Omit<HospitalFinding, 'service'> & { service: { transport: string; port: number | null } | null }
  >`
    select id, rule, title, asset_id as asset, service, harms from finding
    where closed_at is null order by severity_rank, id`.execute(database);
  return rows.map((row) => ({ ...row, service: row.service && serviceOf(row.service) }));
}

/** Weaknesses that assets have or may have, the worst first; with the vendor's remedy where an advisory tells one. */
async function readWeaknesses(database: Executor): Promise<HospitalWeakness[]> {
  const { rows } = await sql<HospitalWeakness>`
    with told as materialized (
      select distinct m.advisory, m.vulnerability from vulnerability_match m where m.verdict <> 'not-affected'
    ), fix as materialized (
      select t.advisory, t.vulnerability, jsonb_path_query_first(a.document,
        '$.statements[*] ? (@.vulnerability == $v).remediations[*] ? (@.kind == "vendor_fix").text',
        jsonb_build_object('v', t.vulnerability)) #>> '{}' as text
      from told t join advisory a on a.id = t.advisory
    )
    select m.asset_id as asset, m.vulnerability, m.verdict, v.exploited_since is not null as exploited,
      (select s ->> 'vector' from jsonb_array_elements(v.scores) s order by (s ->> 'base')::float8 desc limit 1) as vector,
      f.text as fix
    from vulnerability_match m join vulnerability v on v.id = m.vulnerability
      left join fix f on f.advisory = m.advisory and f.vulnerability = m.vulnerability
    where m.verdict <> 'not-affected'
    order by v.exploited_since is null, v.score desc, m.id`.execute(database);
  return rows;
}
