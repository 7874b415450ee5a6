import {
  type Criticality,
  formatMicros,
  type MaintenanceWindow,
  type PatchItem,
  type PatchPlan,
  riskLevels,
} from '@wardline/model';
import { type VendorWord, WindowTimes, workOf } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { assetIdWithin, type Scope } from '../../access/index.ts';
import { PLAN_ASSETS, PLAN_PRODUCTS } from './limits.ts';
import { readWindows } from './windows.ts';

interface Product {
  product: string;
  weaknesses: number;
  gravest: string[];
  exploited: boolean;
  patientFrom: number;
  patientTo: number;
  compensated: boolean;
  deadline: number | null;
  risks: string[];
}

interface Device {
  product: string;
  id: string;
  name: string;
  class: string | null;
  criticality: Criticality;
  location: string;
  os: string | null;
}

/** What is to be done about weaknesses, by product, with when each device may be taken out of use. */
export async function patchPlan(context: Context, scope: readonly Scope[] | null): Promise<PatchPlan> {
  const { database } = context;
  const now = context.now();
  const products = await readProducts(database, scope, now);
  const told = products.slice(0, PLAN_PRODUCTS);
  const names = told.map(({ product }) => product);
  const devices = Map.groupBy(await readDevices(database, scope, names), ({ product }) => product);
  const words = Map.groupBy(await readVendorWords(database, names), ({ product }) => product);
  const slots = slotsBy(await readWindows(context, null), now);
  return {
    asOf: formatMicros(now),
    items: told.map((product) =>
      itemOf(context, product, devices.get(product.product) ?? [], words.get(product.product) ?? [], slots),
    ),
    more: products.length > PLAN_PRODUCTS,
  };
}

function itemOf(
  context: Context,
  { patientFrom, patientTo, deadline, ...product }: Product,
  devices: readonly Device[],
  words: readonly VendorWord[],
  slotOf: SlotOf,
): PatchItem {
  const ended = devices.flatMap(({ os }) => supportEnd(context, os) ?? []).toSorted()[0] ?? null;
  return {
    ...product,
    ...workOf(words, ended),
    patient: { from: riskLevels[patientFrom]!, to: riskLevels[patientTo]! },
    deadline: deadline === null ? null : formatMicros(deadline),
    supportEnded: ended,
    assets: devices.slice(0, PLAN_ASSETS).map((device) => ({
      id: device.id,
      name: device.name,
      criticality: device.criticality,
      location: device.location,
      slot: slotOf(device),
    })),
  };
}

/** The day on which an operating system's support ended; null where it has not, or nothing tells. */
function supportEnd({ knowledge, now }: Context, os: string | null): string | null {
  if (os === null) return null;
  const today = formatMicros(now()).slice(0, 10);
  const found = knowledge.operatingSystems.find(({ pattern }) => new RegExp(pattern, 'i').test(os));
  return found !== undefined && found.ended <= today ? found.ended : null;
}

type SlotOf = (device: Pick<Device, 'id' | 'class'>) => PatchItem['assets'][number]['slot'];

/** The nearest windows count alone: the asset's own, else its class's, else everybody's. */
function slotsBy(windows: readonly MaintenanceWindow[], now: number): SlotOf {
  const next = new WindowTimes(now);
  const held = Map.groupBy(windows, ({ on, onId }) => `${on}|${onId ?? ''}`);
  return ({ id, class: kind }) => {
    const keys = [`asset|${id}`, `class|${kind ?? ''}`, 'all|'];
    const own = keys.map((key) => held.get(key)).find((some) => some !== undefined) ?? [];
    const slot = next.next(own);
    return slot === null
      ? null
      : { from: formatMicros(slot.from), until: formatMicros(slot.until), by: own[0]!.on };
  };
}

/** Products with open weaknesses, those that can harm patients most first; one more than are told. */
async function readProducts(
  database: Executor,
  scope: readonly Scope[] | null,
  now: number,
): Promise<Product[]> {
  const within = assetIdWithin(scope, 's.asset_id').map(
    (inside) => sql`and exists (select 1 from risk_score s where s.risk = r.id and ${inside})`,
  );
  const { rows } = await sql<Product>`
    with verified as (
      select risk from risk_control where removed is null and verified <= ${now} and holds_until > ${now}
    ), compensated as (
      select risk from verified union select j.risk from risk_joined j join verified v on v.risk = j.into_risk
    )
    select r.product, count(*)::int as weaknesses, (array_agg(r.source order by r.priority desc, r.source))[1:5] as gravest,
      bool_or(r.exploited) as exploited, max(r.patient_from) as "patientFrom", max(r.patient_to) as "patientTo",
      bool_and(c.risk is not null) as compensated,
      min(h.deadline) filter (where h.state in ('triaged', 'treating')) as deadline,
      (array_agg(r.id order by r.priority desc, r.id))[1:5] as risks
    from risk r left join risk_handling h on h.risk = r.id left join compensated c on c.risk = r.id
    where r.kind = 'weakness' and r.closed is null and r.assets > 0 and coalesce(h.state, 'new') <> 'accepted'
      ${sql.join(within, sql` `)}
    group by r.product order by max(r.priority) desc, r.product limit ${PLAN_PRODUCTS + 1}`.execute(database);
  return rows;
}

async function readDevices(
  database: Executor,
  scope: readonly Scope[] | null,
  products: readonly string[],
): Promise<Device[]> {
  const within = assetIdWithin(scope, 'a.id').map((inside) => sql`and ${inside}`);
  const { rows } = await sql<Device>`
    select distinct on (r.product, a.criticality_rank, a.name, a.id) r.product, a.id, a.name, nullif(a.class, '') as class,
      a.criticality, coalesce(a.location, '') as location, a.document -> 'os' ->> 'value' as os
    from risk r join risk_score s on s.risk = r.id join asset a on a.id = s.asset_id
    where r.kind = 'weakness' and r.closed is null and r.product = any(${[...products]}::text[]) and not a.gone
      ${sql.join(within, sql` `)}
    order by r.product, a.criticality_rank, a.name, a.id`.execute(database);
  return rows;
}

/** What advisories that matched say can be done, the gravest weakness first. */
async function readVendorWords(
  database: Executor,
  products: readonly string[],
): Promise<(VendorWord & { product: string })[]> {
  const { rows } = await sql<VendorWord & { product: string }>`
    with told as (
      select distinct on (r.product, m.advisory, m.vulnerability) r.product, r.priority, m.advisory, m.vulnerability
      from risk r join risk_score s on s.risk = r.id
        join vulnerability_match m on m.asset_id = s.asset_id and m.vulnerability = s.source and m.verdict <> 'not-affected'
      where r.kind = 'weakness' and r.closed is null and r.product = any(${[...products]}::text[])
      order by r.product, m.advisory, m.vulnerability, r.priority desc
    )
    select t.product, remedy ->> 'kind' as kind, coalesce(remedy ->> 'text', '') as text
    from told t join advisory a on a.id = t.advisory, jsonb_path_query(a.document,
      '$.statements[*] ? (@.vulnerability == $v).remediations[*]', jsonb_build_object('v', t.vulnerability)) as remedy
    group by t.product, remedy order by t.product, max(t.priority) desc, 2, 3`.execute(database);
  return rows;
}
