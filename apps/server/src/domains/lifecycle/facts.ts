import type { Condition, LifecycleState, Sanitisation, Udi } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { assetHardening } from '../findings/index.ts';
import { holdingOf } from '../identity/index.ts';
import { loadStatements, statementFor } from '../suppliers/index.ts';
import { backupsOf, dayOf } from './backups.ts';
import type { DeviceFacts } from './checks.ts';

export interface StoredDevice {
  id: string;
  name: string;
  vendor: string;
  model: string;
  software: string;
  serial: string;
  class: string;
  register: string;
  lastSeen: number;
  state: LifecycleState;
  since: number | null;
  udi: Udi | null;
  purchase: { id: string; title: string; conditions: Condition[] } | null;
  sanitisation: Sanitisation | null;
}

/** A device with where it stands. */
export async function loadDevice({ database }: Context, id: string): Promise<StoredDevice> {
  const { rows } = await sql<StoredDevice>`
    select a.id, a.name, a.vendor, a.model, a.software, a.serial, a.class, a.register, a.last_seen as "lastSeen",
      coalesce(l.state, 'observed') as state, l.since, l.udi,
      case when p.id is null then null else jsonb_build_object('id', p.id, 'title', p.details ->> 'title',
        'conditions', p.conditions) end as purchase,
      (select e.sanitisation from lifecycle_event e where e.asset_id = a.id and e.sanitisation is not null
        order by e.id desc limit 1) as sanitisation
    from asset a left join lifecycle l on l.asset_id = a.id left join purchase p on p.id = l.purchase
    where a.id = ${id} and not a.gone`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no asset ${id}`);
  return rows[0];
}

/** All that its checklist asks. */
export async function factsOf(context: Context, device: StoredDevice): Promise<DeviceFacts> {
  const { database, knowledge, zonesInForce } = context;
  const [zones, hardening, findings, stated, hasSbom, certificates, backups] = await Promise.all([
    zonesInForce.holding(device.id),
    assetHardening(context, device.id),
    sql<DeviceFacts['findings'][number]>`select rule, title, severity from finding
      where closed_at is null and asset_id = ${device.id} order by severity_rank, id`.execute(database),
    loadStatements(database),
    sql`select 1 from sbom where replaced_at is null and lower(vendor) = lower(${device.vendor})
      and lower(model) = lower(${device.model}) and software in ('', ${device.software}) limit 1`.execute(
      database,
    ),
    holdingOf(database, device.id, context.now()),
    backupsOf(database, device.id),
  ]);
  return {
    ...device,
    udi: device.udi !== null,
    zones,
    hardening,
    findings: findings.rows,
    hasForm: statementFor(stated, knowledge, device) !== null,
    hasSbom: hasSbom.rows.length > 0,
    conditions: device.purchase?.conditions ?? [],
    sanitised: device.sanitisation !== null,
    certificates,
    backup: backups[0] ?? null,
    today: dayOf(context.now()),
  };
}
