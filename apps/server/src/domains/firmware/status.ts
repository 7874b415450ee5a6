import { type FirmwareRelease, type FirmwareStatus, formatMicros } from '@wardline/model';
import {
  type DelegatedRole,
  delegatedRoles,
  type Role,
  type Root,
  readMetadata,
  type Standing,
} from '@wardline/updates';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { readOnlineKeys } from './online-keys.ts';
import { readStanding } from './standing.ts';

type RoleRow = FirmwareStatus['roles'][number];

/** Who signs what, until when. */
export async function readStatus(database: Executor, now: number): Promise<FirmwareStatus> {
  const standing = await readStanding(database);
  const last = standing.roots.at(-1);
  const root = last === undefined ? null : readMetadata('root', last).signed;
  const signed = root === null ? { roles: [], bins: [] } : signedBy(standing, root);
  return { asOf: formatMicros(now), keys: await readOnlineKeys(database, root), ...signed };
}

const row = (role: string, signed: { version: number; expires: number }, by: Role, images = 0): RoleRow => ({
  role,
  version: signed.version,
  expires: formatMicros(signed.expires * 1000),
  threshold: by.threshold,
  keys: [...by.keyIds],
  images,
});

function signedBy(standing: Standing, root: Root): Pick<FirmwareStatus, 'roles' | 'bins'> {
  const { roles, snapshot, timestamp } = standing;
  const top = readMetadata('targets', roles.get('targets')!).signed;
  const rowOf = (role: DelegatedRole): RoleRow => {
    const { signed } = readMetadata('targets', roles.get(role.name)!);
    return row(role.name, signed, role, signed.targets.size);
  };
  const delegated = (top.delegations === null ? [] : delegatedRoles(top.delegations)).map(rowOf);
  const isSpread = top.delegations?.bins != null;
  return {
    roles: [
      row('root', root, root.roles.root),
      row('timestamp', readMetadata('timestamp', timestamp!).signed, root.roles.timestamp),
      row('snapshot', readMetadata('snapshot', snapshot!).signed, root.roles.snapshot),
      row('targets', top, root.roles.targets, top.targets.size),
      ...(isSpread ? [] : delegated),
    ],
    bins: isSpread ? delegated : [],
  };
}

interface Stored extends Omit<FirmwareRelease, 'published' | 'withdrawn'> {
  published: number;
  withdrawn: number | null;
}

/** Releases, newest first, each with its bill of materials and how many devices it is for. */
export async function readReleases(database: Executor): Promise<FirmwareRelease[]> {
  const { rows } = await sql<Stored>`
    select r.path, r.role, r.manufacturer, r.model, r.version, r.security_version as "securityVersion", r.device_group as "group",
      r.sha256, i.length, r.plaintext_sha256 as "plaintextSha256", r.maker_key as "makerKey", r.published, r.withdrawn,
      r.sbom_sha256 as "sbomSha256", r.advisories, (select p.facts || jsonb_build_object('sha256', p.sha256) from firmware_paper p
        where p.sha256 = r.provenance_sha256) as provenance,
      (select s.id from sbom s where lower(s.vendor) = lower(r.manufacturer) and lower(s.model) = lower(r.model)
        and s.software in (r.version, '') and s.replaced_at is null order by s.software desc limit 1) as sbom,
      coalesce(a.devices, 0)::int as devices, coalesce(a.running, 0)::int as running
    from firmware_release r join firmware_image i using (sha256)
    left join lateral (
      select count(*) as devices, count(*) filter (where software = r.version) as running from asset
      where lower(vendor) = lower(r.manufacturer) and lower(model) = lower(r.model)) a on true
    order by r.published desc, r.path limit 1000`.execute(database);
  return rows.map(({ published, withdrawn, ...rest }) => ({
    ...rest,
    published: formatMicros(published),
    withdrawn: withdrawn === null ? null : formatMicros(withdrawn),
  }));
}
