import type { DataSensitivity } from '@wardline/model';
import type { OfferedService, ThreatGround, ThreatSubject } from '@wardline/risk';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { whereAll } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';
import type { Exposures } from '../register/facts.ts';
import { answersFor, type StoredAnswer, weighable } from './answers.ts';

/** An asset, with what threats are weighed by and with what people call it. */
export interface Threatened extends ThreatSubject {
  id: string;
  name: string;
  classLabel: string | null;
  grounds: PlacedGround[];
}

/** A ground with the service that it was seen at; null where it is about the whole asset. */
export type PlacedGround = ThreatGround & { service: string | null };

/** Facts that tell of a trait. */
const KINDS = [
  'scan.host',
  'scan.media',
  'firmware.cleartext',
  'wifi.network',
  'wifi.device',
  'wifi.station',
  'wifi.client',
  'ble.advert',
];

interface Row {
  id: string;
  name: string;
  class: string | null;
  label: string | null;
  sensitivity: DataSensitivity;
  services: OfferedService[];
}

/** Assets with all that threats are weighed by; `conditions` are about table `a`. */
export async function readSubjects(
  context: Context,
  exposures: Pick<Exposures, 'now'>,
  answers: readonly StoredAnswer[],
  conditions: readonly RawBuilder<unknown>[],
): Promise<Threatened[]> {
  const { database, knowledge } = context;
  const { rows } = await sql<Row>`
    select a.id, a.name, nullif(a.class, '') as class, nullif(a.class_label, '') as label, a.data_sensitivity as sensitivity,
      coalesce((select jsonb_agg(jsonb_build_object('transport', s -> 'transport', 'port', s -> 'port', 'application', s -> 'application'))
        from jsonb_array_elements(a.document -> 'services') s), '[]') as services
    from asset a ${whereAll([sql`not a.gone`, ...conditions])} order by a.id`.execute(database);
  const ids = rows.map(({ id }) => id);
  const facts = await readFacts(database, ids);
  const grounds = await readGrounds(database, ids, context.now());
  const reach = await exposures.now();
  return rows.map(({ id, name, class: kind, label, sensitivity, services }) => ({
    id,
    name,
    classLabel: label,
    deviceClass: kind,
    dataSensitivity: sensitivity,
    hazards: knowledge.hazards.of(kind),
    services,
    facts: facts.get(id) ?? new Set(),
    exposure: reach.exposures.get(id) ?? null,
    grounds: grounds.get(id) ?? [],
    answers: answersFor(answers, id, kind).map(weighable),
  }));
}

async function readFacts(database: Executor, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ asset: string; kinds: string[] }>`
    select e.asset_id as asset, array_agg(distinct s.kind) as kinds
    from endpoint e join sighting s on s.endpoint_id = e.id
    where s.kind = any(${KINDS}::text[]) and e.asset_id = any(${[...ids]}::text[]) group by 1`.execute(
    database,
  );
  return new Map(rows.map(({ asset, kinds }) => [asset, new Set(kinds)]));
}

/** Open findings, and of the weaknesses of each asset the gravest that it has and that it may have, compensated or not. */
async function readGrounds(
  database: Executor,
  ids: readonly string[],
  now: number,
): Promise<Map<string, PlacedGround[]>> {
  const { rows } = await sql<PlacedGround & { asset: string }>`
    with verified as (
      select risk from risk_control where removed is null and verified <= ${now} and holds_until > ${now}
    ), compensated as (
      select risk from verified union select j.risk from risk_joined j join verified v on v.risk = j.into_risk
    )
    select f.asset_id as asset, 'finding' as kind, f.rule as source, f.title, s.risk, 'affected' as presence,
      f.opened_at as since, coalesce(s.risk in (select risk from compensated), false) as "isCompensated",
      (f.service ->> 'transport') || coalesce('/' || (f.service ->> 'port'), '') as service
    from finding f left join risk_score s on s.asset_id = f.asset_id and s.kind = 'finding' and s.source = f.id
    where f.closed_at is null and f.asset_id = any(${[...ids]}::text[])
    union all
    (select distinct on (s.asset_id, s.presence, c.risk is null) s.asset_id, 'weakness', s.source, r.title, s.risk, s.presence,
      r.opened, c.risk is not null, null
    from risk_score s join risk r on r.id = s.risk left join compensated c on c.risk = s.risk
    where s.kind <> 'finding' and s.asset_id = any(${[...ids]}::text[])
    order by s.asset_id, s.presence, c.risk is null, s.priority desc, s.source)`.execute(database);
  const found = new Map<string, PlacedGround[]>();
  for (const { asset, ...ground } of rows) {
    const known = found.get(asset);
    if (known === undefined) found.set(asset, [ground]);
    else known.push(ground);
  }
  return found;
}
