import type { Asset, Hardening, Sighting } from '@wardline/model';
import { hardeningOf } from '@wardline/posture';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { loadStatements, statementFor } from '../suppliers/index.ts';

/** What the questions of a baseline rest on besides services. */
const KINDS = ['scan.host', 'scan.credential', 'scan.media', 'credential.cleartext'];
/** Enough for the last scans of a host and the logins that were seen; a login over and over is one sighting. */
const SIGHTINGS = 2000;

/** An asset held against the baseline of its class, as it is known now. */
export async function assetHardening({ database, knowledge }: Context, id: string): Promise<Hardening> {
  const found = await sql<{
    document: Asset;
    vendor: string;
    model: string;
  }>`select document, vendor, model from asset where id = ${id} and not gone`.execute(database);
  const document = found.rows[0]?.document;
  if (document === undefined) throw new Refusal('not-found', `There is no asset ${id}`);
  const { rows } = await sql<Sighting>`
    select s.kind, jsonb_build_object('mac', e.mac, 'ip', e.ip, 'vlan', e.vlan) as subject, null as peer, s.facts, s.marks,
      case when s.port is null then null else jsonb_build_object('transport', s.transport, 'port', s.port) end as service,
      s.first_seen as "firstSeen", s.last_seen as "lastSeen", s.count,
      jsonb_build_object('capture', s.capture, 'packet', s.packet) as evidence
    from endpoint e join sighting s on s.endpoint_id = e.id
    where e.asset_id = ${id} and s.kind = any(${KINDS}::text[]) order by s.last_seen desc, s.id limit ${SIGHTINGS}`.execute(
    database,
  );
  const { vendor, model } = found.rows[0]!;
  const stated = statementFor(await loadStatements(database), knowledge, { vendor, model });
  return hardeningOf(document, rows, knowledge, stated?.statement ?? null);
}
