import type { deviceRunningBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { append } from '../../../ledger/append.ts';
import type { ShownDevice } from '../../identity/index.ts';

/** The version that a device itself told that it runs, not on trial: nearer than what its traffic says. @param alias of the asset's row */
export const toldVersion = (alias: string) => sql<{ version: string }>`
  select version from firmware_running where asset = ${sql.ref(`${alias}.id`)} and not on_trial order by at desc limit 1`;

/** A device tells what it runs. What is new is an act of the device; the same again only says that it was heard. */
export async function takeRunning(
  { database, now }: Context,
  { asset, holder }: ShownDevice,
  running: z.infer<typeof deviceRunningBody>,
): Promise<void> {
  const at = now();
  await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(7400060, hashtext(${asset}))`.execute(transaction);
    const { rows } = await sql<{ at: number } & z.infer<typeof deviceRunningBody>>`
      select at, version, security_version as "securityVersion", sha256, on_trial as "onTrial"
      from firmware_running where asset = ${asset} order by at desc limit 1`.execute(transaction);
    const { version, securityVersion, sha256, onTrial } = running;
    const [last] = rows;
    const isSame = last?.sha256 === sha256 && last.version === version && last.onTrial === onTrial;
    if (last !== undefined && isSame) {
      await sql`update firmware_running set heard = ${at} where asset = ${asset} and at = ${last.at}`.execute(
        transaction,
      );
      return;
    }
    await sql`insert into firmware_running (asset, at, version, security_version, sha256, on_trial, heard)
      values (${asset}, ${at}, ${version}, ${securityVersion}, ${sha256}, ${onTrial}, ${at})`.execute(
      transaction,
    );
    await append(transaction, {
      at,
      actor: `device:${holder}`,
      action: 'firmware.running',
      subject: asset,
      changes: { version, securityVersion, sha256, onTrial, before: last?.version ?? null },
      reason: null,
    });
  });
}
