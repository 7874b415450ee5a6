import {
  type Facts,
  formatMicros,
  type SupplicantReadiness,
  type SupplicantReadinessList,
  type SupplicantState,
  supplicantStates,
} from '@wardline/model';
import { type SupplicantEvidence, supplicantReadiness } from '@wardline/posture';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { whereAll } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';
import { assetsWithin, type Scope } from '../../access/index.ts';
import { loadStatements, type StatedProduct, statementFor } from '../../suppliers/index.ts';
import { READINESS_LISTED } from '../limits.ts';

interface Device {
  id: string;
  name: string;
  vendor: string;
  model: string;
  os: string;
  classLabel: string;
  criticality: string;
}

/** Which devices can join by certificate, which cannot, and what to do about each; the life-critical first. */
export async function readinessList(
  context: Context,
  scope: readonly Scope[] | null,
  state: SupplicantState | undefined,
): Promise<SupplicantReadinessList> {
  const at = context.now();
  const judged = await judgeAll(context, scope, at);
  const counts = Object.fromEntries(
    supplicantStates.map((one) => [one, judged.filter((row) => row.state === one).length]),
  ) as SupplicantReadinessList['counts'];
  const asked = judged.filter((row) => state === undefined || row.state === state);
  return {
    asOf: formatMicros(at),
    counts,
    items: asked.slice(0, READINESS_LISTED),
    more: asked.length > READINESS_LISTED,
  };
}

async function judgeAll(
  { database, knowledge }: Context,
  scope: readonly Scope[] | null,
  at: number,
): Promise<SupplicantReadiness[]> {
  const devices = await readDevices(database, scope);
  const [seen, certificates] = [await readSeen(database), await readCertificates(database, at)];
  const stated = await loadStatements(database);
  const byProduct = new Map<string, StatedProduct | null>();
  const statementOf = ({ vendor, model }: Device) => {
    const key = `${vendor}\0${model}`;
    const known = byProduct.get(key);
    const found = known === undefined ? statementFor(stated, knowledge, { vendor, model }) : known;
    byProduct.set(key, found);
    return found?.statement ?? null;
  };
  return devices.map((device) => {
    const { grounds, ...judgement } = supplicantReadiness({
      name: device.name,
      criticality: device.criticality,
      os: device.os,
      ...(seen.get(device.id) ?? nothing),
      statement: statementOf(device),
      certificate: certificates.get(device.id) ?? null,
    });
    const { id: asset, name, classLabel, criticality } = device;
    return {
      asset,
      name,
      classLabel,
      criticality,
      ...judgement,
      grounds: grounds.map((ground) => ({
        ...ground,
        at: ground.at === null ? null : formatMicros(ground.at),
      })),
    };
  });
}

type Observed = Pick<SupplicantEvidence, 'eap' | 'stations' | 'networks'>;
const nothing: Observed = { eap: [], stations: [], networks: [] };

/** Devices that are to join something; networks, their switches among them, are what is joined. */
async function readDevices(database: Executor, scope: readonly Scope[] | null): Promise<Device[]> {
  const { rows } = await sql<Device>`
    select a.id, a.name, a.vendor, a.model, a.os, a.class_label as "classLabel", a.criticality from asset a
    ${whereAll([sql`not a.gone`, sql`a.class <> 'external-host'`, sql`a.grp <> 'network'`, ...assetsWithin(scope)])}
    order by a.criticality_rank, lower(a.name), a.id`.execute(database);
  return rows;
}

/** What bears on it, by asset; of a network that was joined, what its radio said last. */
async function readSeen(database: Executor): Promise<Map<string, Observed>> {
  const { rows } = await sql<{
    asset: string;
    kind: 'eapol.party' | 'radius.station' | 'wifi.network';
    facts: never;
    at: number;
  }>`
    with radio as (
      select distinct on (s.site, e.mac) s.site, e.mac as bssid, s.facts
      from sighting s join endpoint e on e.id = s.endpoint_id where s.kind = 'wifi.network' and e.mac is not null
      order by s.site, e.mac, s.last_seen desc
    )
    select e.asset_id as asset, s.kind, s.facts, max(s.last_seen) as at from sighting s join endpoint e on e.id = s.endpoint_id
    where s.kind in ('eapol.party', 'radius.station') and e.asset_id is not null group by 1, 2, 3
    union all
    select e.asset_id, 'wifi.network', r.facts, max(s.last_seen) from sighting s join endpoint e on e.id = s.endpoint_id
      join radio r on r.site = s.site and r.bssid = s.facts ->> 'bssid'
    where s.kind = 'wifi.client' and e.asset_id is not null group by 1, 2, 3
    order by at desc`.execute(database);
  const all = new Map<string, { -readonly [K in keyof Observed]: Observed[K][number][] }>();
  for (const { asset, kind, facts, at } of rows) {
    const of = all.get(asset) ?? { eap: [], stations: [], networks: [] };
    all.set(asset, of);
    if (kind === 'radius.station') of.stations.push({ facts, at });
    else if (kind === 'wifi.network') of.networks.push({ facts, at });
    // What an access point or a switch says of itself says nothing of who asks it.
    else if ((facts as Facts['eapol.party']).role === 'supplicant') of.eap.push({ facts, at });
  }
  return all;
}

async function readCertificates(
  database: Executor,
  at: number,
): Promise<Map<string, NonNullable<SupplicantEvidence['certificate']>>> {
  const { rows } = await sql<{ asset: string; zone: string; until: number; isRenewalDue: boolean }>`
    select distinct on (asset) asset, zone, not_after as until, renew_at <= ${at} and renewed is null as "isRenewalDue"
    from certificate where asset is not null and profile in ('device', 'gateway') and revoked is null and not_after > ${at}
    order by asset, not_after desc`.execute(database);
  return new Map(rows.map(({ asset, ...certificate }) => [asset, certificate]));
}
