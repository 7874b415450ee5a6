import { randomUUID } from 'node:crypto';
import { formatMicros, type SupplicantNetwork, type supplicantNetworkBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { mustParse, type StoredAuthority } from '../authorities/authorities.ts';
import { SUPPLICANT_NETWORKS } from '../limits.ts';

export interface StoredNetwork {
  id: string;
  name: string;
  medium: 'wifi' | 'wired';
  ssid: string | null;
  isHidden: boolean;
  managementFrames: 'required' | 'optional';
  servers: string[];
  addedBy: string;
  added: number;
}

const columns = sql.raw(
  `id, name, medium, ssid, is_hidden as "isHidden", management_frames as "managementFrames", servers, added_by as "addedBy", added`,
);

/** Networks that people described, each with whether its servers have a certificate to show. */
export async function listNetworks(context: Context): Promise<SupplicantNetwork[]> {
  const { rows } = await sql<StoredNetwork>`
    select ${columns} from supplicant_network where removed is null order by lower(name)`.execute(
    context.database,
  );
  const holds = await serverNames(context.database, context.now());
  return rows.map(({ servers, added, ...row }) => ({
    ...row,
    servers: servers.map((name) => ({ name, until: holds.get(name) ?? null })),
    added: formatMicros(added),
  }));
}

/** Host names of certificates of servers and gateways that hold, and until when. */
async function serverNames(database: Executor, at: number): Promise<Map<string, string>> {
  const { rows } = await sql<{ body: Buffer; until: number }>`
    select body, not_after as until from certificate where profile in ('server', 'gateway') and revoked is null and not_after > ${at}
    order by not_after`.execute(database);
  return new Map(
    rows.flatMap(({ body, until }) =>
      mustParse(body).names.flatMap((name) =>
        name.kind === 'dns' ? [[name.value, formatMicros(until)] as const] : [],
      ),
    ),
  );
}

export async function readNetwork(database: Executor, id: string): Promise<StoredNetwork> {
  const { rows } = await sql<StoredNetwork>`
    select ${columns} from supplicant_network where id = ${id} and removed is null`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}

/** Those that may issue for a host of this name. */
export const authoritiesFor = (authorities: readonly StoredAuthority[], host: string): StoredAuthority[] =>
  authorities.filter(
    ({ state, domain }) =>
      (state === 'issuing' || state === 'retiring') && (host === domain || host.endsWith(`.${domain}`)),
  );

/** Somebody says by which network devices join, and who its authentication servers are. */
export async function addNetwork(
  context: Context,
  actor: string,
  body: z.infer<typeof supplicantNetworkBody>,
): Promise<string> {
  const { name, medium, servers, reason } = body;
  const authorities = await context.authorities.all();
  const odd = servers.find((host) => authoritiesFor(authorities, host).length === 0);
  if (odd !== undefined)
    throw new Refusal(
      'conflict',
      `No authority of a zone issues for ${odd}; devices would believe no server`,
    );
  const air =
    body.medium === 'wifi'
      ? { ssid: body.ssid, isHidden: body.isHidden, managementFrames: body.managementFrames }
      : { ssid: null, isHidden: false, managementFrames: 'required' as const };
  const [id, at] = [randomUUID(), context.now()];
  const changes = { name, medium, servers, ...air };
  const entry = { at, actor, action: 'supplicant.add', subject: `network:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ n: number; same: number }>`
      select count(*)::int as n, (count(*) filter (where lower(name) = lower(${name})))::int as same
      from supplicant_network where removed is null`.execute(transaction);
    if (rows[0]!.same > 0) throw new Refusal('conflict', `There is a network ${name} already`);
    if (rows[0]!.n >= SUPPLICANT_NETWORKS)
      throw new Refusal('conflict', `There are ${SUPPLICANT_NETWORKS} networks, and no more can be had`);
    await sql`insert into supplicant_network (id, name, medium, ssid, is_hidden, management_frames, servers, added, added_by)
      values (${id}, ${name}, ${medium}, ${air.ssid}, ${air.isHidden}, ${air.managementFrames}, ${servers}, ${at}, ${actor})`.execute(
      transaction,
    );
  });
  return id;
}

/** No profiles of it are made any more; those on devices stay as they are. */
export async function removeNetwork(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'supplicant.remove', subject: `network:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`
      update supplicant_network set removed = ${at} where id = ${id} and removed is null returning id`.execute(
      transaction,
    );
    if (rows.length === 0) throw new Refusal('not-found');
  });
}
