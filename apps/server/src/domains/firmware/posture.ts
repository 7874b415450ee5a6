import { riskLevels } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { toldVersion } from './device/running.ts';

const DAY_MICROS = 86_400_000_000;
/** After so many days an image that was not installed has a word of its own: the grace that a policy gives. */
const GRACES = [30, 90];
const HIGH = riskLevels.indexOf('high');

/**
 * Brings up to date what policies may choose assets by: where the key of the certificate lies that holds, what was booted, and how the
 * firmware stands beside what is offered. What is not known has a word of its own, or none; it is never told as good.
 */
export async function refreshPosture(database: Executor, now: number): Promise<void> {
  const outdated = sql.join(
    GRACES.map((days) => {
      const word = `firmware-outdated-${days}-days`;
      return sql`case when state = 'outdated' and published <= ${now - days * DAY_MICROS}::bigint then ${word}::text end`;
    }),
    sql`, `,
  );
  await sql`
    with offered as (
      select distinct on (lower(manufacturer), lower(model)) lower(manufacturer) as vendor, lower(model) as model, version, published
      from firmware_release where withdrawn is null
      order by lower(manufacturer), lower(model), security_version desc, published desc
    ), stand as (
      select a.id, o.published, case when o.version is null then null
          when coalesce(t.version, a.software, '') = '' then 'unknown'
          when coalesce(t.version, a.software) = o.version then 'current' else 'outdated' end as state
      from asset a left join offered o on o.vendor = lower(a.vendor) and o.model = lower(a.model) left join lateral (${toldVersion('a')}) t on true
      where not a.gone
    ), boot as (
      -- What contradicted stays so until a good boot is shown: showing less is no way out of a zone.
      select distinct on (b.asset) b.asset, case when f.id is null then b.status else 'contradicted' end as status
      from boot_appraisal b left join finding f on f.asset_id = b.asset and f.rule = 'boot-changed' and f.closed_at is null
      order by b.asset, b.at desc
    ), held as (
      select asset, (array_agg(assurance order by array_position(array['hardware-proved', 'hardware-claimed', 'software'], assurance)))[1]
        as assurance
      from certificate where revoked is null and not_after > ${now} and asset is not null group by asset
    ), taken as (
      -- A certificate that was followed by the next one of its device was not taken back.
      select asset from certificate where asset is not null and revoked is not null and revoked_why <> 'superseded' group by asset
    ), risks as (
      -- What is certain at least. What a drift from a policy adds is left out: it would move the device and so itself.
      select asset_id as asset, max(patient_from) as level from risk_score where source not like 'policy-drift%' group by asset_id
    ), words as (
      select s.id, coalesce(h.assurance, '') as assurance,
        array_remove(array['boot-' || b.status, case when h.asset is null and t.asset is not null then 'certificate-revoked' end,
          'firmware-' || s.state, ${outdated}, case when r.level >= ${HIGH} then 'risk-patients-high' end,
          case when r.level > ${HIGH} then 'risk-patients-very-high' end], null) as posture
      from stand s left join boot b on b.asset = s.id left join held h on h.asset = s.id left join taken t on t.asset = s.id
        left join risks r on r.asset = s.id
    )
    update asset a set assurance = w.assurance, posture = w.posture from words w
    where w.id = a.id and (a.assurance, a.posture) is distinct from (w.assurance, w.posture)`.execute(
    database,
  );
}
