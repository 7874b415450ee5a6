import { createHash } from 'node:crypto';
import type { AssetExposure, Criticality, DataSensitivity, RiskAsset, WeaknessSource } from '@wardline/model';
import { exposuresOf, type Hospital, landscapeOf } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { stateOf } from '../paths/attack-paths.ts';
import { readHospital } from '../paths/hospital.ts';

/** An asset with the product by which risks are kept together: what one update or one rule at the border answers. */
export interface ScoredAsset {
  asset: RiskAsset;
  product: string;
}

/** How assets are reached, worked out anew only when something that it rests on has changed. */
export class Exposures {
  readonly #context: Context;
  #state = '';
  #reach: { exposures: ReadonlyMap<string, AssetExposure>; dependents: ReadonlyMap<string, number> } = {
    exposures: new Map(),
    dependents: new Map(),
  };

  constructor(context: Context) {
    this.#context = context;
  }

  async now() {
    const { database, knowledge } = this.#context;
    const state = await stateOf(database);
    if (state !== this.#state) {
      const hospital = await readHospital(database, knowledge);
      this.#reach = { exposures: exposuresOf(landscapeOf(hospital)), dependents: dependentsOf(hospital) };
      this.#state = state;
    }
    return this.#reach;
  }
}

/** Per server, how many other assets were seen to use it. */
function dependentsOf({ conversations }: Hospital): Map<string, number> {
  const clients = new Map<string, Set<string>>();
  for (const { client, server } of conversations) {
    const known = clients.get(server);
    if (known === undefined) clients.set(server, new Set([client]));
    else known.add(client);
  }
  return new Map([...clients].map(([server, some]) => [server, some.size]));
}

interface Row {
  id: string;
  name: string;
  class: string | null;
  label: string | null;
  criticality: Criticality;
  sensitivity: DataSensitivity;
  vendor: string;
  model: string;
}

/** Classes that hold or pass on data of many patients. */
const GATHERING = ['clinical-server', 'file-server', 'database-server', 'central-station', 'mail-server'];

/** What risks depend on, of every asset. */
export async function loadAssets(
  context: Context,
  exposures: Exposures,
): Promise<ReadonlyMap<string, ScoredAsset>> {
  const { database, knowledge } = context;
  const reach = await exposures.now();
  const { taxonomy, hazards } = knowledge;
  const { rows } = await sql<Row>`
    select id, name, nullif(class, '') as class, nullif(class_label, '') as label, criticality,
      data_sensitivity as sensitivity, vendor, model
    from asset where not gone`.execute(database);
  return new Map(
    rows.map(({ id, name, class: kind, label, criticality, sensitivity, vendor, model }) => {
      const hazard = hazards.of(kind);
      const asset: RiskAsset = {
        id,
        name,
        classLabel: label,
        hazards:
          hazard === null
            ? null
            : { degraded: hazard.degraded, lost: hazard.lost, controlled: hazard.controlled },
        criticality,
        dataSensitivity: sensitivity,
        manyPatients: kind === null ? null : GATHERING.some((one) => taxonomy.isKindOf(kind, one)),
        dependents: reach.dependents.get(id) ?? 0,
        exposure: reach.exposures.get(id) ?? null,
      };
      return [id, { asset, product: model === '' ? name : [vendor, model].filter(Boolean).join(' ') }];
    }),
  );
}

/** What is known of the weaknesses that an asset has or may have. */
export async function loadWeaknesses(
  database: Executor,
  ids: readonly string[] | null,
): Promise<ReadonlyMap<string, WeaknessSource & { title: string }>> {
  const { rows } = await sql<{
    id: string;
    title: string;
    vector: string | null;
    kev: string | null;
    ssvc: Record<string, string>;
    probability: number | null;
    date: string | null;
  }>`
    select v.id, v.title, v.ssvc,
      (select s ->> 'vector' from jsonb_array_elements(v.scores) s order by (s ->> 'base')::float8 desc limit 1) as vector,
      coalesce(v.exploited_since, (select 'not-listed' from enrichment where name = 'kev')) as kev,
      e.probability, e.release as date
    from vulnerability v left join epss_score e on e.vulnerability = v.id
      and e.release = (select release from enrichment where name = 'epss')
    where ${
      ids === null
        ? sql`exists (select 1 from vulnerability_match m where m.vulnerability = v.id and m.verdict <> 'not-affected')`
        : sql`v.id = any(${[...ids]}::text[])`
    }`.execute(database);
  return new Map(
    rows.map(({ id, title, vector, kev, ssvc, probability, date }) => [
      id,
      {
        kind: 'weakness',
        id,
        title,
        vector,
        kev,
        ssvc,
        epss: probability === null || date === null ? null : { probability, date },
      },
    ]),
  );
}

/** A short text that differs where what is known differs. */
export const knownText = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
