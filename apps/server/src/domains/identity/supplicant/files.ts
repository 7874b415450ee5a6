import { type SupplicantFile, writeSupplicant } from '@wardline/formats';
import type { supplicantFileQuery } from '@wardline/model';
import { fingerprintOf, printName } from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { authoritiesFor, readNetwork } from './networks.ts';

/** A profile of a network for one device or a whole zone. It names the roots below which its servers' certificates are issued. */
export async function networkFile(
  context: Context,
  id: string,
  { format, asset, zone, folder }: z.infer<typeof supplicantFileQuery>,
): Promise<SupplicantFile> {
  const { servers, ...network } = await readNetwork(context.database, id);
  const authorities = await context.authorities.all();
  const of = new Set(servers.flatMap((host) => authoritiesFor(authorities, host).map(({ root }) => root)));
  const { roots } = await context.authorities.zones();
  const believed = roots
    .filter((root) => of.has(fingerprintOf(root)))
    .map(({ der, subject }) => ({ der, subject: printName(subject) }));
  if (believed.length === 0)
    throw new Refusal('conflict', 'No authority issues for its servers any more; devices would believe none');
  const member = zone ?? (await zoneOf(context, asset ?? ''));
  const authority = authorities.find((row) => row.zone === member && row.state === 'issuing');
  if (authority === undefined) throw new Refusal('conflict', `The zone ${member} has no authority`);
  return writeSupplicant(
    { ...network, servers, roots: believed, identity: `anonymous@${authority.domain}`, folder },
    format,
  );
}

/** In which a device is known by a certificate. */
async function zoneOf({ database, now }: Context, asset: string): Promise<string> {
  const { rows } = await sql<{ zone: string }>`
    select zone from certificate where asset = ${asset} and profile = 'device' and revoked is null and not_after > ${now()}
    order by issued desc limit 1`.execute(database);
  if (rows[0] === undefined)
    throw new Refusal('conflict', 'This device holds no certificate; enrol it first, or ask for its zone');
  return rows[0].zone;
}
