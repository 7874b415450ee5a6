import {
  describe,
  type Publication,
  publish,
  readFirmware,
  type Standing,
  type Submission,
  UpdatesFault,
} from '@wardline/updates';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import { FIRMWARE_SNAPSHOT_DAYS, FIRMWARE_TIMESTAMP_DAYS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import { onlineSigners } from './online-keys.ts';
import { takePapers } from './papers.ts';
import { keepStanding, readStanding } from './standing.ts';

/** Any number of its own: publications follow one another. */
const PUBLICATION_LOCK = 7_400_037;
const DAY = 86_400_000;

export interface Published {
  root: number;
  snapshot: number;
  timestamp: number;
  images: number;
}

type Needs = Pick<Context, 'database' | 'keys' | 'config' | 'now'>;

interface Act {
  actor: string;
  action: 'firmware.publish' | 'firmware.renew';
  reason: string | null;
}

/**
 * Publishes what people signed, or signs anew what is there: one transaction with its act, so that whatever ends the server in the
 * middle, devices see the repository before or the one after.
 * @throws Refusal where a device would not take it
 */
export async function publishFirmware(context: Needs, submission: Submission, by: Act): Promise<Published> {
  const signers = await onlineSigners(context);
  const at = context.now();
  const now = Math.floor(at / 1000);
  return context.database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${PUBLICATION_LOCK})`.execute(transaction);
    const before = await readStanding(transaction);
    const snapshotUntil = now + FIRMWARE_SNAPSHOT_DAYS * DAY;
    const timestampUntil = now + FIRMWARE_TIMESTAMP_DAYS * DAY;
    const outcome = await publish(before, submission, { signers, now, snapshotUntil, timestampUntil });
    if (!outcome.ok) throw new Refusal('conflict', `Devices would refuse it: ${outcome.fault.message}.`);
    const { standing, listed } = outcome.value;
    await keepStanding(transaction, before, standing, at);
    const changed = await keepReleases(transaction, listed, at);
    const targets = listed.map(({ target }) => target).filter(({ path }) => changed.has(path));
    await takePapers(transaction, targets, { at, ...by });
    const published = versionsOf(standing, listed.length);
    const changes = { ...published, roles: rolesOf(submission) };
    await append(transaction, { at, ...by, subject: 'firmware:repository', changes });
    return published;
  });
}

const rolesOf = ({ roots, roles }: Submission): Record<string, number> =>
  Object.fromEntries([
    ...roots.map((bytes) => ['root', describe(bytes).version] as const),
    ...[...roles].map(([role, bytes]) => [role, describe(bytes).version] as const),
  ]);

const versionsOf = ({ roots, snapshot, timestamp }: Standing, images: number): Published => ({
  root: roots.length,
  snapshot: describe(snapshot!).version,
  timestamp: describe(timestamp!).version,
  images,
});

type Listed = Publication['listed'];

/**
 * What can be reached is a release; what cannot any more is withdrawn.
 * @returns the paths of those that are new or come with other papers
 * @throws Refusal where an image is away or says not what it is
 */
async function keepReleases(transaction: Executor, listed: Listed, at: number): Promise<Set<string>> {
  const rows = listed.map(releaseRow);
  const wanted = JSON.stringify(rows);
  const { rows: away } = await sql<{ path: string }>`
    select w.path from jsonb_to_recordset(${wanted}::jsonb) as w (path text, sha256 text, length bigint)
    left join firmware_image i on i.sha256 = w.sha256 and i.length = w.length where i.sha256 is null limit 3`.execute(
    transaction,
  );
  if (away.length > 0)
    throw new Refusal('conflict', `Upload the images first: ${away.map(({ path }) => path).join(', ')}.`);
  const { rows: changed } = await sql<{ path: string }>`
    select w.path from jsonb_to_recordset(${wanted}::jsonb) as w (path text, sha256 text, sbom_sha256 text, provenance_sha256 text)
    left join firmware_release r using (path, sha256) where r.path is null or r.withdrawn is not null
      or r.sbom_sha256 is distinct from w.sbom_sha256 or r.provenance_sha256 is distinct from w.provenance_sha256`.execute(
    transaction,
  );
  await sql`insert into firmware_release (path, sha256, role, manufacturer, model, version, security_version, device_group,
      plaintext_sha256, maker_key, sbom_sha256, provenance_sha256, advisories, published)
    select w.*, ${at}::bigint from jsonb_to_recordset(${wanted}::jsonb) as w (path text, sha256 text, role text, manufacturer text,
      model text, version text, security_version bigint, device_group text, plaintext_sha256 text, maker_key text, sbom_sha256 text,
      provenance_sha256 text, advisories jsonb)
    on conflict (path, sha256) do update set role = excluded.role, withdrawn = null, sbom_sha256 = excluded.sbom_sha256,
      provenance_sha256 = excluded.provenance_sha256, advisories = excluded.advisories`.execute(transaction);
  await sql`update firmware_release r set withdrawn = ${at} where withdrawn is null and not exists (
      select from jsonb_to_recordset(${wanted}::jsonb) as w (path text, sha256 text) where w.path = r.path and w.sha256 = r.sha256)`.execute(
    transaction,
  );
  return new Set(changed.map(({ path }) => path));
}

function releaseRow({ role, target }: Listed[number]) {
  try {
    const { manufacturer, model, version, securityVersion, group, plaintext, makerKey, papers } =
      readFirmware(target);
    const named = { manufacturer, model, version, security_version: securityVersion, device_group: group };
    const sealed = { path: target.path, sha256: target.hashes.get('sha256'), length: target.length, role };
    const bound = {
      sbom_sha256: papers?.sbom ?? null,
      provenance_sha256: papers?.provenance?.sha256 ?? null,
      advisories: papers?.advisories ?? [],
    };
    return { ...sealed, ...named, plaintext_sha256: plaintext.sha256, maker_key: makerKey, ...bound };
  } catch (error) {
    if (error instanceof UpdatesFault) throw new Refusal('conflict', `${target.path}: ${error.message}.`);
    throw error;
  }
}
